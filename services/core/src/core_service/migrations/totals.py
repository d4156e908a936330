"""The statement that makes the totals of the caseload from the events; see metrics/totals.py."""

from typing import Final

FILL: Final = """
INSERT INTO caseload_totals (level, starts_on, court_id, case_type_id, kind, count)
SELECT level, starts_on, court_id, case_type_id, kind, sum(n) FROM (
  SELECT e.court_id, e.case_type_id, e.kind, date_trunc('month', e.effective_on)::date AS month,
    count(*) AS n
  FROM case_status_events e JOIN cases c ON c.id = e.case_id
  WHERE e.retracted_at IS NULL AND c.deleted_at IS NULL
  GROUP BY 1, 2, 3, 4
) counted
CROSS JOIN LATERAL (VALUES
  ('month', month),
  ('half', make_date(extract(year FROM month)::int,
    CASE WHEN extract(month FROM month) < 7 THEN 1 ELSE 7 END, 1)),
  ('ever', DATE '1900-01-01')
) levels (level, starts_on)
GROUP BY level, starts_on, court_id, case_type_id, kind
"""
