# On a fresh machine: make demo, make test. Nothing else before either.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STACK := .venv-stack
WEBUI := .venv-webui
OFFLINE := tests/realprograms/offline.py

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-stack fuzz check lint type format snapshots reference store released benchmark package clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(VENV)/.done ## Make the virtual environment

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[preview]'
	@touch $@

$(VENV)/.done: $(VENV)/.installed
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[preview,dev]'
	@touch $@

demo: $(VENV)/.installed ## See one list become every file, in a scratch home
	@$(BIN)/python examples/demo.py

test: setup ## Run the tests
	$(BIN)/pytest --numprocesses auto --dist worksteal -m 'not stack'

test-stack: $(STACK)/.done $(WEBUI)/.done ## Run LiteLLM and Open WebUI themselves, without a network
	$(STACK)/bin/python $(OFFLINE) $(STACK)/bin/pytest -m stack tests/stack/test_litellm*.py
	PATH="$$PATH:$(CURDIR)/$(STACK)/bin" \
		$(WEBUI)/bin/python $(OFFLINE) $(WEBUI)/bin/pytest -m stack tests/stack/test_open_webui*.py

$(STACK)/.done: pyproject.toml
	$(PYTHON) -m venv $(STACK)
	$(STACK)/bin/pip install --quiet --disable-pip-version-check uv
	$(STACK)/bin/uv pip install --quiet --python $(STACK)/bin/python --editable '.[preview,dev,stack]'
	@touch $@

# The two ask for other versions of the same packages; and Open WebUI for no newer Python than this.
$(WEBUI)/.done: $(STACK)/.done tests/stack/without-torch.txt
	$(STACK)/bin/uv venv --quiet --clear --python '>=3.11,<3.13' $(WEBUI)
	$(STACK)/bin/uv pip install --quiet --python $(WEBUI)/bin/python \
		--excludes tests/stack/without-torch.txt --editable '.[preview,dev]' open-webui==0.12.4
	@touch $@

fuzz: setup ## Try the tests that make up their own input on input that no run has seen
	$(BIN)/pytest --numprocesses auto --dist worksteal -m hypothesis --hypothesis-profile explore

check: lint type test ## All that a pull request has to pass

lint: setup ## Look for mistakes and bad form
	$(BIN)/ruff check
	$(BIN)/ruff format --check

type: setup ## Check the types
	$(BIN)/mypy

format: setup ## Put the code into form
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

snapshots: setup ## Write the expected output of tests/cases anew; then read the diff
	-$(BIN)/pytest tests/cases --snapshot-update
	git diff --stat tests/cases

reference: setup ## Write docs/reference anew from the schemas
	$(BIN)/python -m chezmoi_llm.world.reference

store: setup ## Put the entries of the shipped model store into the one file that is read
	$(BIN)/python -m chezmoi_llm.world.store_index

released: setup ## Record the shipped templates as they are now, for init --upgrade
	$(BIN)/python -m chezmoi_llm.world.released

benchmark: setup ## Measure against the budgets; each number is a ratio within one run
	$(BIN)/python benchmarks/expand.py
	$(BIN)/python benchmarks/check.py
	$(BIN)/python benchmarks/hook.py

package: setup ## Build the wheel
	$(BIN)/python -m build --wheel

clean: ## Remove what make has made
	rm -rf $(VENV) $(STACK) $(WEBUI) dist .demo
