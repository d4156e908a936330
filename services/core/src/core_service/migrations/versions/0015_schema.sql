-- What a revision has done it must do for ever: never edit this, write the next one.

-- Both are trusted since Postgres 13: btree_gist for exclusion constraints that mix equality and
-- ranges, pg_trgm for the search of judges' names by likeness.
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE activity_types (
  id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  version integer NOT NULL,
  label varchar NOT NULL,
  label_norm varchar NOT NULL,
  counts_as_hearing boolean NOT NULL,
  adjournable boolean NOT NULL,
  valid_from date,
  valid_to date,
  is_active boolean NOT NULL,
  CONSTRAINT pk_activity_types PRIMARY KEY (id),
  CONSTRAINT ex_activity_types_label_validity EXCLUDE USING gist (
      label_norm WITH =,
      daterange(valid_from, valid_to, '[)') WITH &&)
);

CREATE TABLE adjournment_reasons (
  id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  version integer NOT NULL,
  label varchar NOT NULL,
  label_norm varchar NOT NULL,
  cause varchar(24) NOT NULL,
  is_active boolean NOT NULL,
  CONSTRAINT pk_adjournment_reasons PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_adjournment_reasons_label_norm ON adjournment_reasons (label_norm);

CREATE TABLE case_categories (
  id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  version integer NOT NULL,
  code varchar NOT NULL,
  name varchar NOT NULL,
  nature varchar(24) NOT NULL,
  is_active boolean NOT NULL,
  CONSTRAINT pk_case_categories PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_case_categories_code ON case_categories (code);
CREATE UNIQUE INDEX uq_case_categories_name ON case_categories (lower(name::text));

CREATE TABLE case_types (
  id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  version integer NOT NULL,
  code varchar NOT NULL,
  name varchar NOT NULL,
  name_norm varchar NOT NULL,
  category_id uuid NOT NULL,
  is_active boolean NOT NULL,
  CONSTRAINT pk_case_types PRIMARY KEY (id),
  CONSTRAINT fk_case_types_category_id FOREIGN KEY (category_id) REFERENCES case_categories(id)
);
CREATE INDEX ix_case_types_category_id ON case_types (category_id);
CREATE UNIQUE INDEX uq_case_types_code ON case_types (code);
CREATE UNIQUE INDEX uq_case_types_name_norm ON case_types (name_norm);

CREATE TABLE courts (
  id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  version integer NOT NULL,
  code varchar NOT NULL,
  name varchar NOT NULL,
  court_type varchar(24) NOT NULL,
  station varchar NOT NULL,
  division varchar,
  county varchar,
  parent_id uuid,
  valid_from date,
  valid_to date,
  is_active boolean NOT NULL,
  CONSTRAINT pk_courts PRIMARY KEY (id),
  CONSTRAINT fk_courts_parent_id FOREIGN KEY (parent_id) REFERENCES courts(id),
  CONSTRAINT ck_courts_validity CHECK ((valid_to IS NULL) OR (valid_to > valid_from))
);
CREATE UNIQUE INDEX uq_courts_code ON courts (code);
CREATE UNIQUE INDEX uq_courts_name ON courts (lower(name::text), court_type);

CREATE TABLE judges (
  id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  version integer NOT NULL,
  pj_number varchar,
  surname varchar NOT NULL,
  given_names varchar NOT NULL,
  display_name varchar NOT NULL,
  name_norm varchar NOT NULL,
  cadre varchar(24) NOT NULL,
  is_active boolean NOT NULL,
  merged_into_id uuid,
  CONSTRAINT pk_judges PRIMARY KEY (id),
  CONSTRAINT fk_judges_merged_into_id FOREIGN KEY (merged_into_id) REFERENCES judges(id)
);
CREATE INDEX ix_judges_name_likeness ON judges USING gin (name_norm gin_trgm_ops);
CREATE INDEX ix_judges_name_norm ON judges (name_norm);
CREATE UNIQUE INDEX uq_judges_pj_number ON judges (pj_number);

CREATE TABLE cases (
  id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  version integer NOT NULL,
  court_id uuid NOT NULL,
  caseid_type varchar NOT NULL,
  number_raw varchar NOT NULL,
  number_norm varchar NOT NULL,
  number_serial bigint NOT NULL,
  filed_year integer NOT NULL,
  filed_on date NOT NULL,
  case_type_id uuid NOT NULL,
  status varchar(24) NOT NULL,
  status_since date NOT NULL,
  disposed_on date,
  next_hearing_on date,
  last_activity_on date,
  activity_count integer NOT NULL,
  adjournment_count integer NOT NULL,
  lead_judge_id uuid,
  original_court varchar,
  original_code varchar,
  original_number varchar,
  original_year integer,
  male_applicant integer NOT NULL,
  female_applicant integer NOT NULL,
  organization_applicant integer NOT NULL,
  male_defendant integer NOT NULL,
  female_defendant integer NOT NULL,
  organization_defendant integer NOT NULL,
  custody_count integer NOT NULL,
  legal_representation boolean,
  sealed boolean NOT NULL,
  source_kind varchar(24) NOT NULL,
  batch_id uuid,
  filename varchar,
  row_no integer,
  deleted_at timestamptz,
  received_from_id uuid,
  CONSTRAINT pk_cases PRIMARY KEY (id),
  CONSTRAINT fk_cases_case_type_id FOREIGN KEY (case_type_id) REFERENCES case_types(id),
  CONSTRAINT fk_cases_court_id FOREIGN KEY (court_id) REFERENCES courts(id),
  CONSTRAINT fk_cases_lead_judge_id FOREIGN KEY (lead_judge_id) REFERENCES judges(id),
  CONSTRAINT fk_cases_received_from_id FOREIGN KEY (received_from_id) REFERENCES cases(id),
  CONSTRAINT ck_cases_custody_count CHECK (custody_count BETWEEN 0 AND 999),
  CONSTRAINT ck_cases_disposed_on
    CHECK ((status = 'disposed') = (disposed_on IS NOT NULL)),
  CONSTRAINT ck_cases_female_applicant CHECK (female_applicant BETWEEN 0 AND 999),
  CONSTRAINT ck_cases_female_defendant CHECK (female_defendant BETWEEN 0 AND 999),
  CONSTRAINT ck_cases_filed_year CHECK (filed_year::numeric = EXTRACT(year FROM filed_on)),
  CONSTRAINT ck_cases_male_applicant CHECK (male_applicant BETWEEN 0 AND 999),
  CONSTRAINT ck_cases_male_defendant CHECK (male_defendant BETWEEN 0 AND 999),
  CONSTRAINT ck_cases_organization_applicant
    CHECK (organization_applicant BETWEEN 0 AND 999),
  CONSTRAINT ck_cases_organization_defendant
    CHECK (organization_defendant BETWEEN 0 AND 999)
);
CREATE INDEX ix_cases_case_type_id ON cases (case_type_id, filed_on, id);
CREATE INDEX ix_cases_court_filed_on ON cases (court_id, filed_on, id);
CREATE INDEX ix_cases_court_last_seen_on
  ON cases (court_id, COALESCE(last_activity_on, filed_on), id);
CREATE INDEX ix_cases_court_number_order
  ON cases (court_id, caseid_type, filed_year, number_serial, id);
CREATE INDEX ix_cases_disposed_on ON cases (disposed_on) WHERE (disposed_on IS NOT NULL);
CREATE INDEX ix_cases_filed_on ON cases (filed_on, id);
CREATE INDEX ix_cases_in_custody ON cases (filed_on, id) WHERE (custody_count > 0);
CREATE INDEX ix_cases_last_seen_on ON cases (COALESCE(last_activity_on, filed_on), id);
CREATE INDEX ix_cases_lead_judge_id ON cases (lead_judge_id, filed_on, id);
CREATE INDEX ix_cases_next_hearing_on ON cases (court_id, next_hearing_on)
  WHERE (next_hearing_on IS NOT NULL);
CREATE INDEX ix_cases_number_norm ON cases (number_norm, filed_year);
CREATE INDEX ix_cases_number_order ON cases (caseid_type, filed_year, number_serial, id);
CREATE INDEX ix_cases_sealed ON cases (filed_on, id) WHERE (sealed IS TRUE);
CREATE INDEX ix_cases_status ON cases (status, filed_on, id);
CREATE UNIQUE INDEX uq_cases_number ON cases (court_id, caseid_type, number_norm, filed_year);

CREATE TABLE outcomes (
  id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  version integer NOT NULL,
  label varchar NOT NULL,
  label_norm varchar NOT NULL,
  effect varchar(24) NOT NULL,
  on_merits boolean,
  limited_to uuid[] NOT NULL,
  valid_from date,
  valid_to date,
  is_active boolean NOT NULL,
  CONSTRAINT pk_outcomes PRIMARY KEY (id),
  CONSTRAINT ex_outcomes_label_validity EXCLUDE USING gist (
      label_norm WITH =,
      daterange(valid_from, valid_to, '[)') WITH &&)
);

CREATE TABLE case_activities (
  id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  version integer NOT NULL,
  case_id uuid NOT NULL,
  activity_on date NOT NULL,
  seq integer NOT NULL,
  activity_type_id uuid NOT NULL,
  outcome_id uuid,
  reason_id uuid,
  next_on date,
  applicant_witnesses integer NOT NULL,
  defendant_witnesses integer NOT NULL,
  custody_count integer,
  legal_representation boolean,
  details varchar,
  source_kind varchar(24) NOT NULL,
  batch_id uuid,
  filename varchar,
  row_no integer,
  content_hash bytea NOT NULL,
  supersedes_id uuid,
  voided_at timestamptz,
  void_reason varchar(24),
  sets_status varchar(24),
  counterpart_id uuid,
  case_version integer,
  void_note varchar,
  CONSTRAINT pk_case_activities PRIMARY KEY (id),
  CONSTRAINT fk_case_activities_activity_type_id FOREIGN KEY (activity_type_id) REFERENCES activity_types(id),
  CONSTRAINT fk_case_activities_case_id FOREIGN KEY (case_id) REFERENCES cases(id),
  CONSTRAINT fk_case_activities_counterpart_id FOREIGN KEY (counterpart_id) REFERENCES case_activities(id),
  CONSTRAINT fk_case_activities_outcome_id FOREIGN KEY (outcome_id) REFERENCES outcomes(id),
  CONSTRAINT fk_case_activities_reason_id FOREIGN KEY (reason_id) REFERENCES adjournment_reasons(id),
  CONSTRAINT fk_case_activities_supersedes_id FOREIGN KEY (supersedes_id) REFERENCES case_activities(id),
  CONSTRAINT ck_case_activities_applicant_witnesses
    CHECK (applicant_witnesses BETWEEN 0 AND 999),
  CONSTRAINT ck_case_activities_custody_count
    CHECK (custody_count BETWEEN 0 AND 999),
  CONSTRAINT ck_case_activities_defendant_witnesses
    CHECK (defendant_witnesses BETWEEN 0 AND 999),
  CONSTRAINT ck_case_activities_seq CHECK (seq > 0),
  CONSTRAINT ck_case_activities_void_reason
    CHECK ((voided_at IS NULL) = (void_reason IS NULL))
);
CREATE INDEX ix_case_activities_activity_on ON case_activities USING brin (activity_on);
CREATE INDEX ix_case_activities_batch_id ON case_activities (batch_id, row_no)
  WHERE (batch_id IS NOT NULL);
CREATE INDEX ix_case_activities_case_id ON case_activities (case_id, activity_on, seq);
CREATE UNIQUE INDEX uq_case_activities_counterpart_id ON case_activities (counterpart_id)
  WHERE ((counterpart_id IS NOT NULL) AND (voided_at IS NULL));
CREATE UNIQUE INDEX uq_case_activities_live
  ON case_activities (case_id, activity_on, activity_type_id, seq)
  WHERE (voided_at IS NULL);
CREATE UNIQUE INDEX uq_case_activities_supersedes_id ON case_activities (supersedes_id)
  WHERE ((supersedes_id IS NOT NULL) AND (voided_at IS NULL));

CREATE TABLE activity_judges (
  activity_id uuid NOT NULL,
  "position" integer NOT NULL,
  judge_id uuid NOT NULL,
  CONSTRAINT pk_activity_judges PRIMARY KEY (activity_id, "position"),
  CONSTRAINT fk_activity_judges_activity_id FOREIGN KEY (activity_id) REFERENCES case_activities(id),
  CONSTRAINT fk_activity_judges_judge_id FOREIGN KEY (judge_id) REFERENCES judges(id),
  CONSTRAINT ck_activity_judges_position
    CHECK (("position" >= 1) AND ("position" <= 7))
);
CREATE INDEX ix_activity_judges_judge_id ON activity_judges (judge_id);
CREATE UNIQUE INDEX uq_activity_judges_judge ON activity_judges (activity_id, judge_id);

CREATE TABLE aliases (
  id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  version integer NOT NULL,
  kind varchar(24) NOT NULL,
  spelling varchar NOT NULL,
  raw varchar NOT NULL,
  state varchar(24) NOT NULL,
  target_id uuid,
  first_seen_batch_id uuid,
  first_seen_row_no integer,
  decided_at timestamptz,
  decided_by uuid,
  CONSTRAINT pk_aliases PRIMARY KEY (id),
  CONSTRAINT ck_aliases_target CHECK ((state = 'accepted') = (target_id IS NOT NULL))
);
CREATE INDEX ix_aliases_kind_state ON aliases (kind, state, id);
CREATE INDEX ix_aliases_pending_first_seen ON aliases (first_seen_batch_id)
  WHERE (state = 'pending');
CREATE UNIQUE INDEX uq_aliases_spelling ON aliases (kind, spelling);

CREATE TABLE audit_checkpoints (
  "position" bigint NOT NULL,
  kind varchar(16) NOT NULL,
  hash bytea NOT NULL,
  made_at timestamptz NOT NULL,
  key_id varchar(16) NOT NULL,
  signature bytea NOT NULL,
  CONSTRAINT pk_audit_checkpoints PRIMARY KEY ("position", kind)
);

CREATE TABLE audit_events (
  sequence bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  occurred_at timestamptz NOT NULL,
  action varchar(24) NOT NULL,
  entity varchar NOT NULL,
  entity_id uuid,
  court_id uuid,
  operation varchar NOT NULL,
  actor_id uuid,
  client_id varchar,
  ip varchar,
  request_id varchar,
  version_before integer,
  version_after integer,
  changes jsonb NOT NULL,
  "position" bigint,
  previous_hash bytea,
  hash bytea,
  CONSTRAINT pk_audit_events PRIMARY KEY (sequence),
  CONSTRAINT uq_audit_events_position UNIQUE ("position")
);
CREATE INDEX ix_audit_events_actor_id ON audit_events (actor_id, sequence);
CREATE INDEX ix_audit_events_court_id ON audit_events (court_id, sequence);
CREATE INDEX ix_audit_events_entity ON audit_events (entity_id, sequence);
CREATE INDEX ix_audit_events_occurred_at ON audit_events (occurred_at);
CREATE INDEX ix_audit_events_request_id ON audit_events (request_id);
CREATE INDEX ix_audit_events_unsealed ON audit_events (sequence) WHERE ("position" IS NULL);

CREATE TABLE case_changes (
  id uuid NOT NULL,
  case_id uuid NOT NULL,
  case_version integer NOT NULL,
  kind varchar(24) NOT NULL,
  changes jsonb NOT NULL,
  reason varchar,
  changed_at timestamptz NOT NULL,
  changed_by uuid,
  source_kind varchar(24) NOT NULL,
  batch_id uuid,
  filename varchar,
  row_no integer,
  CONSTRAINT pk_case_changes PRIMARY KEY (id),
  CONSTRAINT fk_case_changes_case_id FOREIGN KEY (case_id) REFERENCES cases(id)
);
CREATE INDEX ix_case_changes_case_id ON case_changes (case_id, case_version);

CREATE TABLE case_judge_assignments (
  id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  version integer NOT NULL,
  case_id uuid NOT NULL,
  judge_id uuid NOT NULL,
  role varchar(24) NOT NULL,
  from_on date NOT NULL,
  to_on date,
  reason varchar,
  origin varchar(24) NOT NULL DEFAULT 'bench',
  ended_on date,
  ended_reason varchar,
  CONSTRAINT pk_case_judge_assignments PRIMARY KEY (id),
  CONSTRAINT fk_case_judge_assignments_case_id FOREIGN KEY (case_id) REFERENCES cases(id),
  CONSTRAINT fk_case_judge_assignments_judge_id FOREIGN KEY (judge_id) REFERENCES judges(id),
  CONSTRAINT ck_case_judge_assignments_period
    CHECK ((to_on IS NULL) OR (to_on >= from_on))
);
CREATE INDEX ix_case_judge_assignments_case_id ON case_judge_assignments (case_id, from_on);
CREATE INDEX ix_case_judge_assignments_judge_id ON case_judge_assignments (judge_id, to_on);
CREATE UNIQUE INDEX uq_case_judge_assignments_current_lead ON case_judge_assignments (case_id)
  WHERE ((role = 'lead') AND (to_on IS NULL));

CREATE TABLE case_links (
  id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  version integer NOT NULL,
  case_id uuid NOT NULL,
  other_id uuid NOT NULL,
  kind varchar(24) NOT NULL,
  reason varchar,
  removed_at timestamptz,
  CONSTRAINT pk_case_links PRIMARY KEY (id),
  CONSTRAINT fk_case_links_case_id FOREIGN KEY (case_id) REFERENCES cases(id),
  CONSTRAINT fk_case_links_other_id FOREIGN KEY (other_id) REFERENCES cases(id),
  CONSTRAINT ck_case_links_itself CHECK (case_id <> other_id)
);
CREATE INDEX ix_case_links_other_id ON case_links (other_id);
CREATE UNIQUE INDEX uq_case_links_live ON case_links (case_id, other_id, kind)
  WHERE (removed_at IS NULL);

CREATE TABLE case_status_events (
  id uuid NOT NULL,
  case_id uuid NOT NULL,
  court_id uuid NOT NULL,
  kind varchar(24) NOT NULL,
  effective_on date NOT NULL,
  recorded_at timestamptz NOT NULL,
  retracted_at timestamptz,
  activity_id uuid,
  CONSTRAINT pk_case_status_events PRIMARY KEY (id),
  CONSTRAINT fk_case_status_events_activity_id FOREIGN KEY (activity_id) REFERENCES case_activities(id),
  CONSTRAINT fk_case_status_events_case_id FOREIGN KEY (case_id) REFERENCES cases(id),
  CONSTRAINT fk_case_status_events_court_id FOREIGN KEY (court_id) REFERENCES courts(id),
  CONSTRAINT ck_case_status_events_retracted_at
    CHECK (retracted_at >= recorded_at)
);
CREATE INDEX ix_case_status_events_case_id ON case_status_events (case_id, effective_on);
CREATE INDEX ix_case_status_events_live
  ON case_status_events (court_id, effective_on, kind, case_id)
  WHERE (retracted_at IS NULL);
CREATE INDEX ix_case_status_events_recorded_at ON case_status_events USING brin (recorded_at);

CREATE TABLE change_requests (
  id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  version integer NOT NULL,
  kind varchar(24) NOT NULL,
  state varchar(24) NOT NULL,
  case_id uuid,
  activity_id uuid,
  court_id uuid,
  deciding_court_id uuid,
  reason varchar,
  terms jsonb NOT NULL,
  decided_at timestamptz,
  decided_by uuid,
  decision_note varchar,
  entity varchar,
  entity_id uuid,
  entity_version integer,
  CONSTRAINT pk_change_requests PRIMARY KEY (id),
  CONSTRAINT fk_change_requests_activity_id FOREIGN KEY (activity_id) REFERENCES case_activities(id),
  CONSTRAINT fk_change_requests_case_id FOREIGN KEY (case_id) REFERENCES cases(id),
  CONSTRAINT fk_change_requests_court_id FOREIGN KEY (court_id) REFERENCES courts(id),
  CONSTRAINT fk_change_requests_deciding_court_id FOREIGN KEY (deciding_court_id) REFERENCES courts(id),
  CONSTRAINT ck_change_requests_decided_at_court
    CHECK ((case_id IS NULL) OR (deciding_court_id IS NOT NULL)),
  CONSTRAINT ck_change_requests_subject CHECK ((case_id IS NULL) = (entity IS NOT NULL))
);
CREATE INDEX ix_change_requests_state ON change_requests (state, id);
CREATE UNIQUE INDEX uq_change_requests_pending
  ON change_requests (case_id, kind, COALESCE(activity_id, case_id))
  WHERE (state = 'pending');
CREATE UNIQUE INDEX uq_change_requests_pending_entity
  ON change_requests (entity, kind, COALESCE(entity_id::text, md5(terms::text)), COALESCE(deciding_court_id::text, ''))
  WHERE (state = 'pending');

CREATE TABLE court_aliases (
  id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  version integer NOT NULL,
  alias_id uuid NOT NULL,
  court_id uuid NOT NULL,
  state varchar(24) NOT NULL,
  target_id uuid,
  CONSTRAINT pk_court_aliases PRIMARY KEY (id),
  CONSTRAINT fk_court_aliases_alias_id FOREIGN KEY (alias_id) REFERENCES aliases(id),
  CONSTRAINT fk_court_aliases_court_id FOREIGN KEY (court_id) REFERENCES courts(id),
  CONSTRAINT ck_court_aliases_state CHECK (state <> 'pending'),
  CONSTRAINT ck_court_aliases_target
    CHECK ((state = 'accepted') = (target_id IS NOT NULL))
);
CREATE INDEX ix_court_aliases_target_id ON court_aliases (target_id);
CREATE UNIQUE INDEX uq_court_aliases_alias_id_court_id ON court_aliases (alias_id, court_id);

CREATE TABLE hearings (
  id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  version integer NOT NULL,
  case_id uuid NOT NULL,
  court_id uuid NOT NULL,
  hearing_on date NOT NULL,
  judge_id uuid,
  purpose_id uuid,
  setting_no integer NOT NULL,
  status varchar(24) NOT NULL,
  set_by_id uuid,
  actual_id uuid,
  is_manual boolean NOT NULL,
  is_vacated boolean NOT NULL,
  planned_judge_id uuid,
  planned_purpose_id uuid,
  note varchar,
  CONSTRAINT pk_hearings PRIMARY KEY (id),
  CONSTRAINT fk_hearings_actual_id FOREIGN KEY (actual_id) REFERENCES case_activities(id),
  CONSTRAINT fk_hearings_case_id FOREIGN KEY (case_id) REFERENCES cases(id),
  CONSTRAINT fk_hearings_court_id FOREIGN KEY (court_id) REFERENCES courts(id),
  CONSTRAINT fk_hearings_judge_id FOREIGN KEY (judge_id) REFERENCES judges(id),
  CONSTRAINT fk_hearings_planned_judge_id FOREIGN KEY (planned_judge_id) REFERENCES judges(id),
  CONSTRAINT fk_hearings_planned_purpose_id FOREIGN KEY (planned_purpose_id) REFERENCES activity_types(id),
  CONSTRAINT fk_hearings_purpose_id FOREIGN KEY (purpose_id) REFERENCES activity_types(id),
  CONSTRAINT fk_hearings_set_by_id FOREIGN KEY (set_by_id) REFERENCES case_activities(id),
  CONSTRAINT ck_hearings_actual
    CHECK ((status IN ('heard', 'adjourned')) = (actual_id IS NOT NULL)),
  CONSTRAINT ck_hearings_setting_no CHECK (setting_no > 0),
  CONSTRAINT ck_hearings_vacated CHECK (is_manual OR (NOT is_vacated))
);
CREATE INDEX ix_hearings_actual_id ON hearings (actual_id) WHERE (actual_id IS NOT NULL);
CREATE INDEX ix_hearings_court_day ON hearings (court_id, hearing_on);
CREATE INDEX ix_hearings_judge_day ON hearings (judge_id, hearing_on);
CREATE INDEX ix_hearings_set_by_id ON hearings (set_by_id) WHERE (set_by_id IS NOT NULL);
CREATE UNIQUE INDEX uq_hearings_day ON hearings (case_id, hearing_on);

CREATE TABLE idempotency_keys (
  caller varchar(128) NOT NULL,
  key varchar(255) NOT NULL,
  fingerprint bytea NOT NULL,
  status varchar(3) NOT NULL,
  headers jsonb NOT NULL,
  body jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  held jsonb,
  CONSTRAINT pk_idempotency_keys PRIMARY KEY (caller, key)
);
CREATE INDEX ix_idempotency_keys_created_at ON idempotency_keys (created_at);

CREATE TABLE import_batches (
  id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  version integer NOT NULL,
  state varchar(24) NOT NULL,
  mode varchar(24) NOT NULL,
  filename varchar NOT NULL,
  sha256 varchar NOT NULL,
  size bigint NOT NULL,
  court_id uuid,
  grants jsonb,
  court_ids uuid[] NOT NULL,
  validated_rows integer NOT NULL,
  applied_rows integer NOT NULL,
  total_rows integer NOT NULL,
  new_rows integer NOT NULL,
  unchanged_rows integer NOT NULL,
  duplicate_rows integer NOT NULL,
  correction_rows integer NOT NULL,
  held_rows integer NOT NULL,
  rejected_rows integer NOT NULL,
  empty_rows integer NOT NULL,
  error_code varchar,
  error varchar,
  client_id varchar,
  file_deleted_at timestamptz,
  CONSTRAINT pk_import_batches PRIMARY KEY (id),
  CONSTRAINT fk_import_batches_court_id FOREIGN KEY (court_id) REFERENCES courts(id)
);
CREATE INDEX ix_import_batches_created_by ON import_batches (created_by, id);
CREATE UNIQUE INDEX uq_import_batches_sha256 ON import_batches (sha256)
  WHERE (state NOT IN ('failed', 'reverted'));

CREATE TABLE import_files (
  batch_id uuid NOT NULL,
  chunk_no integer NOT NULL,
  content bytea NOT NULL,
  CONSTRAINT pk_import_files PRIMARY KEY (batch_id, chunk_no),
  CONSTRAINT fk_import_files_batch_id FOREIGN KEY (batch_id) REFERENCES import_batches(id),
  CONSTRAINT ck_import_files_content CHECK (octet_length(content) <= 1048576)
);

CREATE TABLE import_row_issues (
  batch_id uuid NOT NULL,
  row_no integer NOT NULL,
  seq integer NOT NULL,
  code varchar(24) NOT NULL,
  severity varchar(24) NOT NULL,
  "column" varchar,
  value varchar,
  message varchar NOT NULL,
  suggestion varchar,
  alias_id uuid,
  CONSTRAINT pk_import_row_issues PRIMARY KEY (batch_id, row_no, seq),
  CONSTRAINT fk_import_row_issues_alias_id FOREIGN KEY (alias_id) REFERENCES aliases(id),
  CONSTRAINT fk_import_row_issues_batch_id FOREIGN KEY (batch_id) REFERENCES import_batches(id)
);
CREATE INDEX ix_import_row_issues_alias_id ON import_row_issues (alias_id, batch_id, row_no)
  WHERE (alias_id IS NOT NULL);
CREATE INDEX ix_import_row_issues_code ON import_row_issues (batch_id, code, row_no, seq);

CREATE TABLE import_rows (
  batch_id uuid NOT NULL,
  row_no integer NOT NULL,
  raw jsonb NOT NULL,
  result varchar(24) NOT NULL,
  identity_hash bytea,
  content_hash bytea,
  case_id uuid,
  activity_id uuid,
  court_id uuid,
  CONSTRAINT pk_import_rows PRIMARY KEY (batch_id, row_no),
  CONSTRAINT fk_import_rows_activity_id FOREIGN KEY (activity_id) REFERENCES case_activities(id),
  CONSTRAINT fk_import_rows_batch_id FOREIGN KEY (batch_id) REFERENCES import_batches(id),
  CONSTRAINT fk_import_rows_case_id FOREIGN KEY (case_id) REFERENCES cases(id)
);
CREATE INDEX ix_import_rows_activity_id ON import_rows (activity_id)
  WHERE (activity_id IS NOT NULL);
CREATE INDEX ix_import_rows_court_id ON import_rows (batch_id, court_id, row_no);
CREATE INDEX ix_import_rows_identity_hash ON import_rows (batch_id, identity_hash, row_no)
  WHERE (identity_hash IS NOT NULL);
CREATE INDEX ix_import_rows_result ON import_rows (batch_id, result, row_no);

CREATE TABLE judge_merges (
  id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  version integer NOT NULL,
  judge_id uuid NOT NULL,
  into_id uuid NOT NULL,
  was_active boolean NOT NULL,
  reason varchar,
  undone_at timestamptz,
  undone_by uuid,
  CONSTRAINT pk_judge_merges PRIMARY KEY (id),
  CONSTRAINT fk_judge_merges_into_id FOREIGN KEY (into_id) REFERENCES judges(id),
  CONSTRAINT fk_judge_merges_judge_id FOREIGN KEY (judge_id) REFERENCES judges(id),
  CONSTRAINT ck_judge_merges_itself CHECK (judge_id <> into_id)
);
CREATE UNIQUE INDEX uq_judge_merges_current ON judge_merges (judge_id) WHERE (undone_at IS NULL);

CREATE TABLE judge_merge_items (
  merge_id uuid NOT NULL,
  kind varchar(24) NOT NULL,
  row_id uuid NOT NULL,
  place integer NOT NULL,
  judge_id uuid,
  CONSTRAINT pk_judge_merge_items PRIMARY KEY (merge_id, kind, row_id, place),
  CONSTRAINT fk_judge_merge_items_merge_id FOREIGN KEY (merge_id) REFERENCES judge_merges(id)
);

CREATE TABLE judge_postings (
  id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  version integer NOT NULL,
  judge_id uuid NOT NULL,
  court_id uuid NOT NULL,
  from_on date NOT NULL,
  to_on date,
  principal boolean NOT NULL,
  CONSTRAINT pk_judge_postings PRIMARY KEY (id),
  CONSTRAINT ex_judge_postings_principal EXCLUDE USING gist (
      judge_id WITH =,
      daterange(from_on, to_on, '[)') WITH &&) WHERE (principal),
  CONSTRAINT fk_judge_postings_court_id FOREIGN KEY (court_id) REFERENCES courts(id),
  CONSTRAINT fk_judge_postings_judge_id FOREIGN KEY (judge_id) REFERENCES judges(id),
  CONSTRAINT ck_judge_postings_period CHECK ((to_on IS NULL) OR (to_on > from_on))
);
CREATE INDEX ix_judge_postings_court_id ON judge_postings (court_id, from_on);
CREATE INDEX ix_judge_postings_judge_id ON judge_postings (judge_id, from_on);

CREATE TABLE time_standards (
  id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  version integer NOT NULL,
  edition varchar NOT NULL,
  label varchar NOT NULL,
  label_norm varchar NOT NULL,
  category_id uuid,
  court_type varchar(24),
  measure varchar(24) NOT NULL,
  percent integer NOT NULL,
  days integer NOT NULL,
  source varchar NOT NULL,
  valid_from date,
  valid_to date,
  is_active boolean NOT NULL,
  CONSTRAINT pk_time_standards PRIMARY KEY (id),
  CONSTRAINT ex_time_standards_validity EXCLUDE USING gist (
      edition WITH =,
      label_norm WITH =,
      COALESCE(category_id, '00000000-0000-0000-0000-000000000000'::uuid) WITH =,
      COALESCE(court_type, '') WITH =,
      measure WITH =,
      percent WITH =,
      daterange(valid_from, valid_to, '[)') WITH &&),
  CONSTRAINT fk_time_standards_category_id FOREIGN KEY (category_id) REFERENCES case_categories(id),
  CONSTRAINT ck_time_standards_days CHECK (days > 0),
  CONSTRAINT ck_time_standards_percent CHECK (percent BETWEEN 1 AND 100)
);
CREATE INDEX ix_time_standards_category_id ON time_standards (category_id);
