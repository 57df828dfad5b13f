-- What did the partner decide about the users it answered for, in our words and in its own?
-- `(none)` is an answer without a word.
SELECT
    decision,
    word_as_sent,
    COUNT(*) AS users
FROM (
    SELECT
        COALESCE(decision, '(none)') AS decision,
        COALESCE(aiprise_summary_verification_result, '(none)') AS word_as_sent
    FROM users
    WHERE outcome = 'answered'
) AS answered
GROUP BY decision, word_as_sent
ORDER BY users DESC, decision, word_as_sent
