# Two commands are all it takes: `make demo` and `make test`. Both make their own environment in .venv.
PYTHON ?= python3

.DELETE_ON_ERROR:
.PHONY: help demo test lint fuzz bench evidence lock audit sbom release-check clean
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

help:  ## Show the commands
	@grep -hE '^[a-z-]+:.*  ## ' Makefile | sed -E 's/^([a-z-]+):.*  ## /\1|/' | while IFS='|' read -r name what; do printf '  make %-13s %s\n' "$$name" "$$what"; done

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

evidence: $(VENV)/.installed-dev  ## Measure hostile repositories and faults again, into docs/security-evidence.md
	$(BIN)/python -m tests.hostile.run --write
	AUDITOR_KILLS=10 $(BIN)/python -m tests.faults.run --write

lock: $(VENV)/.installed-release  ## Pin what a release is installed with, in ci/lock.txt
	{ echo "# What a release is built from and installed with, every file by its hash: make lock"; \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra portfolio pyproject.toml; } >ci/lock.txt

audit: $(VENV)/.installed-release  ## Ask the advisory database about what is pinned (needs the network)
	$(BIN)/pip-audit --require-hashes --disable-pip -r ci/lock.txt

sbom: $(VENV)/.installed-release  ## List what is pinned as CycloneDX, in dist/auditor.cdx.json
	mkdir -p dist
	$(BIN)/cyclonedx-py requirements --output-reproducible --pyproject pyproject.toml -o dist/auditor.cdx.json ci/lock.txt

release-check: $(VENV)/.installed-release  ## Build the release twice, and refuse it where the bytes differ
	PYTHON=$(abspath $(BIN)/python) bash ci/release-check.sh

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

$(VENV)/.installed-release: pyproject.toml | $(BIN)/python
	$(INSTALL) -e '.[release]'
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "error: $(PYTHON) must be Python 3.11 or newer"; echo "hint: make $(MAKECMDGOALS) PYTHON=python3.11"; exit 1; } >&2
	$(PYTHON) -m venv $(VENV)
