-- What did each exchange with the server bring: an HTTP status, or a fault, and how was it ruled?
-- A fault has no status, because no server sent one. Of several runs read together, a user counts in each.
SELECT
    http_status,
    fault,
    COALESCE(reason, '(none)') AS reason,
    COUNT(*) AS attempts,
    COUNT(CASE WHEN NOT repeated THEN 1 END) AS users
FROM attempts
GROUP BY http_status, fault, COALESCE(reason, '(none)')
ORDER BY attempts DESC, COALESCE(http_status, 0), COALESCE(fault, ''), reason
