-- From which decision of the partner in the previous run to which one now did the users come who are in both?
-- `(none)` is a user about whom the partner said nothing.
SELECT
    earlier AS baseline_decision,
    tonight AS decision,
    COUNT(*) AS users
FROM (
    SELECT COALESCE(baseline_decision, '(none)') AS earlier, COALESCE(decision, '(none)') AS tonight
    FROM users
    WHERE baseline_verdict IS NOT NULL
) AS met
GROUP BY earlier, tonight
ORDER BY earlier, tonight
