-- How do verdicts differ by type of document? `(none)` is a user of whom the partner sent none.
SELECT
    id_type,
    population,
    determined,
    passed,
    failed,
    review,
    pending,
    unreached,
    CAST(passed AS DOUBLE) / NULLIF(population, 0) AS pass_of_population,
    CAST(passed AS DOUBLE) / NULLIF(determined, 0) AS pass_of_determined
FROM (
    SELECT
        id_type,
        COUNT(*) AS population,
        COUNT(CASE WHEN verdict = 'pass' OR verdict = 'fail' THEN 1 END) AS determined,
        COUNT(CASE WHEN verdict = 'pass' THEN 1 END) AS passed,
        COUNT(CASE WHEN verdict = 'fail' THEN 1 END) AS failed,
        COUNT(CASE WHEN verdict = 'review' THEN 1 END) AS review,
        COUNT(CASE WHEN verdict = 'pending' THEN 1 END) AS pending,
        COUNT(CASE WHEN verdict = 'unreached' THEN 1 END) AS unreached
    FROM (SELECT COALESCE(id_info_id_type, '(none)') AS id_type, verdict FROM users) AS keyed
    GROUP BY id_type
) AS counted
ORDER BY population DESC, id_type
