-- Of how many users is there a score of the face match, and where does the middle of them lie?
-- Unreadable is a score that is no number, lies outside its scale or is not the only one; not sent is the rest, with the
-- users without a document. population = scored + unreadable + not_sent.
SELECT
    population,
    scored,
    unreadable,
    population - scored - unreadable AS not_sent,
    median_score
FROM (
    SELECT
        COUNT(*) AS population,
        COUNT(face_score) AS scored,
        COUNT(CASE WHEN face_score IS NULL AND face_score_unreadable = TRUE THEN 1 END) AS unreadable,
        MEDIAN(face_score) AS median_score
    FROM users
) AS counted
