-- How long did exchanges take, by what they brought? In milliseconds.
SELECT
    http_status,
    fault,
    COUNT(*) AS attempts,
    MIN(elapsed_ms) AS min_ms,
    AVG(elapsed_ms) AS mean_ms,
    MEDIAN(elapsed_ms) AS median_ms,
    MAX(elapsed_ms) AS max_ms
FROM attempts
GROUP BY http_status, fault
ORDER BY COALESCE(http_status, 0), COALESCE(fault, '')
