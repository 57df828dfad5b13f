-- How are the times of exchanges distributed? A bucket holds from_ms <= elapsed < the from_ms of the next bucket.
SELECT
    from_ms,
    COUNT(*) AS attempts,
    COUNT(http_status) AS with_status,
    COUNT(fault) AS with_fault
FROM (
    SELECT
        CASE
            WHEN elapsed_ms < 10 THEN 0
            WHEN elapsed_ms < 25 THEN 10
            WHEN elapsed_ms < 50 THEN 25
            WHEN elapsed_ms < 100 THEN 50
            WHEN elapsed_ms < 250 THEN 100
            WHEN elapsed_ms < 500 THEN 250
            WHEN elapsed_ms < 1000 THEN 500
            WHEN elapsed_ms < 2500 THEN 1000
            WHEN elapsed_ms < 5000 THEN 2500
            WHEN elapsed_ms < 10000 THEN 5000
            WHEN elapsed_ms < 30000 THEN 10000
            ELSE 30000
        END AS from_ms,
        http_status,
        fault
    FROM attempts
    WHERE elapsed_ms IS NOT NULL
) AS bucketed
GROUP BY from_ms
ORDER BY from_ms
