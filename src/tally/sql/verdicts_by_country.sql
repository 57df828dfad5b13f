-- How do verdicts differ by the country that issued the document? `(none)` is a user of whom the partner sent none.
SELECT
    issue_country_code,
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
        issue_country_code,
        COUNT(*) AS population,
        COUNT(CASE WHEN verdict IN ('pass', 'fail') THEN 1 END) AS determined,
        COUNT(CASE WHEN verdict = 'pass' THEN 1 END) AS passed,
        COUNT(CASE WHEN verdict = 'fail' THEN 1 END) AS failed,
        COUNT(CASE WHEN verdict = 'review' THEN 1 END) AS review,
        COUNT(CASE WHEN verdict = 'pending' THEN 1 END) AS pending,
        COUNT(CASE WHEN verdict = 'unreached' THEN 1 END) AS unreached
    FROM (SELECT COALESCE(id_info_issue_country_code, '(none)') AS issue_country_code, verdict FROM users) AS keyed
    GROUP BY issue_country_code
) AS counted
ORDER BY population DESC, issue_country_code
