-- Which rules of the policy held, and for how many users? A user may be under several.
SELECT
    rule,
    verdict,
    says,
    COUNT(DISTINCT user_id) AS users
FROM rule_hits
GROUP BY rule, verdict, says
ORDER BY users DESC, rule
