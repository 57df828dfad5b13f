-- Which types of AML hits are there, how are their entities resolved, and which are open?
-- An entity counts under each type of its hits; `(none)` as the type is an entity that lists no hit.
-- A text of more than two words or 40 letters may name somebody: it counts as `(free text)`.
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
        CASE WHEN e.resolution_status LIKE '% % %' OR LENGTH(e.resolution_status) > 40 THEN '(free text)' ELSE COALESCE(e.resolution_status, '(none)') END AS resolution_status,
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
        CASE WHEN e.resolution_status LIKE '% % %' OR LENGTH(e.resolution_status) > 40 THEN '(free text)' ELSE COALESCE(e.resolution_status, '(none)') END,
        e.is_open
) AS typed
GROUP BY hit_type, resolution_status, is_open
ORDER BY entities DESC, hit_type, resolution_status, CASE WHEN is_open THEN 0 ELSE 1 END
