-- Where do our verdict and the partner's decision part ways? `(none)` as the decision is a user without an answer.
SELECT
    decision,
    COUNT(*) AS population,
    COUNT(CASE WHEN verdict = 'pass' THEN 1 END) AS passed,
    COUNT(CASE WHEN verdict = 'fail' THEN 1 END) AS failed,
    COUNT(CASE WHEN verdict = 'review' THEN 1 END) AS review,
    COUNT(CASE WHEN verdict = 'pending' THEN 1 END) AS pending,
    COUNT(CASE WHEN verdict = 'unreached' THEN 1 END) AS unreached
FROM (SELECT COALESCE(decision, '(none)') AS decision, verdict FROM users) AS decided
GROUP BY decision
ORDER BY population DESC, decision
