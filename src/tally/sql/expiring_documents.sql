-- In how many days, counted from the day they were fetched, do the documents expire, and what is the verdict?
-- The windows do not overlap: documents that expire within 60 days are `0 to 30` and `31 to 60` together, and every window
-- is a row, also an empty one. A document that expires on the day itself is in `0 to 30`; `(none)` is a user without a
-- date of expiry.
SELECT
    windows.expires_in_days AS expires_in_days,
    COALESCE(placed.population, 0) AS population,
    COALESCE(placed.passed, 0) AS passed,
    COALESCE(placed.failed, 0) AS failed,
    COALESCE(placed.review, 0) AS review,
    COALESCE(placed.pending, 0) AS pending,
    COALESCE(placed.unreached, 0) AS unreached
FROM (
    SELECT 1 AS place, 'expired' AS expires_in_days
    UNION ALL SELECT 2 AS place, '0 to 30' AS expires_in_days
    UNION ALL SELECT 3 AS place, '31 to 60' AS expires_in_days
    UNION ALL SELECT 4 AS place, '61 to 90' AS expires_in_days
    UNION ALL SELECT 5 AS place, 'above 90' AS expires_in_days
    UNION ALL SELECT 6 AS place, '(none)' AS expires_in_days
) AS windows
LEFT JOIN (
    SELECT
        expires_in_days,
        COUNT(*) AS population,
        COUNT(CASE WHEN verdict = 'pass' THEN 1 END) AS passed,
        COUNT(CASE WHEN verdict = 'fail' THEN 1 END) AS failed,
        COUNT(CASE WHEN verdict = 'review' THEN 1 END) AS review,
        COUNT(CASE WHEN verdict = 'pending' THEN 1 END) AS pending,
        COUNT(CASE WHEN verdict = 'unreached' THEN 1 END) AS unreached
    FROM (
        SELECT
            CASE
                WHEN days_to_expiry IS NULL THEN '(none)'
                WHEN days_to_expiry < 0 THEN 'expired'
                WHEN days_to_expiry <= 30 THEN '0 to 30'
                WHEN days_to_expiry <= 60 THEN '31 to 60'
                WHEN days_to_expiry <= 90 THEN '61 to 90'
                ELSE 'above 90'
            END AS expires_in_days,
            verdict
        FROM users
    ) AS keyed
    GROUP BY expires_in_days
) AS placed
    ON windows.expires_in_days = placed.expires_in_days
ORDER BY windows.place
