-- What disagrees with the previous run and with our own books, and how much of it did this run see first?
SELECT
    against,
    kind,
    severity,
    COUNT(*) AS breaks,
    COUNT(DISTINCT user_id) AS users,
    COUNT(CASE WHEN first_seen_run_id = run_id THEN 1 END) AS new_breaks
FROM breaks
GROUP BY against, kind, severity
ORDER BY
    CASE severity WHEN 'critical' THEN 1 WHEN 'high' THEN 2 WHEN 'medium' THEN 3 ELSE 4 END,
    breaks DESC,
    kind
