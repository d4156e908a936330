#!/bin/sh
# Demo courts, cases and accounts in the containers: core names the courts, auth grants them.
# MASIJALA_DEMO_PASSWORD in .env is the password of all three demo accounts.
set -eu
compose=${COMPOSE:-docker-compose}
courts=$($compose exec -T core core seed-demo | tail -n 1 |
  python3 -c 'import json, sys; print(",".join(json.load(sys.stdin)["courts"].values()))')
$compose exec -T auth auth seed-demo --clerk-courts "$courts"
