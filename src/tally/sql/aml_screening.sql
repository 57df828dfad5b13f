-- Of the users the partner answered for: who was screened, and who has hits? Not screened is not clean, nor is unknown:
-- a document that does not say whether there was a screening.
-- `numbers_disagree` are users whose declared number of hits, entities listed and summary by type contradict each other.
SELECT
    answered,
    screened,
    not_screened,
    unknown,
    with_hits,
    with_open_hits,
    numbers_disagree,
    CAST(screened AS DOUBLE) / NULLIF(answered, 0) AS screened_of_answered,
    CAST(with_hits AS DOUBLE) / NULLIF(screened, 0) AS with_hits_of_screened,
    CAST(with_open_hits AS DOUBLE) / NULLIF(screened, 0) AS with_open_hits_of_screened
FROM (
    SELECT
        COUNT(*) AS answered,
        COUNT(CASE WHEN aml_screened = TRUE THEN 1 END) AS screened,
        COUNT(CASE WHEN aml_screened = FALSE THEN 1 END) AS not_screened,
        COUNT(CASE WHEN aml_screened IS NULL THEN 1 END) AS unknown,
        COUNT(CASE WHEN aml_hits_total > 0 THEN 1 END) AS with_hits,
        COUNT(CASE WHEN aml_open_hits > 0 THEN 1 END) AS with_open_hits,
        COUNT(CASE WHEN aml_hits_disagree = TRUE THEN 1 END) AS numbers_disagree
    FROM users
    WHERE outcome = 'answered'
) AS counted
