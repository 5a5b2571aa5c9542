# `make run` starts Glimpse, `make check` and `make test` check it. Each sets up what it needs.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# A file of tests stays in one process, and files go out in the order of their names.
PYTEST := -m pytest -n 3 --dist loadfile --no-loadscope-reorder

.PHONY: run check test all-tests test-oldest lint format setup setup-dev chromium

run: setup
	@mkdir -p static
	$(BIN)/streamlit run app.py

# For daily work: what needs no browser, and nothing that takes long.
check: lint
	$(BIN)/python $(PYTEST) -m "not browser and not slow"

# Everything; the type checker takes minutes of one core, in which tests are under way.
test: setup-dev chromium
	$(MAKE) -j 2 lint all-tests

all-tests:
	$(BIN)/python $(PYTEST)

lint: setup-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# On the oldest packages that requirements.txt allows.
test-oldest: chromium
	$(PYTHON) -m venv .venv-oldest
	.venv-oldest/bin/pip install --quiet -r requirements-dev.txt -c tests/requirements-oldest.txt
	.venv-oldest/bin/python $(PYTEST)

format: setup-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

setup: $(VENV)/installed
setup-dev: $(VENV)/installed-dev

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: requirements.txt | $(BIN)/python
	$(BIN)/pip install --quiet -r requirements.txt
	touch $@

$(VENV)/installed-dev: requirements-dev.txt requirements.txt | $(BIN)/python
	$(BIN)/pip install --quiet -r requirements-dev.txt
	touch $@ $(VENV)/installed

# The browser tests drive the system's Chromium. Its shell without windows needs half the processor
# time; where it cannot be installed, any Chromium or Chrome that is there will do.
chromium:
	@command -v chromium-headless-shell >/dev/null || \
	  (apt-get update -qq && apt-get install -y -qq --no-install-recommends \
	    chromium-headless-shell) || \
	  command -v chromium || command -v chromium-browser || command -v google-chrome
