-- Which warnings did the partner attach, in which section, and are they problems or good news?
-- A text of more than two words or 40 letters may name somebody: it counts as `(free text)`.
SELECT
    section,
    code,
    nature,
    COUNT(*) AS warnings,
    COUNT(DISTINCT user_id) AS users
FROM (
    SELECT
        COALESCE(section, '(none)') AS section,
        CASE WHEN code LIKE '% % %' OR LENGTH(code) > 40 THEN '(free text)' ELSE COALESCE(code, '(none)') END AS code,
        COALESCE(nature, '(none)') AS nature,
        user_id
    FROM warnings
) AS coded
GROUP BY section, code, nature
ORDER BY warnings DESC, section, code, nature
