# Every target works on a fresh machine with Python 3.11 or newer (PYTHON= names one). `make` lists them.
.DEFAULT_GOAL := help
.PHONY: help run test check bench mutants format lock clean
SHELL := /bin/bash

help:  ## list the targets
	@sed -n 's/^\([a-z]*\):  ## \(.*\)/make \1#\2/p' Makefile | while IFS='#' read -r name text; do printf '%-13s%s\n' "$$name" "$$text"; done

run:  ## set up what is missing, then serve the demo on http://127.0.0.1:8000 (PORT=, DATABASE_URL=)
	@exec bin/run

test:  ## all tests, on SQLite and on PostgreSQL (TEST_DATABASE_URL=, CHROMIUM=); SUBJECT=ledger: those alone, in seconds
	@exec bin/test

check:  ## lint, types, import direction, migrations, deployment, templates, translations, locked requirements
	@exec bin/check

bench:  ## the measurements of bench/, one table each; some minutes (bin/bench NAME… for some, --full for exact ones)
	@exec bin/bench

mutants:  ## changes in the code that no test notices and docs/mutants.md does not explain; half an hour (bin/mutants PATTERN… for some)
	@exec bin/mutants

format:  ## format Python and templates, sort imports
	@bin/venv dev
	@.venv/bin/ruff check --quiet --fix --select I --exit-zero .
	@.venv/bin/ruff format --quiet .
	@bin/templates | xargs -0 .venv/bin/djade --target-version 5.2 || true

lock:  ## write requirements/*.txt anew from pyproject.toml (UPGRADE=1: newest versions)
	@exec bin/lock

clean:  ## remove .venv and caches; var/ with the data stays
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
