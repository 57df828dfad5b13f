-- What share of the users pass: of all of them, and of those with a verdict of pass or fail (determined)?
-- A rate over nobody is NULL, not zero.
SELECT
    population,
    determined,
    passed,
    failed,
    CAST(passed AS DOUBLE) / NULLIF(population, 0) AS pass_of_population,
    CAST(passed AS DOUBLE) / NULLIF(determined, 0) AS pass_of_determined
FROM (
    SELECT
        COUNT(*) AS population,
        COUNT(CASE WHEN verdict = 'pass' OR verdict = 'fail' THEN 1 END) AS determined,
        COUNT(CASE WHEN verdict = 'pass' THEN 1 END) AS passed,
        COUNT(CASE WHEN verdict = 'fail' THEN 1 END) AS failed
    FROM users
) AS counted
