# Everything lives in .venv and instance/; nothing needs root. `make help` lists the verbs.

PYTHON ?= python3
ARGS ?=
BIN := .venv/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check
# A lock is complete, so pip has nothing to resolve: left to resolve, an old pip leaves the lock as
# soon as a dependency asks for an extra of which a newer release exists. `pip check` looks afterwards.
INSTALL := $(PIP) --no-deps --require-hashes -r
CHECK := $(BIN)/pip --disable-pip-version-check check >.venv/check.txt || { cat .venv/check.txt; exit 1; }
DEMO := $(CURDIR)/instance-demo
SERVE := .venv/.installed-serve
DEV := .venv/.installed-dev
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --group build \
	--custom-compile-command "make lock" pyproject.toml

.DEFAULT_GOAL := help
.PHONY: help setup postgresql documents serve demo test quick coverage lint fix sure docs migration attack bench lock locked audit actions
.DELETE_ON_ERROR:

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

setup: $(SERVE) ## Install what serving needs and create the instance; again changes nothing
	@$(BIN)/dragoman db upgrade

postgresql: $(SERVE) ## Install the driver, for a record that lives on PostgreSQL
	@$(INSTALL) requirements-postgresql.txt
	@$(CHECK)

documents: $(SERVE) ## Install what `dragoman import` reads PDF, Word, web pages and others with
	@$(INSTALL) requirements-import.txt
	@$(CHECK)

serve: setup ## Set up what is missing and serve; loads the bundled dataset the first time
	@$(BIN)/dragoman serve

demo: $(SERVE) ## Serve the fictional dataset in an instance of its own, beside whatever else is there
	@export DRAGOMAN_INSTANCE=$(DEMO) && unset DRAGOMAN_DATABASE_URL && \
		$(BIN)/dragoman db upgrade && $(BIN)/dragoman load data/velm-strait && \
		DRAGOMAN_NOTICE='This record is fictional: no state, person or event in it is real.' \
		$(BIN)/dragoman serve

test: $(DEV) ## Run the tests on SQLite, PostgreSQL and in Chromium; ARGS="-k word" chooses
	@$(BIN)/pytest -n auto --maxprocesses 4 $(ARGS)

quick: $(DEV) ## Run a subset of the tests, in four to five minutes: SQLite, small records, each test once
	@$(BIN)/pytest -n auto --maxprocesses 4 -q --hypothesis-profile=quick --each-once \
		-m "not browser and not postgresql and not slow and not bundled and not docs" $(ARGS)

coverage: $(DEV) ## Run all tests and say which branches they never took; htmlcov/ shows them
	@$(BIN)/pytest -n auto --maxprocesses 4 -q --cov --cov-report=html --cov-report=term $(ARGS)

lint: $(DEV) ## Check style, format and types
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy

fix: $(DEV) ## Mend what the linter and the formatter can mend by themselves
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

sure: lint test ## Everything that must hold before a commit

docs: $(DEV) ## Rewrite the generated pages of docs/
	@$(BIN)/python -m exchange.schemas
	@$(BIN)/pytest -q -m docs --write-docs

migration: $(DEV) ## Begin a migration, ARGS="what it does": the next number, what autogenerate sees, advice
	@test -n '$(ARGS)' || { echo 'Say what it does: make migration ARGS="allow talks to be suspended"' >&2; exit 1; }
	@rm -rf .venv/migration && mkdir .venv/migration
	@DRAGOMAN_DATABASE_URL=sqlite:///.venv/migration/scratch.sqlite3 sh -c \
		'$(BIN)/alembic -q upgrade head && $(BIN)/alembic -q revision --autogenerate -m "$$1"' - '$(ARGS)'
	@rm -rf .venv/migration && ls -t migrations/versions/*.py | head -1

attack: $(DEV) ## Try a served record as a hostile world would, on loopback; docs/attack.md
	@$(BIN)/python -m benchmarks.attack

bench: $(DEV) ## Measure, all on a small corpus; ARGS=word chooses, CORPUS=100000 says how many passages
	@$(BIN)/python -m benchmarks $(ARGS)

lock: $(BIN)/uv ## Renew the pinned versions from pyproject.toml; ARGS=--upgrade takes newer ones
	@$(LOCK) $(ARGS) -o requirements.txt
	@$(LOCK) $(ARGS) --extra postgresql -c requirements.txt -o requirements-postgresql.txt
	@$(LOCK) $(ARGS) --extra import -c requirements.txt -o requirements-import.txt
	@$(LOCK) $(ARGS) --all-extras -c requirements.txt -o requirements-dev.txt

locked: $(DEV) $(BIN)/uv ## Check that the locks still follow from pyproject.toml and install with the newest pip
	@rm -rf .venv/locked && mkdir .venv/locked && cp requirements*.txt .venv/locked/
	@$(MAKE) --no-print-directory lock
	@for lock in requirements*.txt; do cmp -s $$lock .venv/locked/$$lock || { \
		echo "$$lock does not follow from pyproject.toml: commit what \`make lock\` wrote." >&2; exit 1; }; done
	@$(BIN)/python -m venv .venv/locked/newest && .venv/locked/newest/bin/pip install --quiet --upgrade pip
	@.venv/locked/newest/bin/pip install --quiet --no-deps --require-hashes -r requirements-dev.txt
	@.venv/locked/newest/bin/pip check
	@rm -rf .venv/locked

actions: $(BIN)/actionlint ## Check the GitHub workflow; actionlint is built with Go
	@$(BIN)/actionlint .github/workflows/*.yml

audit: $(BIN)/pip-audit ## Ask the public advisory database about the locked packages, where it can be reached
	@$(BIN)/pip-audit --no-deps --disable-pip --require-hashes -r requirements-dev.txt

# The stamps lie in .venv, so that removing it starts afresh.
$(SERVE): requirements.txt pyproject.toml | .venv/pyvenv.cfg
	@echo 'Installing what Dragoman needs into .venv'
	@$(INSTALL) requirements.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@$(CHECK)
	@touch $@

$(DEV): requirements-dev.txt $(SERVE)
	@echo 'Installing what the tests need into .venv'
	@$(INSTALL) requirements-dev.txt
	@$(CHECK)
	@touch $@

.venv/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo 'Dragoman needs Python 3.11 or later, and "$(PYTHON)" is not one.' \
			'Name one: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)'; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo '"$(PYTHON) -m venv" failed. On Debian and Ubuntu the package python3-venv is missing;' \
			'or name another Python: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)'; exit 1; }

$(BIN)/actionlint: | .venv/pyvenv.cfg
	@command -v go >/dev/null || { echo 'actionlint is built with Go, and there is no `go` here.'; exit 1; }
	@GOBIN=$(abspath $(BIN)) GOFLAGS=-mod=mod go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.7

$(BIN)/uv $(BIN)/pip-audit: | .venv/pyvenv.cfg
	@$(PIP) $(@F)
