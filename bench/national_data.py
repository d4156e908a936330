"""A national registry made by SQL alone: courts, cases, activities and the events that follow.

Twelve years of cases at 120 courts. Each has a filing, mentions, and in most cases what disposed of
it; some are inactive or have been, some came by a transfer, left by one or were reopened, some are
sealed, a few are deleted. Rows are in the order of their days, as courts record them.
"""

from typing import Final

import psycopg

from core_service.migrations import decisions, states, totals

COURTS: Final = 120
JUDGES: Final = 400
TODAY: Final = "2026-06-01"
TABLES: Final = (
    "cases",
    "case_activities",
    "activity_judges",
    "hearings",
    "case_status_events",
)
# Postgres has no such function before version 18 (RFC 9562, 5.7).
UUID7: Final = """
CREATE FUNCTION pg_temp.uuid7() RETURNS uuid LANGUAGE sql AS $$
  SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
    PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
    FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid
$$
"""
# Of the step of a case, so that what names an activity need not look for it; in the order of days.
ACTIVITY_ID: Final = """
CREATE FUNCTION pg_temp.activity_id(filed_on date, i bigint, step int) RETURNS uuid LANGUAGE sql
AS $$
  SELECT (lpad(to_hex(filed_on + step * 30 - DATE '2000-01-01'), 8, '0') || lpad(to_hex(i), 8, '0')
    || '8000' || lpad(to_hex(step), 12, '0'))::uuid
$$
"""
STATEMENTS: Final = (
    """
INSERT INTO courts (id, created_at, updated_at, version, code, name, court_type, station, is_active)
SELECT pg_temp.uuid7(), '2014-01-01', '2014-01-01', 1, 'C' || i, 'Court ' || i,
  (ARRAY['HC','MC','MC','ELC','ELRC','KC'])[1 + i %% 6], 'Station ' || i, true
FROM generate_series(1, %(courts)s) i
""",
    """
INSERT INTO judges (id, created_at, updated_at, version, surname, given_names, display_name,
  name_norm, cadre, is_active)
SELECT pg_temp.uuid7(), '2014-01-01', '2014-01-01', 1, 'Judge ' || i, '', 'Judge ' || i,
  'judge ' || i, 'judge', true
FROM generate_series(1, %(judges)s) i
""",
    """
CREATE TEMP TABLE court_no AS SELECT row_number() OVER (ORDER BY code) - 1 AS n, id FROM courts;
CREATE TEMP TABLE judge_no AS SELECT row_number() OVER (ORDER BY id) - 1 AS n, id FROM judges;
CREATE TEMP TABLE type_no AS SELECT row_number() OVER (ORDER BY code) - 1 AS n, id FROM case_types;
CREATE TEMP TABLE plan AS
SELECT i, pg_temp.uuid7() AS id, c.id AS court_id, t.id AS case_type_id, j.id AS judge_id,
  filed_on,
  filed_on + (30 + power(random(), 2) * 1500)::int AS disposed_on,
  CASE WHEN i %% 11 = 0 THEN filed_on + 20 END AS inactive_on,
  CASE WHEN i %% 22 = 0 THEN filed_on + 25 END AS active_on,
  CASE WHEN i %% 31 = 7 THEN 'transfer_in' ELSE 'filed' END AS begins,
  CASE WHEN i %% 31 = 8 THEN 'transfer_out' ELSE 'disposed' END AS ends
FROM (
  SELECT i, DATE '2014-07-01' + (power(random(), 0.8) * (DATE '%(today)s' - DATE '2014-07-01'))::int
    AS filed_on, (power(random(), 1.5) * %(courts)s)::int %% %(courts)s AS court,
    (power(random(), 2) * (SELECT count(*) FROM type_no))::int
      %% (SELECT count(*) FROM type_no)::int AS case_type
  FROM generate_series(1, %(cases)s) i
  ORDER BY filed_on
) made
JOIN court_no c ON c.n = court JOIN type_no t ON t.n = case_type
JOIN judge_no j ON j.n = (court * 7 + i %% 5) %% %(judges)s;
ALTER TABLE plan ADD reopened_on date, ADD closed_again_on date;
UPDATE plan SET reopened_on = disposed_on + 60, closed_again_on = disposed_on + 200
WHERE i %% 29 = 0 AND ends = 'disposed'
""",
    """
INSERT INTO cases (id, created_at, updated_at, version, court_id, caseid_type, number_raw,
  number_norm, number_serial, filed_year, filed_on, case_type_id, status, status_since, disposed_on,
  last_activity_on, activity_count, adjournment_count, lead_judge_id, male_applicant,
  female_applicant, organization_applicant, male_defendant, female_defendant,
  organization_defendant, custody_count, sealed, source_kind, deleted_at)
SELECT id, filed_on, filed_on, 1, court_id, 'HCCC', 'E' || i, 'E' || i, i,
  extract(year FROM filed_on), filed_on, case_type_id,
  CASE WHEN reopened_on <= '%(today)s' AND closed_again_on > '%(today)s' THEN 'pending'
    WHEN disposed_on <= '%(today)s' THEN replace(ends, 'transfer_out', 'transferred')
    WHEN inactive_on IS NOT NULL AND active_on IS NULL THEN 'inactive' ELSE 'pending' END,
  least(disposed_on, '%(today)s'), CASE WHEN disposed_on <= '%(today)s' AND ends = 'disposed'
    AND NOT coalesce(reopened_on <= '%(today)s' AND closed_again_on > '%(today)s', false)
    THEN disposed_on END,
  least(disposed_on, '%(today)s'), 5, 1, judge_id, 1, 0, 0, 0, 1, 0,
  CASE WHEN i %% 17 = 0 THEN 1 ELSE 0 END, i %% 1000 = 0, 'import',
  CASE WHEN i %% 2000 = 1 THEN '%(today)s'::timestamptz END
FROM plan ORDER BY filed_on
""",
    """
INSERT INTO case_activities (id, created_at, updated_at, version, case_id, activity_on, seq,
  activity_type_id, outcome_id, next_on, applicant_witnesses, defendant_witnesses, custody_count,
  source_kind, content_hash)
SELECT pg_temp.activity_id(filed_on, i, step), on_day, on_day, 1, id, on_day, step + 1,
  types[1 + (i + step) %% 8],
  CASE WHEN step < 4 THEN outcomes[1 + (i + step) %% cardinality(outcomes)]
    ELSE endings[1 + i %% cardinality(endings)] END,
  CASE WHEN step < 4 THEN on_day + 30 END, 0, 0, CASE WHEN i %% 17 = 0 THEN step %% 3 END,
  'import', '\\x00'
FROM plan CROSS JOIN generate_series(0, 4) step
CROSS JOIN LATERAL (SELECT least(filed_on + step * 30, DATE '%(today)s') AS on_day) day
CROSS JOIN (SELECT array_agg(id ORDER BY label_norm) AS types FROM activity_types) t
CROSS JOIN (SELECT
  array_agg(id ORDER BY label_norm, id) FILTER (WHERE effect <> ALL (ending)) AS outcomes,
  array_agg(id ORDER BY label_norm, id) FILTER (WHERE effect = 'dispose') AS endings
  FROM outcomes CROSS JOIN (SELECT ARRAY['dispose', 'transfer_out'] AS ending) e) o
ORDER BY on_day;
INSERT INTO activity_judges (activity_id, position, judge_id)
SELECT pg_temp.activity_id(filed_on, i, step), 1, judge_id
FROM plan CROSS JOIN generate_series(0, 4) step
ORDER BY filed_on + step * 30;
INSERT INTO hearings (id, created_at, updated_at, version, case_id, court_id, hearing_on,
  setting_no, status, set_by_id, actual_id, is_manual, is_vacated)
SELECT pg_temp.uuid7(), on_day, on_day, 1, case_id, court_id, on_day,
  row_number() OVER (PARTITION BY case_id, turn ORDER BY on_day), status, set_by_id, actual_id,
  false, false
FROM (
  SELECT *, count(*) FILTER (WHERE status = 'heard')
    OVER (PARTITION BY case_id ORDER BY on_day ROWS UNBOUNDED PRECEDING EXCLUDE CURRENT ROW) AS turn
  FROM (
    SELECT d.*, CASE WHEN actual_id IS NULL AND on_day >= '%(today)s' THEN 'scheduled'
      WHEN actual_id IS NULL THEN 'not_reached' WHEN o.effect = 'adjourn' THEN 'adjourned'
      ELSE 'heard' END AS status
    FROM (
      SELECT DISTINCT ON (p.id, day.on_day) p.id AS case_id, p.court_id, day.on_day,
        CASE WHEN t.counts_as_hearing THEN a.id END AS actual_id,
        CASE WHEN step > 0 AND day.on_day = filed_on + step * 30
          THEN pg_temp.activity_id(filed_on, i, step - 1) END AS set_by_id,
        a.outcome_id
      FROM plan p CROSS JOIN generate_series(0, 4) step
      CROSS JOIN LATERAL (SELECT least(filed_on + step * 30, DATE '%(today)s') AS on_day) day
      JOIN case_activities a ON a.id = pg_temp.activity_id(filed_on, i, step)
      JOIN activity_types t ON t.id = a.activity_type_id
      ORDER BY p.id, day.on_day, t.counts_as_hearing DESC
    ) d LEFT JOIN outcomes o ON o.id = d.outcome_id
    WHERE actual_id IS NOT NULL OR set_by_id IS NOT NULL
  ) days
) turns
ORDER BY on_day
""",
    """
INSERT INTO case_status_events
  (id, case_id, activity_id, court_id, case_type_id, kind, effective_on, recorded_at)
SELECT pg_temp.uuid7(), id,
  CASE WHEN kind LIKE '%%%%disposed' THEN pg_temp.activity_id(filed_on, i, 4) END, court_id,
  case_type_id, kind, on_day, on_day + interval '12 hours'
FROM plan CROSS JOIN LATERAL (VALUES
  (begins, filed_on),
  ('inactivated', inactive_on),
  ('reactivated', CASE WHEN inactive_on IS NOT NULL AND active_on IS NULL
    THEN disposed_on ELSE active_on END),
  (ends, disposed_on),
  ('reopened', reopened_on),
  ('reopened_disposed', closed_again_on)
) happened (kind, on_day)
WHERE on_day <= '%(today)s' ORDER BY on_day
""",
)


def make(url: str, cases: int, courts: int = COURTS) -> None:
    """Fill an empty, migrated database."""
    values = {"cases": cases, "courts": courts, "judges": JUDGES, "today": TODAY}
    with psycopg.connect(url, autocommit=True) as connection:
        # Without triggers and foreign keys; indexes are built once, at the end.
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET maintenance_work_mem = '512MB'")
        connection.execute("SELECT setseed(0.5)")
        connection.execute("SET work_mem = '256MB'")
        connection.execute(UUID7)
        connection.execute(ACTIVITY_ID)
        found = connection.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s)"
            " AND indexname NOT LIKE 'pk_%%'",
            [list(TABLES)],
        ).fetchall()
        for name, _ in found:
            connection.execute(f'DROP INDEX "{name}"')
        for statement in STATEMENTS:
            for part in statement.split(";"):
                connection.execute(part % values)
        for _, definition in found:
            connection.execute(definition)
        # As triggers would have.
        for statement in (totals.FILL, states.FILL_ALL, decisions.FILL_ALL):
            connection.execute(statement)
        connection.execute("VACUUM ANALYZE")
