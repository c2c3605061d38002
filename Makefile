PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: chat test check format eval baseline bench race clean
.DEFAULT_GOAL := help

help:
	@echo "make chat    open the chat page on the bundled article"
	@echo "make test    run every test"
	@echo "make check   lint, format check, strict types"
	@echo "make eval    ask the bundled questions, score the answers, fail on a significant loss"
	@echo "make baseline  keep the answers of now as what later ones are held against"
	@echo "make race    the same passages and questions for LangChain, LlamaIndex, Haystack, txtai"
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
	$(BIN)/python -m eval compare eval/baseline out/eval --gate

# The rows later runs are held against; to be committed with the change that moved them.
baseline: $(STAMP)
	$(BIN)/python -m eval run --out out/eval
	$(BIN)/python -m eval keep out/eval eval/baseline

race: $(STAMP)
	$(BIN)/python -m eval.race

bench: $(STAMP)
	$(BIN)/python -m eval bench

clean:
	rm -rf $(VENV) build out *.egg-info
