-- How are the scores of the face match distributed, in 20 buckets of 0.05? Every bucket is a row, also an empty one.
-- A bucket holds from_score <= score < below_score, the last one also 1 itself. Who has no score that could be read is in
-- no bucket: face_score_coverage counts them.
SELECT
    buckets.from_score AS from_score,
    buckets.below_score AS below_score,
    COALESCE(scored.population, 0) AS population,
    COALESCE(scored.passed, 0) AS passed,
    COALESCE(scored.failed, 0) AS failed,
    COALESCE(scored.review, 0) AS review,
    COALESCE(scored.pending, 0) AS pending
FROM (
    SELECT 0 AS bucket, CAST(0.00 AS DOUBLE) AS from_score, CAST(0.05 AS DOUBLE) AS below_score
    UNION ALL SELECT 1 AS bucket, CAST(0.05 AS DOUBLE) AS from_score, CAST(0.10 AS DOUBLE) AS below_score
    UNION ALL SELECT 2 AS bucket, CAST(0.10 AS DOUBLE) AS from_score, CAST(0.15 AS DOUBLE) AS below_score
    UNION ALL SELECT 3 AS bucket, CAST(0.15 AS DOUBLE) AS from_score, CAST(0.20 AS DOUBLE) AS below_score
    UNION ALL SELECT 4 AS bucket, CAST(0.20 AS DOUBLE) AS from_score, CAST(0.25 AS DOUBLE) AS below_score
    UNION ALL SELECT 5 AS bucket, CAST(0.25 AS DOUBLE) AS from_score, CAST(0.30 AS DOUBLE) AS below_score
    UNION ALL SELECT 6 AS bucket, CAST(0.30 AS DOUBLE) AS from_score, CAST(0.35 AS DOUBLE) AS below_score
    UNION ALL SELECT 7 AS bucket, CAST(0.35 AS DOUBLE) AS from_score, CAST(0.40 AS DOUBLE) AS below_score
    UNION ALL SELECT 8 AS bucket, CAST(0.40 AS DOUBLE) AS from_score, CAST(0.45 AS DOUBLE) AS below_score
    UNION ALL SELECT 9 AS bucket, CAST(0.45 AS DOUBLE) AS from_score, CAST(0.50 AS DOUBLE) AS below_score
    UNION ALL SELECT 10 AS bucket, CAST(0.50 AS DOUBLE) AS from_score, CAST(0.55 AS DOUBLE) AS below_score
    UNION ALL SELECT 11 AS bucket, CAST(0.55 AS DOUBLE) AS from_score, CAST(0.60 AS DOUBLE) AS below_score
    UNION ALL SELECT 12 AS bucket, CAST(0.60 AS DOUBLE) AS from_score, CAST(0.65 AS DOUBLE) AS below_score
    UNION ALL SELECT 13 AS bucket, CAST(0.65 AS DOUBLE) AS from_score, CAST(0.70 AS DOUBLE) AS below_score
    UNION ALL SELECT 14 AS bucket, CAST(0.70 AS DOUBLE) AS from_score, CAST(0.75 AS DOUBLE) AS below_score
    UNION ALL SELECT 15 AS bucket, CAST(0.75 AS DOUBLE) AS from_score, CAST(0.80 AS DOUBLE) AS below_score
    UNION ALL SELECT 16 AS bucket, CAST(0.80 AS DOUBLE) AS from_score, CAST(0.85 AS DOUBLE) AS below_score
    UNION ALL SELECT 17 AS bucket, CAST(0.85 AS DOUBLE) AS from_score, CAST(0.90 AS DOUBLE) AS below_score
    UNION ALL SELECT 18 AS bucket, CAST(0.90 AS DOUBLE) AS from_score, CAST(0.95 AS DOUBLE) AS below_score
    UNION ALL SELECT 19 AS bucket, CAST(0.95 AS DOUBLE) AS from_score, CAST(1.00 AS DOUBLE) AS below_score
) AS buckets
LEFT JOIN (
    SELECT
        bucket,
        COUNT(*) AS population,
        COUNT(CASE WHEN verdict = 'pass' THEN 1 END) AS passed,
        COUNT(CASE WHEN verdict = 'fail' THEN 1 END) AS failed,
        COUNT(CASE WHEN verdict = 'review' THEN 1 END) AS review,
        COUNT(CASE WHEN verdict = 'pending' THEN 1 END) AS pending
    FROM (
        SELECT
            CASE
                WHEN face_score < 0.05 THEN 0
                WHEN face_score < 0.10 THEN 1
                WHEN face_score < 0.15 THEN 2
                WHEN face_score < 0.20 THEN 3
                WHEN face_score < 0.25 THEN 4
                WHEN face_score < 0.30 THEN 5
                WHEN face_score < 0.35 THEN 6
                WHEN face_score < 0.40 THEN 7
                WHEN face_score < 0.45 THEN 8
                WHEN face_score < 0.50 THEN 9
                WHEN face_score < 0.55 THEN 10
                WHEN face_score < 0.60 THEN 11
                WHEN face_score < 0.65 THEN 12
                WHEN face_score < 0.70 THEN 13
                WHEN face_score < 0.75 THEN 14
                WHEN face_score < 0.80 THEN 15
                WHEN face_score < 0.85 THEN 16
                WHEN face_score < 0.90 THEN 17
                WHEN face_score < 0.95 THEN 18
                ELSE 19
            END AS bucket,
            verdict
        FROM users
        WHERE face_score IS NOT NULL
    ) AS placed
    GROUP BY bucket
) AS scored
    ON buckets.bucket = scored.bucket
ORDER BY from_score
