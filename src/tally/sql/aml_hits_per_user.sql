-- How many AML entities are listed for a screened user, how many of them are open, and what is the verdict?
-- A number that was not sent is NULL: unknown is not zero.
SELECT
    aml_hits_total,
    aml_open_hits,
    COUNT(*) AS users,
    COUNT(CASE WHEN verdict = 'pass' THEN 1 END) AS passed,
    COUNT(CASE WHEN verdict = 'fail' THEN 1 END) AS failed,
    COUNT(CASE WHEN verdict = 'review' THEN 1 END) AS review
FROM users
WHERE aml_screened = TRUE
GROUP BY aml_hits_total, aml_open_hits
ORDER BY COALESCE(aml_hits_total, -1), COALESCE(aml_open_hits, -1)
