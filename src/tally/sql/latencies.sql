-- How long did exchanges take, by what they brought? In milliseconds.
-- Exchanges are counted by their time first; the median is the middle of the counts, or halfway between the two in the middle.
SELECT
    http_status,
    fault,
    attempts,
    min_ms,
    CAST(sum_ms AS DOUBLE) / NULLIF(attempts, 0) AS mean_ms,
    CAST(0.5 AS DOUBLE) * CAST(lower_ms + upper_ms AS DOUBLE) AS median_ms,
    max_ms
FROM (
    SELECT
        http_status,
        fault,
        SUM(n) AS attempts,
        MIN(elapsed_ms) AS min_ms,
        SUM(n * elapsed_ms) AS sum_ms,
        MIN(CASE WHEN 2 * at_most >= of_all THEN elapsed_ms END) AS lower_ms,
        MIN(CASE WHEN 2 * at_most > of_all THEN elapsed_ms END) AS upper_ms,
        MAX(elapsed_ms) AS max_ms
    FROM (
        SELECT
            http_status,
            fault,
            elapsed_ms,
            n,
            SUM(n) OVER (PARTITION BY http_status, fault ORDER BY elapsed_ms ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS at_most,
            SUM(n) OVER (PARTITION BY http_status, fault) AS of_all
        FROM (
            SELECT http_status, fault, elapsed_ms, COUNT(*) AS n
            FROM attempts
            GROUP BY http_status, fault, elapsed_ms
        ) AS grouped
    ) AS ranked
    GROUP BY http_status, fault
) AS counted
ORDER BY COALESCE(http_status, 0), COALESCE(fault, '')
