PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: chat test check format eval bench clean
.DEFAULT_GOAL := help

help:
	@echo "make chat    open the chat page on the bundled article"
	@echo "make test    run every test"
	@echo "make check   lint, format check, strict types"
	@echo "make eval    ask the bundled questions and score the answers"
	@echo "make bench   measure indexing, retrieval, answering and start-up"

# The constraints pin torch's CPU build and everything else; an open range would pull CUDA.
$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --prefer-binary \
		-c constraints.txt torch -e '.[dev,train]'
	@touch $@

chat: $(STAMP)
	$(BIN)/yinju chat

test: $(STAMP)
	$(BIN)/python -m pytest

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

eval: $(STAMP)
	$(BIN)/python -m eval run --out out/eval

bench: $(STAMP)
	$(BIN)/python -m eval bench

clean:
	rm -rf $(VENV) build out *.egg-info
