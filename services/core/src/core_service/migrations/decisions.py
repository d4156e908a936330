"""The statement that makes the reserved decisions of cases from their live activities.

An outcome that reserves begins one, unless one is waiting already; the next outcome that decides,
disposes of or sends off the case ends it. `{changed}` narrows the activities to some cases.
"""

from typing import Final

FILL: Final = """
INSERT INTO reserved_decisions
  (activity_id, case_id, court_id, case_type_id, reserved_on, ended_on, outcome_id)
SELECT (array_agg(id ORDER BY activity_on, seq, id) FILTER (WHERE reserves))[1],
  case_id, court_id, case_type_id, min(activity_on) FILTER (WHERE reserves),
  max(activity_on) FILTER (WHERE NOT reserves),
  (array_agg(outcome_id) FILTER (WHERE NOT reserves))[1]
FROM (
  SELECT a.id, a.case_id, c.court_id, c.case_type_id, a.activity_on, a.seq, a.outcome_id,
    o.effect = 'reserve' AS reserves,
    count(*) FILTER (WHERE o.effect <> 'reserve') OVER (
      PARTITION BY a.case_id ORDER BY a.activity_on, a.seq, a.id
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS turn
  FROM case_activities a
  JOIN outcomes o ON o.id = a.outcome_id
  JOIN cases c ON c.id = a.case_id
  JOIN case_types t ON t.id = c.case_type_id
  WHERE a.voided_at IS NULL AND o.effect IN ('reserve', 'deliver', 'dispose', 'transfer_out')
    AND (cardinality(o.limited_to) = 0 OR t.category_id = ANY (o.limited_to)) {changed}
) steps
GROUP BY case_id, court_id, case_type_id, turn
HAVING bool_or(reserves)
"""
FILL_ALL: Final = FILL.format(changed="")
