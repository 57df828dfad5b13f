-- Within how many days before they were fetched were a quarter, half, three quarters and 95 % of the users verified?
-- Of the users with a time of verification, whose number is `known`.
SELECT
    MAX(known) AS known,
    MIN(days) AS min_days,
    MIN(CASE WHEN at_most >= 0.25 * known THEN days END) AS p25_days,
    MIN(CASE WHEN at_most >= 0.50 * known THEN days END) AS p50_days,
    MIN(CASE WHEN at_most >= 0.75 * known THEN days END) AS p75_days,
    MIN(CASE WHEN at_most >= 0.95 * known THEN days END) AS p95_days,
    MAX(days) AS max_days
FROM (
    SELECT
        days,
        SUM(n) OVER (ORDER BY days ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS at_most,
        SUM(n) OVER () AS known
    FROM (
        SELECT days_since_verification AS days, COUNT(*) AS n
        FROM users
        WHERE days_since_verification IS NOT NULL
        GROUP BY days_since_verification
    ) AS grouped
) AS counted
