-- Which types of AML hits are there, how are their entities resolved, and which are open?
-- An entity counts under each type of its hits; `(none)` as the type is an entity that lists no hit.
SELECT
    hit_type,
    resolution_status,
    is_open,
    SUM(hits) AS hits,
    COUNT(*) AS entities,
    COUNT(DISTINCT user_id) AS users
FROM (
    SELECT
        e.run_id AS run_id,
        e.user_id AS user_id,
        e.entity_index AS entity_index,
        COALESCE(h.hit_type, '(none)') AS hit_type,
        COALESCE(e.resolution_status, '(none)') AS resolution_status,
        e.is_open AS is_open,
        COUNT(h.hit_index) AS hits
    FROM aml_entities AS e
    LEFT JOIN aml_hits AS h
        ON e.run_id = h.run_id AND e.user_id = h.user_id AND e.entity_index = h.entity_index
    GROUP BY
        e.run_id,
        e.user_id,
        e.entity_index,
        COALESCE(h.hit_type, '(none)'),
        COALESCE(e.resolution_status, '(none)'),
        e.is_open
) AS typed
GROUP BY hit_type, resolution_status, is_open
ORDER BY entities DESC, hit_type, resolution_status, CASE WHEN is_open THEN 0 ELSE 1 END
