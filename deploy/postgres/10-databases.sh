#!/bin/sh
# One database and one role for each service, so that neither can read the other's tables.
set -eu
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
  -v auth_password="$AUTH_DATABASE_PASSWORD" -v core_password="$CORE_DATABASE_PASSWORD" <<'SQL'
CREATE ROLE auth LOGIN PASSWORD :'auth_password';
CREATE ROLE core LOGIN PASSWORD :'core_password';
CREATE DATABASE auth OWNER auth;
CREATE DATABASE core OWNER core;
REVOKE CONNECT ON DATABASE auth FROM PUBLIC;
REVOKE CONNECT ON DATABASE core FROM PUBLIC;
SQL
