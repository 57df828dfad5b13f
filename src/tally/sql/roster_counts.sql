-- Where did the rows of the roster go?
SELECT
    input_rows,
    unique_users,
    duplicates,
    blanks,
    rejects,
    other_shards
FROM roster_counts
ORDER BY input_rows
