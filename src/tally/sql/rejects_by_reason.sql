-- Why could lines of the roster not be used?
SELECT
    COALESCE(reason, '(none)') AS reason,
    COUNT(*) AS roster_lines,
    MIN(line) AS first_line
FROM rejects
GROUP BY COALESCE(reason, '(none)')
ORDER BY roster_lines DESC, reason
