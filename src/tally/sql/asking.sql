-- What did the asking take: how many requests, for how many users, how many bytes of answers, how long each?
-- Each user has one first attempt. A request is a retry when it is not the first for its user, unless it is of the sample that is asked once more. A wait asked for is asked of everybody, and several
-- answers may ask for the same one. Times are in milliseconds, and those of faults are among them.
SELECT
    requests,
    users,
    to_settle - users AS retries,
    body_bytes,
    asked_to_wait,
    longest_asked_wait_ms,
    median_ms,
    mean_ms,
    max_ms
FROM (
    SELECT
        COUNT(*) AS requests,
        COUNT(CASE WHEN NOT reread THEN 1 END) AS to_settle,
        COUNT(CASE WHEN attempt = 1 THEN 1 END) AS users,
        COALESCE(SUM(body_bytes), 0) AS body_bytes,
        COUNT(asked_wait_ms) AS asked_to_wait,
        MAX(asked_wait_ms) AS longest_asked_wait_ms,
        MEDIAN(elapsed_ms) AS median_ms,
        AVG(elapsed_ms) AS mean_ms,
        MAX(elapsed_ms) AS max_ms
    FROM attempts
) AS asked
