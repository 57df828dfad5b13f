-- Within how many milliseconds did half, 95 % and 99 % of the exchanges end, and the longest?
SELECT
    MIN(CASE WHEN at_most >= 0.50 * attempts THEN elapsed_ms END) AS p50_ms,
    MIN(CASE WHEN at_most >= 0.95 * attempts THEN elapsed_ms END) AS p95_ms,
    MIN(CASE WHEN at_most >= 0.99 * attempts THEN elapsed_ms END) AS p99_ms,
    MAX(elapsed_ms) AS max_ms
FROM (
    SELECT
        elapsed_ms,
        SUM(n) OVER (ORDER BY elapsed_ms ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS at_most,
        SUM(n) OVER () AS attempts
    FROM (SELECT elapsed_ms, COUNT(*) AS n FROM attempts GROUP BY elapsed_ms) AS grouped
) AS counted
