-- From which verdict in the previous run to which one now did the users come who are in both?
SELECT
    baseline_verdict,
    verdict,
    COUNT(*) AS users
FROM users
WHERE baseline_verdict IS NOT NULL
GROUP BY baseline_verdict, verdict
ORDER BY baseline_verdict, verdict
