-- Which warnings did the partner attach, in which section, and are they problems or good news?
-- A text of more than two words or 40 letters may name somebody: it counts as `(free text)`.
-- Who has a code in a section has it once not repeated; behind the words in brackets may be several codes of one user. Of
-- several runs read together, a user counts in each.
SELECT
    section,
    code,
    nature,
    warnings,
    users_of_code + users_of_others AS users
FROM (
    SELECT
        section,
        code,
        nature,
        COUNT(*) AS warnings,
        COUNT(CASE WHEN code <> '(free text)' AND code <> '(none)' AND NOT repeated THEN 1 END) AS users_of_code,
        COUNT(DISTINCT CASE WHEN code = '(free text)' OR code = '(none)' THEN CONCAT(run_id, ' ', user_id) END) AS users_of_others
    FROM (
        SELECT
            COALESCE(section, '(none)') AS section,
            CASE WHEN code LIKE '% % %' OR LENGTH(code) > 40 THEN '(free text)' ELSE COALESCE(code, '(none)') END AS code,
            COALESCE(nature, '(none)') AS nature,
            repeated,
            run_id,
            user_id
        FROM warnings
    ) AS coded
    GROUP BY section, code, nature
) AS counted
ORDER BY warnings DESC, section, code, nature
