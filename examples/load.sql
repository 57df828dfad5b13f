-- The reports in the DuckDB shell: every table of the newest run under its own name, every night together as `nights_…`,
-- then the ten questions of the notebook. In the directory that holds `reports/`:
--
--     duckdb -init examples/load.sql              stay in the shell, with everything loaded
--     duckdb < examples/load.sql                  answers only
--
-- Reports elsewhere: KYC_RECON_REPORTS=/path/to/reports.

SET TimeZone = 'UTC';
SET VARIABLE reports = COALESCE(NULLIF(getenv('KYC_RECON_REPORTS'), ''), 'reports');

-- The files of one table in every run. `latest` is a link to one of them, which would count it twice.
CREATE OR REPLACE MACRO files_of(name) AS (
    SELECT list(file ORDER BY file)
    FROM glob(getvariable('reports') || '/*/tables/' || name || '.parquet')
    WHERE file NOT LIKE '%/latest/%'
);
CREATE OR REPLACE MACRO newest(name) AS getvariable('reports') || '/latest/tables/' || name || '.parquet';

SET VARIABLE users = files_of('users');
SET VARIABLE breaks = files_of('breaks');
CREATE OR REPLACE TEMP VIEW nights_users AS
    SELECT * FROM read_parquet(getvariable('users'), union_by_name = true);
CREATE OR REPLACE TEMP VIEW nights_breaks AS
    SELECT * FROM read_parquet(getvariable('breaks'), union_by_name = true);

CREATE OR REPLACE TEMP VIEW users AS SELECT * FROM read_parquet(newest('users'));
CREATE OR REPLACE TEMP VIEW rule_hits AS SELECT * FROM read_parquet(newest('rule_hits'));
CREATE OR REPLACE TEMP VIEW breaks AS SELECT * FROM read_parquet(newest('breaks'));
CREATE OR REPLACE TEMP VIEW actions AS SELECT * FROM read_parquet(newest('actions'));
CREATE OR REPLACE TEMP VIEW aml_entities AS SELECT * FROM read_parquet(newest('aml_entities'));
CREATE OR REPLACE TEMP VIEW aml_hits AS SELECT * FROM read_parquet(newest('aml_hits'));
CREATE OR REPLACE TEMP VIEW warnings AS SELECT * FROM read_parquet(newest('warnings'));
CREATE OR REPLACE TEMP VIEW attempts AS SELECT * FROM read_parquet(newest('attempts'));

-- 1. How did the pass rate move from night to night?
SELECT
    run_id,
    COUNT(*) AS users,
    COUNT(*) FILTER (verdict = 'pass') / COUNT(*) AS pass_of_population,
    COUNT(*) FILTER (verdict = 'pass') / NULLIF(COUNT(*) FILTER (verdict IN ('pass', 'fail')), 0) AS pass_of_determined
FROM nights_users
GROUP BY run_id
ORDER BY min(fetched_at);

-- 2. How does it differ by month of verification and country?
SELECT
    COALESCE(created_month, '(none)') AS month,
    COALESCE(id_info_issue_country_alpha2, '(none)') AS country,
    COUNT(*) AS users,
    COUNT(*) FILTER (verdict = 'pass') / COUNT(*) AS pass_of_population
FROM users
GROUP BY ALL
ORDER BY users DESC, month, country
LIMIT 20;

-- 3. Who changed since the baseline?
SELECT baseline_verdict, verdict, COUNT(*) AS users
FROM users
WHERE baseline_verdict IS NOT NULL AND baseline_verdict <> verdict
GROUP BY ALL
ORDER BY users DESC, baseline_verdict, verdict;

-- 4. Which AML hits are open, and where are they listed?
SELECT e.user_id, u.verdict, e.resolution_status, string_agg(DISTINCT h.source_name, ', ' ORDER BY h.source_name) AS sources
FROM aml_entities AS e
JOIN users AS u USING (user_id)
LEFT JOIN aml_hits AS h USING (user_id, entity_index)
WHERE e.is_open
GROUP BY ALL
ORDER BY e.user_id
LIMIT 20;

-- 5. Why did users fail?
SELECT rule, says, COUNT(DISTINCT user_id) AS users
FROM rule_hits
WHERE verdict = 'fail'
GROUP BY ALL
ORDER BY users DESC, rule;

-- 6. Whose documents expire, by month?
SELECT strftime(id_info_id_expiry_date, '%Y-%m') AS expires, COUNT(*) AS users
FROM users
WHERE days_to_expiry BETWEEN 0 AND 365
GROUP BY ALL
ORDER BY expires;

-- 7. How are the scores of faces distributed?
SELECT floor(face_score * 20) / 20 AS from_score, COUNT(*) AS users, COUNT(*) FILTER (verdict = 'pass') AS passed
FROM users
WHERE face_score IS NOT NULL
GROUP BY ALL
ORDER BY from_score;

-- 8. How long does a verification take: from its creation to the first night on which it was decided? Of those who were
-- seen undecided before; of the others it is not known.
SELECT
    COUNT(*) AS users,
    median(days) AS median_days,
    quantile_cont(days, 0.9) AS p90_days
FROM (
    SELECT
        user_id,
        date_diff('hour', min(created_at), min(fetched_at) FILTER (decision IN ('approved', 'rejected'))) / 24 AS days
    FROM nights_users
    GROUP BY user_id, created_at
    HAVING min(fetched_at) FILTER (decision IN ('undecided', 'review'))
        < min(fetched_at) FILTER (decision IN ('approved', 'rejected'))
);

-- 9. How old are the open breaks, and how much do they matter?
SELECT severity, kind, COUNT(*) AS breaks, max(age_days) AS oldest_days
FROM breaks
GROUP BY severity, kind
ORDER BY CASE severity WHEN 'critical' THEN 1 WHEN 'high' THEN 2 WHEN 'medium' THEN 3 ELSE 4 END, breaks DESC, kind;

-- 10. What has to be done tonight?
SELECT action, severity, COUNT(*) AS users
FROM actions
GROUP BY ALL
ORDER BY users DESC, action, severity;
