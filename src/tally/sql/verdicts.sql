-- What is our verdict about the users?
SELECT
    COALESCE(verdict, '(none)') AS verdict,
    COUNT(*) AS users
FROM users
GROUP BY COALESCE(verdict, '(none)')
ORDER BY users DESC, verdict
