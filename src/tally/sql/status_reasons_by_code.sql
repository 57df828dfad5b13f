-- Which reasons did the partner give for a section's status?
-- A text of more than two words or 40 letters may name somebody: it counts as `(free text)`.
-- Who has a code in a section has it once not repeated; who has a free text may have others beside it.
SELECT
    section,
    code,
    reasons,
    users_of_code + users_of_free_text AS users
FROM (
    SELECT
        section,
        code,
        COUNT(*) AS reasons,
        COUNT(CASE WHEN code <> '(free text)' AND NOT repeated THEN 1 END) AS users_of_code,
        COUNT(DISTINCT CASE WHEN code = '(free text)' THEN user_id END) AS users_of_free_text
    FROM (
        SELECT
            COALESCE(section, '(none)') AS section,
            CASE WHEN code LIKE '% % %' OR LENGTH(code) > 40 THEN '(free text)' ELSE COALESCE(code, '(none)') END AS code,
            repeated,
            user_id
        FROM status_reasons
    ) AS coded
    GROUP BY section, code
) AS counted
ORDER BY reasons DESC, section, code
