-- What a revision has done it must do for ever: never edit this, write the next one.

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
  action varchar(32) NOT NULL,
  outcome varchar(32) NOT NULL,
  reason varchar(64),
  actor_id uuid,
  subject_id uuid,
  session_id uuid,
  client_id varchar(128),
  ip varchar(64),
  user_agent varchar(512),
  request_id varchar(128),
  details jsonb NOT NULL,
  "position" bigint,
  previous_hash bytea,
  hash bytea,
  CONSTRAINT pk_audit_events PRIMARY KEY (sequence),
  CONSTRAINT uq_audit_events_position UNIQUE ("position")
);
CREATE INDEX ix_audit_events_action ON audit_events (action, sequence);
CREATE INDEX ix_audit_events_actor_id ON audit_events (actor_id, sequence);
CREATE INDEX ix_audit_events_ip ON audit_events (ip, sequence);
CREATE INDEX ix_audit_events_occurred_at ON audit_events (occurred_at);
CREATE INDEX ix_audit_events_request_id ON audit_events (request_id);
CREATE INDEX ix_audit_events_subject_id ON audit_events (subject_id, sequence);
CREATE INDEX ix_audit_events_unsealed ON audit_events (sequence) WHERE ("position" IS NULL);

CREATE TABLE client_cutoffs (
  client_id varchar(100) NOT NULL,
  tokens_valid_from timestamptz NOT NULL,
  CONSTRAINT pk_client_cutoffs PRIMARY KEY (client_id)
);
CREATE INDEX ix_client_cutoffs_tokens_valid_from ON client_cutoffs (tokens_valid_from);

CREATE TABLE users (
  id uuid NOT NULL,
  email varchar(254) NOT NULL,
  name varchar(200) NOT NULL,
  password_hash varchar,
  password_changed_at timestamptz,
  is_active boolean NOT NULL,
  tokens_valid_from timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version integer NOT NULL,
  CONSTRAINT pk_users PRIMARY KEY (id),
  CONSTRAINT uq_users_email UNIQUE (email)
);
CREATE INDEX ix_users_tokens_valid_from ON users (tokens_valid_from);

CREATE TABLE grants (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  role varchar(32) NOT NULL,
  court_ids uuid[],
  expires_at timestamptz,
  created_at timestamptz NOT NULL,
  created_by uuid,
  CONSTRAINT pk_grants PRIMARY KEY (id),
  CONSTRAINT fk_grants_user_id FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  CONSTRAINT ck_grants_court_ids CHECK ((court_ids IS NULL) OR (cardinality(court_ids) > 0))
);
CREATE INDEX ix_grants_user_id ON grants (user_id);

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

CREATE TABLE login_failures (
  email_hash bytea NOT NULL,
  failures integer NOT NULL,
  last_failed_at timestamptz NOT NULL,
  CONSTRAINT pk_login_failures PRIMARY KEY (email_hash)
);
CREATE INDEX ix_login_failures_last_failed_at ON login_failures (last_failed_at);

CREATE TABLE password_tokens (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  purpose varchar(32) NOT NULL,
  secret_hash bytea NOT NULL,
  tries integer NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  CONSTRAINT pk_password_tokens PRIMARY KEY (id),
  CONSTRAINT uq_password_tokens_user_id UNIQUE (user_id),
  CONSTRAINT fk_password_tokens_user_id FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);

CREATE TABLE sessions (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  delivery varchar(32) NOT NULL,
  device_name varchar(100),
  ip varchar(64),
  user_agent varchar(512),
  created_at timestamptz NOT NULL,
  last_used_at timestamptz NOT NULL,
  idle_expires_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  ended_at timestamptz,
  end_reason varchar(32),
  CONSTRAINT pk_sessions PRIMARY KEY (id),
  CONSTRAINT fk_sessions_user_id FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  CONSTRAINT ck_sessions_end_reason CHECK ((ended_at IS NULL) = (end_reason IS NULL))
);
CREATE INDEX ix_sessions_ended_at ON sessions (ended_at) WHERE (ended_at IS NOT NULL);
CREATE INDEX ix_sessions_user_id ON sessions (user_id, id);

CREATE TABLE refresh_tokens (
  token_hash bytea NOT NULL,
  session_id uuid NOT NULL,
  generation integer NOT NULL,
  created_at timestamptz NOT NULL,
  spent_at timestamptz,
  CONSTRAINT pk_refresh_tokens PRIMARY KEY (token_hash),
  CONSTRAINT uq_refresh_tokens_session_id_generation UNIQUE (session_id, generation),
  CONSTRAINT fk_refresh_tokens_session_id FOREIGN KEY (session_id) REFERENCES sessions(id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX uq_refresh_tokens_current ON refresh_tokens (session_id)
  WHERE (spent_at IS NULL);

CREATE TABLE revoked_tokens (
  jti varchar(128) NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz NOT NULL,
  CONSTRAINT pk_revoked_tokens PRIMARY KEY (jti)
);
CREATE INDEX ix_revoked_tokens_expires_at ON revoked_tokens (expires_at);

CREATE TABLE service_clients (
  id uuid NOT NULL,
  client_id varchar(100) NOT NULL,
  secret_hash bytea NOT NULL,
  scopes varchar[] NOT NULL,
  audiences varchar[] NOT NULL,
  is_active boolean NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version integer NOT NULL,
  previous_secret_hash bytea,
  previous_secret_until timestamptz,
  CONSTRAINT pk_service_clients PRIMARY KEY (id),
  CONSTRAINT uq_service_clients_client_id UNIQUE (client_id)
);

CREATE TABLE signing_keys (
  kid varchar(64) NOT NULL,
  algorithm varchar(16) NOT NULL,
  state varchar(32) NOT NULL,
  public_jwk jsonb NOT NULL,
  encrypted_private_key bytea NOT NULL,
  created_at timestamptz NOT NULL,
  activated_at timestamptz,
  retired_at timestamptz,
  CONSTRAINT pk_signing_keys PRIMARY KEY (kid)
);
CREATE UNIQUE INDEX uq_signing_keys_active ON signing_keys (state) WHERE (state = 'active');
