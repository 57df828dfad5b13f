-- Within how many milliseconds did half, 95 % and 99 % of the answers come, and the slowest?
-- Of exchanges that brought an HTTP status; how long the others took is in latencies.
SELECT
    MIN(CASE WHEN at_most >= 0.50 * answers THEN elapsed_ms END) AS p50_ms,
    MIN(CASE WHEN at_most >= 0.95 * answers THEN elapsed_ms END) AS p95_ms,
    MIN(CASE WHEN at_most >= 0.99 * answers THEN elapsed_ms END) AS p99_ms,
    MAX(elapsed_ms) AS max_ms
FROM (
    SELECT
        elapsed_ms,
        SUM(n) OVER (ORDER BY elapsed_ms ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS at_most,
        SUM(n) OVER () AS answers
    FROM (
        SELECT elapsed_ms, COUNT(*) AS n
        FROM attempts
        WHERE http_status IS NOT NULL
        GROUP BY elapsed_ms
    ) AS grouped
) AS counted
