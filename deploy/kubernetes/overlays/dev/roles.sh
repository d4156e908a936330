#!/bin/sh
# The two databases, their owners and the services' roles, in a new server.
set -eu
secret() { cat "/run/secrets/$1"; }
for name in auth core; do
  psql --username "${POSTGRES_USER:-postgres}" -v ON_ERROR_STOP=1 -v name="$name" -v service="${name}_service" \
    -v owner_password="$(secret "${name}_database_password")" \
    -v password="$(secret "${name}_service_database_password")" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'owner_password';
CREATE ROLE :"service" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE CONNECT ON DATABASE :"name" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"name" TO :"service";
SQL
done
