# `make` alone lists what can be asked for. Everything lives in .venv and instance/; nothing else is touched.

PYTHON ?= python3
PORT ?= 8000
DEMO ?= 1
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes

# The environment wins over these defaults, and the program reads nothing but the environment.
export PORT DEMO

.DEFAULT_GOAL := help
.PHONY: help setup develop run test sabotage torture fuzz lint types fmt lock bench nodes pictures clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# A stamp is written last, so an interrupted installation is repeated and a finished one costs nothing.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name it with PYTHON=python3.11.")'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.txt | $(BIN)/python
	@echo "Installing the locked requirements into $(VENV)"
	@$(INSTALL) -r requirements.txt
	@touch $@

$(VENV)/.develop: requirements-dev.txt $(VENV)/.runtime
	@echo "Installing the locked development requirements into $(VENV)"
	@$(INSTALL) -r requirements.txt -r requirements-dev.txt
	@touch $@

setup: $(VENV)/.runtime ## the virtual environment with everything that runs in production

develop: $(VENV)/.develop ## the same, with everything that tests and checks

run: setup ## start the catalog; PORT, DATABASE_URL, DEMO=0 and the rest come from the environment
	@exec $(BIN)/flask --app wsgi catalog serve

test: develop ## lint, types and every test, on every engine this machine has
	@$(MAKE) --no-print-directory lint types
	@$(BIN)/python -m tests.run

torture: develop ## kill server, worker and database at 200 random moments; KILLS and SEED can be set
	@$(BIN)/python -m tests.torture $(if $(KILLS),--kills $(KILLS)) $(if $(SEED),--seed $(SEED))

fuzz: develop ## 50,000 steps of state machines against the services; STEPS can be set
	@FUZZ_STEPS=$(or $(STEPS),50000) $(BIN)/python -m pytest -q -n0 -s tests/machines

sabotage: develop ## take away one guard at a time, and see the suite notice each; NAME chooses one
	@$(BIN)/python -m tests.sabotage $(NAME)

lint: develop ## ruff: rules and formatting
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: develop ## mypy, strict
	@$(BIN)/mypy

fmt: develop ## format, and mend what can be mended
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

# uv is wanted only here, and its lock names no index: whoever installs takes the packages where they always do.
lock: export UV_CUSTOM_COMPILE_COMMAND := make lock
lock: | $(BIN)/python ## fix versions and hashes again after a change in requirements*.in
	@$(PYTHON) -m venv .cache/uv && .cache/uv/bin/python -m pip install --quiet --disable-pip-version-check uv
	@for list in requirements requirements-dev; do \
		.cache/uv/bin/uv --no-config pip compile --quiet --universal --generate-hashes --python-version 3.11 \
			$$(test $$list = requirements || echo -c requirements.txt) $$list.in -o $$list.txt $(UPGRADE) || exit 1; \
	done

bench: setup ## speed beside a bare page and a bare query; SIZE=large: up to 5,000,000 enrollments
	@$(BIN)/python -m $(if $(filter large,$(SIZE)),bench.growth --svg docs/growth.svg --json docs/growth.json,bench)

nodes: develop ## two nodes behind nginx with PostgreSQL, its replica and Redis: races, kills, limits; NODES="--kills 50"
	@$(BIN)/python -m tests.nodes $(NODES)

pictures: develop ## make the pictures of the README again, from the demo
	@PICTURES=1 $(BIN)/python -m pytest -n0 -q -m browser tests/browser/test_pictures.py

clean: ## remove what can be made again; the data in instance/ stays
	rm -rf $(VENV) .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
