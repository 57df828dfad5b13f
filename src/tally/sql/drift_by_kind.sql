-- What did the documents hold that the catalogue did not expect, and how often?
SELECT
    COALESCE(kind, '(none)') AS kind,
    COALESCE(pointer, '(none)') AS pointer,
    SUM(occurrences) AS occurrences
FROM drift
GROUP BY COALESCE(kind, '(none)'), COALESCE(pointer, '(none)')
ORDER BY occurrences DESC, kind, pointer
