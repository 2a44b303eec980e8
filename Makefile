# Two targets for newcomers: `make demo` and `make test`. Nothing but Python >= 3.11, git and make is needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# Exactly the files whose hashes are in locks/, wherever pip gets them from; then this package, which needs no more.
LOCKED := $(PIP) --require-hashes --no-deps
SELF := $(PIP) --no-deps --no-build-isolation --editable .
KERNELS := $(BIN)/python -c "from cadreplan.engines.columns.compile_ahead import compile_all; compile_all()"
OF_GROUPS := $(BIN)/cadreplan solve examples/spring-rotation/roster.yaml --quiet --workers 1 -o $(VENV)/test-plan.json

.PHONY: demo cluster-demo test test-thorough test-browser coverage docs catalogue format bench bench-full bench-families fuzz attack lock clean

demo: $(VENV)/.installed
	$(BIN)/cadreplan solve examples/spring-rotation/roster.yaml --gap 0 --time-limit 120 --timetable -o $(VENV)/demo-plan.json

# A scheduler and two workers on this machine, and a generated roster solved on them.
cluster-demo: $(VENV)/.test-installed
	$(BIN)/python -m benchmarks.cluster demo

# Kernels are compiled beside the other checks, so that no test waits for them.
test: $(VENV)/.test-installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(KERNELS) & columns=$$!; $(OF_GROUPS) & groups=$$!; $(BIN)/mypy && wait $$columns && wait $$groups
	$(BIN)/lint-imports
	$(BIN)/python -m docs.generate --check
	$(BIN)/pytest -n 4 --dist worksteal --durations 20 --durations-min 5

# The same with all instances that property tests ask for, in place of a quarter.
test-thorough:
	HYPOTHESIS_PROFILE=thorough $(MAKE) test

# Needs a Chromium on the machine (Debian: apt-get install chromium); CHROMIUM=PATH names another one.
test-browser: $(VENV)/.browser-installed
	$(BIN)/pytest -o python_files='check_*.py' tests/browser

# Tests of kernels that plain Python runs within minutes (not the largest tables, nor much of Benders cuts).
OF_KERNELS := tests/grouping/test_search.py $(addprefix tests/engines/columns/, choices compiled master pricing \
	heuristics/test_diving.py heuristics/test_greedy_insertion.py heuristics/test_warm_start.py \
	partial/test_column_transfer.py partial/test_variable_bounds.py) -k 'not of_every_size and not rooms_proposed'

# How much of the source the tests run, by room. Kernels are seen in their Python form, in a second pass of their tests.
coverage: $(VENV)/.coverage-installed
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n 4 --dist worksteal
	NUMBA_DISABLE_JIT=1 $(BIN)/coverage run -m pytest -n 2 $(OF_KERNELS)
	$(BIN)/coverage combine --quiet
	$(BIN)/python -m tests.coverage_by_room

docs: $(VENV)/.test-installed
	$(BIN)/python -m docs.generate
	$(BIN)/python -m docs.gallery.make
	$(BIN)/python -m docs.replay

BABEL := $(BIN)/python -m babel.messages.frontend --quiet
SAID := tr tr_n:1,2 later later_n:1,2
LOCALE := src/cadreplan/locale

# The texts of the program and their translations; CONTRIBUTING.md tells how to add some.
catalogue: $(VENV)/.test-installed
	mkdir -p build
	$(BABEL) extract --mapping pyproject.toml --no-default-keywords --keywords "$(SAID)" --no-location --sort-output \
		--no-wrap --output build/cadreplan.pot src/cadreplan
	$(BABEL) update --input-file build/cadreplan.pot --output-dir $(LOCALE) --domain cadreplan --no-fuzzy-matching \
		--no-wrap --ignore-pot-creation-date
	$(BABEL) compile --directory $(LOCALE) --domain cadreplan --statistics

format: $(VENV)/.test-installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Side by side: both engines, HiGHS, SCIP and the ways of today; about 12 minutes, and hours.
bench: $(VENV)/.test-installed
	$(BIN)/python -m benchmarks.run --set small

bench-full: $(VENV)/.test-installed
	$(BIN)/python -m benchmarks.run --set full --reading --exports -o docs/performance.md

# All methods on all families of rosters, three sizes: most of a day. Stopped, it goes on where it was.
bench-families: $(VENV)/.test-installed
	$(BIN)/python -m benchmarks.families --resume -o docs/families.md

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml locks/run.txt | $(VENV)/bin/python
	$(LOCKED) -r locks/run.txt
	$(SELF)
	touch $@

$(VENV)/.test-installed: $(VENV)/.installed locks/test.txt
	$(LOCKED) -r locks/test.txt
	touch $@

$(VENV)/.browser-installed: $(VENV)/.test-installed locks/browser.txt
	$(LOCKED) -r locks/browser.txt
	touch $@

$(VENV)/.coverage-installed: $(VENV)/.test-installed locks/coverage.txt
	$(LOCKED) -r locks/coverage.txt
	touch $@

# The locks after a change of the dependencies; LOCK=--upgrade takes the newest versions.
LOCK ?=

lock: $(VENV)/bin/python
	$(PIP) uv
	$(BIN)/python locks/update.py $(LOCK)

FUZZ_SECONDS ?= 60

# Inputs made up by coverage until the time is over; a crash leaves its input in a file.
fuzz: $(VENV)/.test-installed
	$(LOCKED) -r locks/fuzz.txt
	$(BIN)/python -m tests.documents.fuzz_loader -max_total_time=$(FUZZ_SECONDS)

ATTACK_SECONDS ?= 3600

# Kills, full disks, little memory, broken inputs and forged plans until the time is over, counted.
attack: $(VENV)/.test-installed
	$(BIN)/python -m tests.attack --seconds $(ATTACK_SECONDS)

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
