-- Which answers did this run fetch itself, and how old are those that it carried from an earlier one?
-- The age is from the fetch to the start of this run. Every bucket is a row, also an empty one; `(none)` is the age of
-- users about whom nobody has an answer.
SELECT
    buckets.answer AS answer,
    buckets.age AS age,
    COALESCE(placed.users, 0) AS users
FROM (
    SELECT 1 AS place, 'fresh' AS answer, 'under_1_day' AS age
    UNION ALL SELECT 2 AS place, 'carried' AS answer, 'under_1_day' AS age
    UNION ALL SELECT 3 AS place, 'carried' AS answer, 'under_7_days' AS age
    UNION ALL SELECT 4 AS place, 'carried' AS answer, 'under_30_days' AS age
    UNION ALL SELECT 5 AS place, 'carried' AS answer, 'under_90_days' AS age
    UNION ALL SELECT 6 AS place, 'carried' AS answer, 'older' AS age
    UNION ALL SELECT 7 AS place, 'not_attempted' AS answer, '(none)' AS age
) AS buckets
LEFT JOIN (
    SELECT
        place,
        COUNT(*) AS users
    FROM (
        SELECT
            CASE
                WHEN outcome = 'not_attempted' THEN 7
                WHEN NOT carried THEN 1
                WHEN answer_age_days < 1 THEN 2
                WHEN answer_age_days < 7 THEN 3
                WHEN answer_age_days < 30 THEN 4
                WHEN answer_age_days < 90 THEN 5
                ELSE 6
            END AS place
        FROM users
    ) AS keyed
    GROUP BY place
) AS placed
    ON buckets.place = placed.place
ORDER BY buckets.place
