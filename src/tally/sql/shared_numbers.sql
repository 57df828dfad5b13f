-- How many users share the number of their document, or their tax id, with how many others of this run?
-- Numbers are compared as the dictionary says at the two columns; users without a number are in no row. One user to a
-- number is the rule.
SELECT
    identifier,
    users_per_number,
    CAST(CAST(users AS DOUBLE) / users_per_number AS BIGINT) AS numbers,
    users,
    passed
FROM (
    SELECT
        identifier,
        users_per_number,
        COUNT(*) AS users,
        COUNT(CASE WHEN verdict = 'pass' THEN 1 END) AS passed
    FROM (
        SELECT 'document' AS identifier, shared_document_users AS users_per_number, verdict FROM users
        UNION ALL
        SELECT 'tax_id' AS identifier, shared_tax_id_users AS users_per_number, verdict FROM users
    ) AS carried
    WHERE users_per_number IS NOT NULL
    GROUP BY identifier, users_per_number
) AS counted
ORDER BY identifier, users_per_number
