-- What did the documents hold that the catalogue did not expect, in how many places, and how often?
SELECT
    kind,
    COUNT(DISTINCT place) AS places,
    SUM(occurrences) AS occurrences
FROM (
    SELECT COALESCE(kind, '(none)') AS kind, COALESCE(pointer, '(none)') AS place, occurrences FROM drift
) AS seen
GROUP BY kind
ORDER BY occurrences DESC, kind
