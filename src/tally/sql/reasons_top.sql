-- What are the ten most frequent reasons for which users do not pass? Each user counts once, under the decisive reason.
SELECT
    verdict,
    COALESCE(verdict_reason, '(none)') AS reason,
    COUNT(*) AS users
FROM users
WHERE verdict <> 'pass'
GROUP BY verdict, COALESCE(verdict_reason, '(none)')
ORDER BY users DESC, verdict, reason
LIMIT 10
