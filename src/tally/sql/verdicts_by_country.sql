-- How do verdicts differ by the country that issued the document (ISO 3166-1 alpha-2)?
-- `(none)` is a user of whom the partner sent no country, none that could be read, or two.
SELECT
    issue_country,
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
        issue_country,
        COUNT(*) AS population,
        COUNT(CASE WHEN verdict = 'pass' OR verdict = 'fail' THEN 1 END) AS determined,
        COUNT(CASE WHEN verdict = 'pass' THEN 1 END) AS passed,
        COUNT(CASE WHEN verdict = 'fail' THEN 1 END) AS failed,
        COUNT(CASE WHEN verdict = 'review' THEN 1 END) AS review,
        COUNT(CASE WHEN verdict = 'pending' THEN 1 END) AS pending,
        COUNT(CASE WHEN verdict = 'unreached' THEN 1 END) AS unreached
    FROM (SELECT COALESCE(id_info_issue_country_alpha2, '(none)') AS issue_country, verdict FROM users) AS keyed
    GROUP BY issue_country
) AS counted
ORDER BY population DESC, issue_country
