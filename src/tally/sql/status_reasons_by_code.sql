-- Which reasons did the partner give for a section's status?
SELECT
    section,
    code,
    COUNT(*) AS reasons,
    COUNT(DISTINCT user_id) AS users
FROM (
    SELECT
        COALESCE(section, '(none)') AS section,
        COALESCE(code, '(none)') AS code,
        user_id
    FROM status_reasons
) AS coded
GROUP BY section, code
ORDER BY reasons DESC, section, code
