#!/bin/sh
# Core's schema and vocabulary; in demo mode the demo courts, whose IDs auth's turn reads.
set -eu
export CORE_MIGRATION_DATABASE_URL="${CORE_MIGRATION_DATABASE_URL:-$(cat /run/owner/core_migration_database_url)}"
core migrate
[ "${MASIJALA_DEMO:-0}" = 1 ] || exit 0
core seed-demo | tail -n 1 > /demo/courts.json.new
mv /demo/courts.json.new /demo/courts.json
