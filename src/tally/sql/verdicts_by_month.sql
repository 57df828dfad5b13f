-- How do verdicts differ by the month of verification (of createdAt, in UTC)? No month is a user without that time.
-- An engine that shows times in a session time zone has to be set to UTC first.
SELECT
    verification_year,
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
        verification_year,
        verification_month,
        COUNT(*) AS population,
        COUNT(CASE WHEN verdict IN ('pass', 'fail') THEN 1 END) AS determined,
        COUNT(CASE WHEN verdict = 'pass' THEN 1 END) AS passed,
        COUNT(CASE WHEN verdict = 'fail' THEN 1 END) AS failed,
        COUNT(CASE WHEN verdict = 'review' THEN 1 END) AS review,
        COUNT(CASE WHEN verdict = 'pending' THEN 1 END) AS pending,
        COUNT(CASE WHEN verdict = 'unreached' THEN 1 END) AS unreached
    FROM (
        SELECT
            EXTRACT(YEAR FROM created_at) AS verification_year,
            EXTRACT(MONTH FROM created_at) AS verification_month,
            verdict
        FROM users
    ) AS keyed
    GROUP BY verification_year, verification_month
) AS counted
ORDER BY COALESCE(verification_year, 0), COALESCE(verification_month, 0)
