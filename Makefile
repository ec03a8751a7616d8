# Two commands are all it takes: `make demo` and `make test`. Both make their own environment in .venv.
PYTHON ?= python3

.DELETE_ON_ERROR:
.PHONY: help demo test lint fuzz bench clean
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

help:  ## Show the commands
	@grep -hE '^[a-z]+:.*  ## ' Makefile | sed -E 's/^([a-z]+):.*  ## /\1|/' | while IFS='|' read -r name what; do printf '  make %-8s %s\n' "$$name" "$$what"; done

demo: $(VENV)/.installed  ## Audit the example repositories, offline
	@BIN=$(BIN) sh examples/demo.sh

test: lint  ## Style, types, import contracts, and all tests
	$(BIN)/python -m pytest -n auto

lint: $(VENV)/.installed-dev  ## Style, types and import contracts only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fuzz: $(VENV)/.installed-fuzz  ## Feed every reader with damaged input, INPUTS (10000) for each of TARGETS (all)
	$(BIN)/python -m tests.fuzz.run --inputs $(or $(INPUTS),10000) $(TARGETS)

bench: $(VENV)/.installed-dev  ## Measure what an audit costs: make bench REPOS="~/src/one ~/src/two" (needs ripgrep)
	$(BIN)/python -m tests.bench $(REPOS) --write

clean:  ## Remove the environment and everything that was built
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .fuzz .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is newer than pyproject.toml for as long as what is installed is what it asks for.
$(VENV)/.installed: pyproject.toml | $(BIN)/python
	$(INSTALL) -e .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(BIN)/python
	$(INSTALL) -e '.[dev]'
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-fuzz: pyproject.toml | $(BIN)/python
	$(INSTALL) -e '.[portfolio,fuzz]'
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "error: $(PYTHON) must be Python 3.11 or newer"; echo "hint: make $(MAKECMDGOALS) PYTHON=python3.11"; exit 1; } >&2
	$(PYTHON) -m venv $(VENV)
