# `make run` opens the shop; `make test` runs everything that CI runs. Both set up all they need.
.DEFAULT_GOAL := help
.PHONY: help run test prove check fix bench clean lock messages outgrown
SHELL := /bin/sh
# Sixty processes are started by the tests alone: each would compile the whole house anew.
export PYTHONDONTWRITEBYTECODE =

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$p && break; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
CLIENTS := tests/doors/ingest/clients/requirements
# Wheels only: nothing is compiled here. The project itself is the one thing that is installed from its source.
INSTALL := $(PIP) install --no-compile --require-hashes --only-binary :all:
# Pip compiles one file after the other, and half of them are models of Alipay's, of which a shop loads a dozen.
COMPILE := $(BIN)/python -m compileall -q -j 0 -x '/(alipay|tests)/' $(VENV)/lib || :

help:
	@echo "make run    open the shop and the console on this machine"
	@echo "make test   run the checks and all tests"
	@echo "make prove  the proof that nothing is sold twice, nobody pays in vain and refunds are exact"
	@echo "make check  style, types, architecture, migrations, generated docs, translations"
	@echo "make fix    mend what a program can mend: style, generated docs, translation catalogues"
	@echo "make bench  measure every promise and write docs/numbers.md"
	@echo "make lock   choose versions anew"
	@echo "make outgrown  the other engines (1 GB), which the tests of the lake then hold ours against"

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Zhanggui needs Python 3.11, 3.12 or 3.13; none was found. Try: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "This Python cannot make environments; on Debian: apt-get install python3-venv"; exit 1; }

$(VENV)/.installed: requirements.lock pyproject.toml hatch_build.py | $(BIN)/python
	@echo "Installing Zhanggui…"
	@$(INSTALL) -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@$(COMPILE)
	@touch $@

# The clients of the field, which the tests run, stand beside, because they ask for older libraries than ours.
$(VENV)/.installed-dev: requirements-dev.lock $(CLIENTS).lock $(VENV)/.installed
	@echo "Installing what the tests need…"
	@$(INSTALL) -r requirements-dev.lock
	@$(INSTALL) --upgrade --target $(VENV)/clients -r $(CLIENTS).lock
	@$(COMPILE)
	@touch $@

# Spark comes as source only; it is Python and jars, so no compiler is needed, and its hash is checked like the others.
# What pip builds of it is not kept a second time: half a gigabyte that nobody installs again.
$(VENV)/.installed-outgrown: requirements-outgrown.lock $(VENV)/.installed-dev
	@echo "Installing the engines of the outgrown…"
	@$(INSTALL) --no-cache-dir --no-binary pyspark -r requirements-outgrown.lock
	@touch $@

outgrown: $(VENV)/.installed-outgrown

run: $(VENV)/.installed
	@ZHANGGUI_HOME="$${ZHANGGUI_HOME:-$(CURDIR)/.zhanggui}" $(BIN)/zhanggui run --demo $(ARGS)

# Compiled once, and not anew by each of the sixty processes that the tests start. A fifth of what two workers do is
# waiting, for a browser or for a process that starts: on two cores a third one fills it.
test: check
	@$(BIN)/python -m compileall -q src
	@$(BIN)/python -m pytest -n 3 --dist worksteal $(ARGS)

# Laws that `make test` tries with few examples only (tests/strength.py).
LAWS := tests/growth/promotions/rules/test_laws.py tests/doors/api/test_document.py tests/insight/metrics/test_cuts.py \
	tests/insight/retention/test_retention.py tests/insight/funnels/test_funnels.py tests/insight/tree/test_why.py \
	tests/insight/metrics/test_laws.py tests/insight/attribution/test_credits.py tests/insight/basket/test_baskets.py \
	tests/insight/campaigns/test_standings.py tests/insight/lake/test_steps.py tests/insight/paths/test_paths.py \
	tests/insight/terms/test_searches.py tests/insight/value/test_lifetime.py tests/insight/value/test_value.py
prove: $(VENV)/.installed-dev
	@ZHANGGUI_PROVE_STORIES="$${ZHANGGUI_PROVE_STORIES:-1000}" $(BIN)/python -m pytest tests/prove $(LAWS) -n 2 $(ARGS)

check: $(VENV)/.installed-dev
	@$(BIN)/python -m tests.check

fix: $(VENV)/.installed-dev
	@$(BIN)/python -m tests.check --fix

bench: $(VENV)/.installed-dev
	@$(BIN)/python -m benchmarks.report $(ARGS)

lock: $(VENV)/.installed-dev
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--upgrade --extra build pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--upgrade --extra build --extra dev pyproject.toml -o requirements-dev.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--upgrade --extra build --extra outgrown --constraints requirements.lock pyproject.toml -o requirements-outgrown.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--upgrade $(CLIENTS).in -o $(CLIENTS).lock

clean:
	rm -rf $(VENV) dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
