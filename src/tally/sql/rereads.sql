-- How many of a sample of the answered had changed when they were asked once more at the end?
-- Compared are those about whom the partner spoke again. Bytes may change where nothing about the person does.
SELECT
    sampled,
    asked,
    compared,
    changed,
    decisions_changed,
    CAST(changed AS DOUBLE) / NULLIF(CAST(compared AS DOUBLE), 0) AS changed_of_compared,
    CAST(decisions_changed AS DOUBLE) / NULLIF(CAST(compared AS DOUBLE), 0) AS decisions_changed_of_compared
FROM (
    SELECT
        COUNT(*) AS sampled,
        COUNT(reread_at) AS asked,
        COUNT(changed) AS compared,
        COUNT(CASE WHEN changed THEN 1 END) AS changed,
        COUNT(CASE WHEN decision_changed THEN 1 END) AS decisions_changed
    FROM rereads
) AS counted
