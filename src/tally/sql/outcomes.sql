-- How did asking about each user end?
SELECT
    COALESCE(outcome, '(none)') AS outcome,
    COUNT(*) AS users
FROM users
GROUP BY COALESCE(outcome, '(none)')
ORDER BY users DESC, outcome
