-- How many users pass each check: of all of them, and of those of whom the check said something (decided)?
-- AML hits that are all closed count as approved; open ones as review. The rest gave no decision, or was never run.
SELECT
    check_name,
    population,
    decided,
    approved,
    rejected,
    review,
    CAST(approved AS DOUBLE) / NULLIF(population, 0) AS approved_of_population,
    CAST(approved AS DOUBLE) / NULLIF(decided, 0) AS approved_of_decided
FROM (
    SELECT
        check_name,
        COUNT(*) AS population,
        COUNT(CASE WHEN word = 'approved' OR word = 'closed' OR word = 'rejected' OR word = 'review' THEN 1 END) AS decided,
        COUNT(CASE WHEN word = 'approved' OR word = 'closed' THEN 1 END) AS approved,
        COUNT(CASE WHEN word = 'rejected' THEN 1 END) AS rejected,
        COUNT(CASE WHEN word = 'review' THEN 1 END) AS review
    FROM (
        SELECT 'document' AS check_name, id_info_check AS word FROM users
        UNION ALL
        SELECT 'liveness' AS check_name, face_liveness_info_check AS word FROM users
        UNION ALL
        SELECT 'face_match' AS check_name, face_match_info_check AS word FROM users
        UNION ALL
        SELECT 'fraud' AS check_name, fraud_insights_check AS word FROM users
        UNION ALL
        SELECT 'aml' AS check_name, aml_info_check AS word FROM users
    ) AS checks
    GROUP BY check_name
) AS counted
ORDER BY check_name
