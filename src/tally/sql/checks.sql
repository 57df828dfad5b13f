-- What did each check say, in our words? `(none)` is a user without a document; `absent` is a document without the section.
SELECT
    check_name,
    word,
    COUNT(*) AS users
FROM (
    SELECT 'document' AS check_name, COALESCE(id_info_check, '(none)') AS word FROM users
    UNION ALL
    SELECT 'liveness' AS check_name, COALESCE(face_liveness_info_check, '(none)') AS word FROM users
    UNION ALL
    SELECT 'face_match' AS check_name, COALESCE(face_match_info_check, '(none)') AS word FROM users
    UNION ALL
    SELECT 'fraud' AS check_name, COALESCE(fraud_insights_check, '(none)') AS word FROM users
    UNION ALL
    SELECT 'aml' AS check_name, COALESCE(aml_info_check, '(none)') AS word FROM users
) AS checks
GROUP BY check_name, word
ORDER BY check_name, users DESC, word
