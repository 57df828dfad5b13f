-- Which reasons did the partner give for a section's status?
-- A text of more than two words or 40 letters may name somebody: it counts as `(free text)`.
SELECT
    section,
    code,
    COUNT(*) AS reasons,
    COUNT(DISTINCT user_id) AS users
FROM (
    SELECT
        COALESCE(section, '(none)') AS section,
        CASE WHEN code LIKE '% % %' OR LENGTH(code) > 40 THEN '(free text)' ELSE COALESCE(code, '(none)') END AS code,
        user_id
    FROM status_reasons
) AS coded
GROUP BY section, code
ORDER BY reasons DESC, section, code
