-- Which reasons did the partner give for a section's status?
-- A text of more than two words or 40 letters may name somebody: it counts as `(free text)`.
-- Who has a code in a section has it once not repeated; behind the words in brackets may be several codes of one user. Of
-- several runs read together, a user counts in each.
SELECT
    section,
    code,
    reasons,
    users_of_code + users_of_others AS users
FROM (
    SELECT
        section,
        code,
        COUNT(*) AS reasons,
        COUNT(CASE WHEN code <> '(free text)' AND code <> '(none)' AND NOT repeated THEN 1 END) AS users_of_code,
        COUNT(DISTINCT CASE WHEN code = '(free text)' OR code = '(none)' THEN CONCAT(run_id, ' ', user_id) END) AS users_of_others
    FROM (
        SELECT
            COALESCE(section, '(none)') AS section,
            CASE WHEN code LIKE '% % %' OR LENGTH(code) > 40 THEN '(free text)' ELSE COALESCE(code, '(none)') END AS code,
            repeated,
            run_id,
            user_id
        FROM status_reasons
    ) AS coded
    GROUP BY section, code
) AS counted
ORDER BY reasons DESC, section, code
