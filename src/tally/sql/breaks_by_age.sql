-- For how many days have the breaks been open, and how much do they matter? Every bucket is a row, also an empty one.
SELECT
    buckets.days AS days,
    COALESCE(placed.breaks, 0) AS breaks,
    COALESCE(placed.critical, 0) AS critical,
    COALESCE(placed.high, 0) AS high,
    COALESCE(placed.medium, 0) AS medium,
    COALESCE(placed.low, 0) AS low
FROM (
    SELECT 1 AS place, '0' AS days
    UNION ALL SELECT 2 AS place, '1 to 7' AS days
    UNION ALL SELECT 3 AS place, '8 to 30' AS days
    UNION ALL SELECT 4 AS place, '31 to 90' AS days
    UNION ALL SELECT 5 AS place, 'above 90' AS days
) AS buckets
LEFT JOIN (
    SELECT
        days,
        COUNT(*) AS breaks,
        COUNT(CASE WHEN severity = 'critical' THEN 1 END) AS critical,
        COUNT(CASE WHEN severity = 'high' THEN 1 END) AS high,
        COUNT(CASE WHEN severity = 'medium' THEN 1 END) AS medium,
        COUNT(CASE WHEN severity = 'low' THEN 1 END) AS low
    FROM (
        SELECT
            CASE
                WHEN age_days <= 0 THEN '0'
                WHEN age_days <= 7 THEN '1 to 7'
                WHEN age_days <= 30 THEN '8 to 30'
                WHEN age_days <= 90 THEN '31 to 90'
                ELSE 'above 90'
            END AS days,
            severity
        FROM breaks
    ) AS keyed
    GROUP BY days
) AS placed
    ON buckets.days = placed.days
ORDER BY buckets.place
