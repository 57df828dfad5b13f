-- What has somebody to do, how much does it matter, and for how many users or lines of the roster? The most urgent first.
SELECT
    action,
    severity,
    COUNT(*) AS users
FROM actions
GROUP BY action, severity
ORDER BY
    CASE action
        WHEN 'aml_investigation' THEN 1
        WHEN 'manual_review' THEN 2
        WHEN 'fix_roster' THEN 3
        WHEN 'send_new_kyc_link' THEN 4
        WHEN 'ask_again' THEN 5
        WHEN 'wait_for_completion' THEN 6
        ELSE 7
    END,
    CASE severity WHEN 'critical' THEN 1 WHEN 'high' THEN 2 WHEN 'medium' THEN 3 ELSE 4 END
