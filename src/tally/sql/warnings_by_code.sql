-- Which warnings did the partner attach, in which section, and are they problems or good news?
SELECT
    section,
    code,
    nature,
    COUNT(*) AS warnings,
    COUNT(DISTINCT user_id) AS users
FROM (
    SELECT
        COALESCE(section, '(none)') AS section,
        COALESCE(code, '(none)') AS code,
        COALESCE(nature, '(none)') AS nature,
        user_id
    FROM warnings
) AS coded
GROUP BY section, code, nature
ORDER BY warnings DESC, section, code, nature
