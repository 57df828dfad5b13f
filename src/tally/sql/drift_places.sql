-- In which twenty places of the documents did the unexpected occur most often? All of them are in the table `drift`.
SELECT
    kind,
    column_name,
    pointer,
    SUM(occurrences) AS occurrences
FROM (
    SELECT
        COALESCE(kind, '(none)') AS kind,
        COALESCE(column_name, '(none)') AS column_name,
        COALESCE(pointer, '(none)') AS pointer,
        occurrences
    FROM drift
) AS seen
GROUP BY kind, column_name, pointer
ORDER BY occurrences DESC, kind, column_name, pointer
LIMIT 20
