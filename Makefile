PYTHON ?= python3
BIN := .venv/bin

.PHONY: play install test bench lint format messages lock

play: .venv/run.stamp
	$(BIN)/amity play

install: .venv/run.stamp

test: .venv/test.stamp lint
	$(BIN)/python -m tests.browser
	$(BIN)/python -m pytest -n 4 --dist worksteal

bench: .venv/bench.stamp
	$(BIN)/python -m benchmarks

lint: .venv/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m locales check

format: .venv/test.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

messages: .venv/test.stamp
	$(BIN)/python -m locales update

lock: .venv/test.stamp
	$(BIN)/python -m pip install uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11 --no-header --extra build --extra semantic pyproject.toml -o requirements/run.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11 --no-header --extra build --extra semantic --extra test pyproject.toml -o requirements/test.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11 --no-header --extra build --extra semantic --extra test --extra bench pyproject.toml -o requirements/bench.txt

.venv/run.stamp: requirements/run.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "Amity needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12 ...")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo 'Installing the locked versions into .venv; this takes about a minute the first time.'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

.venv/test.stamp: requirements/test.txt .venv/run.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.txt
	touch $@

.venv/bench.stamp: requirements/bench.txt .venv/test.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	touch $@
