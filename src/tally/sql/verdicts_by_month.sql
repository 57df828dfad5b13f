-- How do verdicts differ by the month of verification (of createdAt, in UTC)? `(none)` is a user without that time.
SELECT
    verification_month,
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
        verification_month,
        COUNT(*) AS population,
        COUNT(CASE WHEN verdict = 'pass' OR verdict = 'fail' THEN 1 END) AS determined,
        COUNT(CASE WHEN verdict = 'pass' THEN 1 END) AS passed,
        COUNT(CASE WHEN verdict = 'fail' THEN 1 END) AS failed,
        COUNT(CASE WHEN verdict = 'review' THEN 1 END) AS review,
        COUNT(CASE WHEN verdict = 'pending' THEN 1 END) AS pending,
        COUNT(CASE WHEN verdict = 'unreached' THEN 1 END) AS unreached
    FROM (SELECT COALESCE(created_month, '(none)') AS verification_month, verdict FROM users) AS keyed
    GROUP BY verification_month
) AS counted
ORDER BY verification_month
