# Everything a developer or operator does from a clone. `make` alone lists it.

PYTHON ?=
VENV ?= .venv
ARGS ?=
PY := $(VENV)/bin/python
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run test lint format schema bench clean shell lock dev

# The first of these that is Python 3.11 or newer makes the virtual environment.
CANDIDATES = $(PYTHON) python3.11 python3.12 python3.13 python3 python

help: ## Show this list
	@echo "Cryptons: a web store that is paid in Bitcoin. Targets:"
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "Settings come from the environment or from a file .env (.env.example names them all):"
	@echo "  PORT=8001 make run                  another port"
	@echo "  make test ARGS='tests/shop -x'      what to hand to pytest"
	@echo "  make run PYTHON=/opt/python3.12     another Python, 3.11 or newer"

run: $(VENV)/.installed ## Start the store with its play wallet (first start prepares everything)
	@exec $(PY) manage.py up

test: dev ## Run the tests and print the coverage
	@exec $(PY) -m pytest -n 2 --dist worksteal --cov --cov-report=term $(ARGS)

lint: dev ## Check style, types, import contracts, templates, migrations and production settings
	@exec $(PY) scripts/lint.py

format: dev ## Put Python code and templates into the house format
	@$(PY) -m ruff check --fix --quiet . || true
	@$(PY) -m ruff format .
	@exec $(PY) -m djlint --reformat --quiet templates

schema: dev ## Write the API's description, docs/openapi.yaml, anew
	@exec $(PY) scripts/schema.py

bench: dev ## Measure the watcher, placing orders and the pages
	@exec $(PY) -m benchmarks $(ARGS)

shell: $(VENV)/.installed ## Open a Python shell with the store's models
	@exec $(PY) manage.py shell

clean: ## Remove what was built or cached (never var/, which holds your data)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache htmlcov .coverage .coverage.*
	find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +

LOCK = $(PY) -m uv pip compile --quiet --generate-hashes --python-version 3.11 --custom-compile-command "make lock"
lock: dev ## Compile requirements*.in into the locked requirements*.txt
	$(LOCK) requirements.in -o requirements.txt
	$(LOCK) requirements-dev.in -o requirements-dev.txt

dev: $(VENV)/.installed-dev

$(VENV)/.made:
	@python=; \
	for candidate in $(CANDIDATES); do \
	  if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python="$$candidate"; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
	  echo "Cryptons needs Python 3.11 or newer. On Debian or Ubuntu: apt install python3 python3-venv. Elsewhere: make PYTHON=/path/to/python3.11" >&2; \
	  exit 1; \
	fi; \
	if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
	  echo "$$python lacks the venv module. On Debian or Ubuntu: apt install python3-venv" >&2; \
	  exit 1; \
	fi; \
	echo "Making $(VENV) with $$("$$python" --version) ..."; \
	"$$python" -m venv "$(VENV)" && touch $@

INSTALL = $(PY) -m pip install --require-hashes --disable-pip-version-check --no-input --progress-bar on

$(VENV)/.installed: requirements.txt $(VENV)/.made
	@echo "Installing $$(grep -c '^[a-zA-Z].*==' requirements.txt) locked packages (only when they changed) ..."
	@$(INSTALL) -r requirements.txt
	@touch $@

# The development set contains the other one, so this one run serves both.
$(VENV)/.installed-dev: requirements.txt requirements-dev.txt $(VENV)/.made
	@echo "Installing $$(grep -c '^[a-zA-Z].*==' requirements-dev.txt) locked packages for development (only when they changed) ..."
	@$(INSTALL) -r requirements-dev.txt
	@touch $(VENV)/.installed $@
