#!/bin/sh
# Auth's schema and core's service client; in demo mode the demo accounts.
set -eu
secret() { cat "/run/secrets/$1"; }
export AUTH_MIGRATION_DATABASE_URL="${AUTH_MIGRATION_DATABASE_URL:-$(cat /run/owner/auth_migration_database_url)}"
auth migrate
AUTH_CLIENT_SECRET=$(secret auth_client_secret) \
  auth ensure-client --client-id core --scopes users:read,revocations:read,grants:read --audiences auth
[ "${MASIJALA_DEMO:-0}" = 1 ] || exit 0
courts=$(python -c 'import json; print(",".join(json.load(open("/demo/courts.json"))["courts"].values()))')
AUTH_DEMO_PASSWORD=$(secret auth_demo_password) auth seed-demo --clerk-courts "$courts"
