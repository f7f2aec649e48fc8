# One environment in .venv; every target makes what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ONE_THREAD := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1

.PHONY: demo test test-nbgrader test-browser lint types bench bench-references catalogues screenshots audit release clean

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade pip

$(VENV)/.grade: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[grade]'
	touch $@

$(VENV)/.dev: $(VENV)/.grade
	$(BIN)/pip install --quiet --constraint constraints.txt torch
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $@

demo: $(VENV)/.grade  ## grade the example class, show the class and one student's feedback
	@$(BIN)/autograder grade normal_equation examples/normal_equation/class || test $$? -eq 1  # some answers are wrong
	@echo; echo "One student's feedback (autograder show normal_equation student-14):"; echo
	@$(BIN)/autograder show normal_equation student-14

test: $(VENV)/.dev  ## all tests but the lanes below, and those that belong to the audit
	$(ONE_THREAD) $(BIN)/python -m pytest -q -m 'not nbgrader and not browser and not audit'

test-nbgrader: $(VENV)/.dev  ## the tests that run nbgrader's own commands, and a browser where there is one
	$(ONE_THREAD) $(BIN)/python -m pytest -q -m nbgrader tests/publish

test-browser: $(VENV)/.dev  ## the tests that drive JupyterLab in Chromium, and all notebooks in a kernel
	$(ONE_THREAD) $(BIN)/python -m pytest -q -m browser tests/notebook

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

bench: $(VENV)/.dev  ## print the table of figures
	$(ONE_THREAD) $(BIN)/python -m bench

bench-references: $(VENV)/.dev  ## references, naive loops and the best libraries, side by side
	$(ONE_THREAD) $(BIN)/python -m bench.references

catalogues: $(VENV)/.dev  ## compile the translations
	$(BIN)/python tools/catalogues.py

screenshots: $(VENV)/.dev  ## make the README's pictures of JupyterLab anew
	$(ONE_THREAD) $(BIN)/python -m tools.screenshots

audit: $(VENV)/.dev  ## prove the checks, also as other processors round, and grade the submissions written blind
	$(ONE_THREAD) $(BIN)/autograder audit
	$(ONE_THREAD) $(BIN)/python -m pytest -q -m audit tests/content

release: $(VENV)/.grade  ## generate what students get from the sources
	$(BIN)/autograder release

clean:
	rm -rf $(VENV) .autograder .pytest_cache .mypy_cache .ruff_cache
