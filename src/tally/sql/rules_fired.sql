-- Which rules of the policy held, and for how many users? A user may be under several, under each one once.
SELECT
    rule,
    verdict,
    says,
    COUNT(*) AS users
FROM rule_hits
GROUP BY rule, verdict, says
ORDER BY users DESC, rule
