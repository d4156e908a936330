"""The statement that makes the states of cases from their events; see metrics/states.py.

`{changed}` narrows the events to those of some cases.
"""

from typing import Final

FILL: Final = """
INSERT INTO caseload_states (case_id, court_id, case_type_id, from_on, until_on, began_on, active,
  inactive, inactive_offset, filed, disposed, disposed_again)
SELECT case_id, court_id, case_type_id, effective_on,
  lead(effective_on, 1, '9999-12-31') OVER in_order, min(effective_on) OVER in_order,
  sum(active) OVER in_order, sum(inactive) OVER in_order, sum(inactive_offset) OVER in_order,
  filed, disposed, disposed_again
FROM (
  SELECT case_id, court_id, case_type_id, effective_on,
    sum(CASE WHEN kind IN ('filed', 'reopened', 'reactivated', 'transfer_in') THEN 1 ELSE -1 END)
      AS active,
    sum(sign) AS inactive,
    sum(sign * (effective_on - DATE '1900-01-01')) AS inactive_offset,
    count(*) FILTER (WHERE kind = 'filed') AS filed,
    count(*) FILTER (WHERE kind = 'disposed') AS disposed,
    count(*) FILTER (WHERE kind = 'reopened_disposed') AS disposed_again
  FROM case_status_events e CROSS JOIN LATERAL (
    SELECT CASE kind WHEN 'inactivated' THEN 1 WHEN 'reactivated' THEN -1 ELSE 0 END AS sign
  ) signs
  WHERE retracted_at IS NULL {changed}
    AND NOT EXISTS (SELECT FROM cases c WHERE c.id = e.case_id AND c.deleted_at IS NOT NULL)
  GROUP BY case_id, court_id, case_type_id, effective_on
) days
WINDOW in_order AS (PARTITION BY case_id, court_id, case_type_id ORDER BY effective_on)
"""
FILL_ALL: Final = FILL.format(changed="")
