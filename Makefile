# Everything a developer or a new user runs. Needs python3 (3.11 or newer) and make; the rest is set up on first use.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

# A stamp's name holds the hash of what it stands for: nothing is done twice, and a change of pins is noticed.
hash    = $(shell cat $(1) 2>/dev/null | cksum | cut -d' ' -f1)
CORE   := $(VENV)/.core-$(call hash,requirements/core.txt pyproject.toml)
DEV    := $(VENV)/.dev-$(call hash,requirements/core.txt requirements/dev.txt pyproject.toml)

# The installer is uv, which takes seconds; where it has no build for this machine, pip does the same in minutes.
define install
	@$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r $(1) 2>$(VENV)/uv.log \
	  || { echo "uv could not install $(1) (see $(VENV)/uv.log); trying pip ..."; \
	       $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $(1); }
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
endef

.DEFAULT_GOAL := help
# The rooms whose tests meet a database.
ROOMS := tests/accounts tests/ledger tests/org tests/work tests/directives tests/web

.PHONY: help demo demo-reset test postgres check bench eval train clean setup

help:  ## show this list
	@echo "make TARGET, one of:"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 15

setup: $(DEV)  ## set up everything that developers need (the other targets do it by themselves)

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || { echo "Luoshi needs Python 3.11 or newer, and '$(PYTHON)' is" \
	       "$$($(PYTHON) -V 2>&1 || true). Install one, or name it: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null \
	  || { echo "Python's venv is missing. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@echo "Setting up $(VENV) (once) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.txt \
	  || echo "uv is not available here; pip will do." >&2
	@touch $@

$(CORE): | $(VENV)/.made
	@echo "Installing what Luoshi needs ..."
	$(call install,requirements/core.txt)
	@rm -f $(VENV)/.core-* && touch $@

$(DEV): | $(VENV)/.made
	@echo "Installing what tests and checks need ..."
	$(call install,requirements/dev.txt)
	@rm -f $(VENV)/.dev-* $(VENV)/.core-* && touch $@ $(CORE)

demo: $(CORE)  ## open the product with a county at work (PORT=8010 for another port, SERVE=no for the data alone)
	@BIN=$(BIN) sh examples/demo.sh

demo-reset: $(CORE)  ## throw the demo's data away, tell its story anew, and open it
	@rm -rf build/demo
	@BIN=$(BIN) sh examples/demo.sh

test: $(DEV)  ## run the tests, on SQLite and PostgreSQL (ARGS="-k words tests/cli" for some of them, on SQLite)
	@$(BIN)/pytest $(ARGS)
	@$(if $(findstring tests/,$(ARGS)),true,$(MAKE) --no-print-directory postgres ARGS="$(ARGS)")

postgres: $(DEV)  ## run the tests of the rooms with a database, on a throw-away PostgreSQL
	@if $(BIN)/python -c 'import sys; sys.path.insert(0, "tests"); import postgres; sys.exit(not postgres.programs())'; then \
	  LUOSHI_TEST_DATABASE=postgres $(BIN)/pytest $(ARGS) $(ROOMS); \
	elif [ -n "$$LUOSHI_NO_SKIPS" ]; then echo "PostgreSQL is not installed, and nothing may be skipped." >&2; exit 1; \
	else echo "SKIPPED: the tests on PostgreSQL (its server is not installed; Debian: apt install postgresql)"; fi

check: $(DEV)  ## format, lint, types, rooms, documents, requirement files
	@$(BIN)/ruff format --check --quiet . || { echo "Some files are not formatted: $(BIN)/ruff format ." >&2; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python tools/check_docs.py
	@$(BIN)/python tools/messages.py --check
	@$(BIN)/django-admin makemigrations --check --dry-run --settings luoshi.web.settings >/dev/null \
	  || { echo "The models have changes without a migration: django-admin makemigrations" >&2; exit 1; }
	@! grep -nE '(https?|git\+|file)://' requirements/*.txt requirements/*.in \
	  || { echo "Requirement files name no address: whoever installs decides where from." >&2; exit 1; }
	@echo "All checks passed."

bench: $(DEV)  ## measure speed and memory (CORPUS=folder of texts, else the examples; MATTERS=1000000, else 100,000)
	@failed=0; $(BIN)/python bench/run.py $(CORPUS) || failed=1; \
	for part in web documents; do $(BIN)/python bench/$$part.py $(or $(MATTERS),100000) || failed=1; done; exit $$failed

eval: $(DEV)  ## measure precision and recall (CORPUS=folder with text/, sentences/, labels/)
	@test -n "$(CORPUS)" || { echo "Say which corpus: make eval CORPUS=folder" >&2; exit 2; }
	@$(BIN)/python tools/evaluate.py $(CORPUS)

train: $(DEV)  ## train the model anew (CORPUS=folder with text/, sentences/, labels/)
	@test -n "$(CORPUS)" || { echo "Say which corpus: make train CORPUS=folder" >&2; exit 2; }
	@$(BIN)/python tools/train.py $(CORPUS)

clean:  ## remove what was built and set up
	rm -rf build dist $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests tools bench -name __pycache__ -type d -prune -exec rm -rf {} +
