-- How do verdicts differ by {column}, a column of the roster? `(none)` is a user for whom it is empty.
-- The 100 most frequent values are rows; users with another one are together under `(others)`.
SELECT
    {column},
    SUM(population) AS population,
    SUM(determined) AS determined,
    SUM(passed) AS passed,
    SUM(failed) AS failed,
    SUM(review) AS review,
    SUM(pending) AS pending,
    SUM(unreached) AS unreached,
    CAST(SUM(passed) AS DOUBLE) / NULLIF(SUM(population), 0) AS pass_of_population,
    CAST(SUM(passed) AS DOUBLE) / NULLIF(SUM(determined), 0) AS pass_of_determined
FROM (
    SELECT
        CASE WHEN place <= 100 THEN word ELSE '(others)' END AS {column},
        population,
        determined,
        passed,
        failed,
        review,
        pending,
        unreached
    FROM (
        SELECT
            word,
            ROW_NUMBER() OVER (ORDER BY 0 - population, word) AS place,
            population,
            determined,
            passed,
            failed,
            review,
            pending,
            unreached
        FROM (
            SELECT
                word,
                COUNT(*) AS population,
                COUNT(CASE WHEN verdict = 'pass' OR verdict = 'fail' THEN 1 END) AS determined,
                COUNT(CASE WHEN verdict = 'pass' THEN 1 END) AS passed,
                COUNT(CASE WHEN verdict = 'fail' THEN 1 END) AS failed,
                COUNT(CASE WHEN verdict = 'review' THEN 1 END) AS review,
                COUNT(CASE WHEN verdict = 'pending' THEN 1 END) AS pending,
                COUNT(CASE WHEN verdict = 'unreached' THEN 1 END) AS unreached
            FROM (SELECT COALESCE({column}, '(none)') AS word, verdict FROM users) AS keyed
            GROUP BY word
        ) AS counted
    ) AS placed
) AS named
GROUP BY {column}
ORDER BY population DESC, {column}
