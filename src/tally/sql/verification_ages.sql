-- How many days before they were fetched were the users verified, and what is the verdict about them?
-- Every bucket is a row, also an empty one. `below 0` is a verification after the fetch (a clock is wrong); `(none)` is a
-- user without a time of verification.
SELECT
    buckets.days AS days,
    COALESCE(placed.population, 0) AS population,
    COALESCE(placed.passed, 0) AS passed,
    COALESCE(placed.failed, 0) AS failed,
    COALESCE(placed.review, 0) AS review,
    COALESCE(placed.pending, 0) AS pending,
    COALESCE(placed.unreached, 0) AS unreached
FROM (
    SELECT 1 AS place, 'below 0' AS days
    UNION ALL SELECT 2 AS place, '0 to 30' AS days
    UNION ALL SELECT 3 AS place, '31 to 90' AS days
    UNION ALL SELECT 4 AS place, '91 to 180' AS days
    UNION ALL SELECT 5 AS place, '181 to 365' AS days
    UNION ALL SELECT 6 AS place, '366 to 730' AS days
    UNION ALL SELECT 7 AS place, 'above 730' AS days
    UNION ALL SELECT 8 AS place, '(none)' AS days
) AS buckets
LEFT JOIN (
    SELECT
        days,
        COUNT(*) AS population,
        COUNT(CASE WHEN verdict = 'pass' THEN 1 END) AS passed,
        COUNT(CASE WHEN verdict = 'fail' THEN 1 END) AS failed,
        COUNT(CASE WHEN verdict = 'review' THEN 1 END) AS review,
        COUNT(CASE WHEN verdict = 'pending' THEN 1 END) AS pending,
        COUNT(CASE WHEN verdict = 'unreached' THEN 1 END) AS unreached
    FROM (
        SELECT
            CASE
                WHEN days_since_verification IS NULL THEN '(none)'
                WHEN days_since_verification < 0 THEN 'below 0'
                WHEN days_since_verification <= 30 THEN '0 to 30'
                WHEN days_since_verification <= 90 THEN '31 to 90'
                WHEN days_since_verification <= 180 THEN '91 to 180'
                WHEN days_since_verification <= 365 THEN '181 to 365'
                WHEN days_since_verification <= 730 THEN '366 to 730'
                ELSE 'above 730'
            END AS days,
            verdict
        FROM users
    ) AS keyed
    GROUP BY days
) AS placed
    ON buckets.days = placed.days
ORDER BY buckets.place
