# Backnumber. Two commands matter: `make demo` runs it, `make test` passes its tests. Both set up what they need.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
LOCK = $(BIN)/uv pip compile $(UPGRADE) --universal --python-version 3.11 --generate-hashes --no-annotate --custom-compile-command "make lock" --quiet
UPGRADE ?= --upgrade
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: help demo test three-years weekly-kills check format bench bench-mail bench-pages bench-django bench-chronology fuzz lock clean
.DEFAULT_GOAL := help

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(VENV)/python.ok:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || (echo "Backnumber needs Python 3.11 or newer: make PYTHON=python3.11 $(MAKECMDGOALS)" && exit 1)
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/run.ok: $(VENV)/python.ok requirements/run.txt pyproject.toml
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null  # some tools make environments without
	$(PIP) install --require-hashes -r requirements/run.txt
	$(PIP) install --no-build-isolation --no-deps -e .
	@touch $@

$(VENV)/test.ok: $(VENV)/run.ok requirements/test.txt
	$(PIP) install --require-hashes -r requirements/test.txt
	@touch $@

demo: $(VENV)/run.ok  ## the demo magazine at http://localhost:8000
	$(BIN)/backnumber demo --port $(PORT)

test: $(VENV)/test.ok  ## every test, on a real PostgreSQL and in a real browser
	$(BIN)/python -m pytest -n auto --dist loadfile $(ARGS)

three-years: $(VENV)/test.ok  ## a simulated magazine, checked at every month's end; ARGS="--subscribers 5000"
	$(BIN)/python -m tests.simulation.run $(ARGS)

weekly-kills: $(VENV)/test.ok  ## the weekly mail to 20,000 with its senders killed fifty times; some minutes
	BACKNUMBER_TEST_KILLS=50 BACKNUMBER_TEST_RECIPIENTS=20000 $(BIN)/python -m pytest -q -s tests/longread/test_killed_senders.py

.PHONY: print-years bench-run
print-years: $(VENV)/test.ok  ## years of printed copies, held against a book at every run; ARGS="--subscribers 5000 --years 3"
	$(BIN)/python -m tests.simulation.print_years $(ARGS)

check: $(VENV)/test.ok  ## format, lint, strict types, layers, declared dependencies, migrations, deploy check, templates
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry src
	DJANGO_SETTINGS_MODULE=backnumber.settings $(BIN)/python -m django makemigrations --check --dry-run
	DJANGO_SETTINGS_MODULE=backnumber.settings BACKNUMBER_MODE=production BACKNUMBER_PAYMENTS=none \
	  BACKNUMBER_ADDRESS=https://archive.example.org SMTP_URL=smtp://mail.example.org:587 \
	  BACKNUMBER_SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))') \
	  $(BIN)/python -m django check --deploy --fail-level WARNING
	$(BIN)/djlint --lint src
	@echo "Everything checked is clean."

format: $(VENV)/test.ok  ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/test.ok  ## every benchmark; results go to docs/benchmarks.md
	for bench in bench/*.py; do $(BIN)/python $$bench || exit 1; done

$(VENV)/fuzz.ok: $(VENV)/test.ok requirements/fuzz.txt
	$(PIP) install --require-hashes -r requirements/fuzz.txt
	@touch $@

SECONDS ?= 60
fuzz: $(VENV)/fuzz.ok  ## fuzz the door, each target for SECONDS=60 (CPython 3.11 to 3.13)
	$(BIN)/python fuzz/run.py --seconds $(SECONDS)

bench-mail: $(VENV)/test.ok  ## the benchmark of the weekly mail: 100,000 recipients, some minutes; ARGS="20000" is a try
	$(BIN)/python bench/weekly.py $(ARGS)

bench-pages: $(VENV)/test.ok  ## the benchmark of stored pages: an hour or two on a quiet machine; ARGS="--part cpu" for a part
	$(BIN)/python bench/pages.py $(ARGS)

bench-run: $(VENV)/test.ok  ## a run of 30,000 printed copies, from the dry run to its files
	$(BIN)/python bench/run.py $(ARGS)

bench-django: $(VENV)/test.ok  ## the benchmark of what Django answers: a few minutes; ARGS="--rounds 5" is a try
	$(BIN)/python bench/django_pages.py $(ARGS)

$(VENV)/chronology.ok: $(VENV)/test.ok requirements/chronology.txt
	$(PIP) install --require-hashes -r requirements/chronology.txt
	@touch $@

bench-chronology: $(VENV)/chronology.ok  ## the benchmark of reading texts, beside what others read: a minute or two
	$(BIN)/python bench/chronology.py $(ARGS)

lock: $(VENV)/python.ok  ## take in new versions of what we depend on
	$(PIP) install uv
	$(LOCK) pyproject.toml --group build -o requirements/run.txt
	$(LOCK) pyproject.toml --group build --group test -c requirements/run.txt -o requirements/test.txt
	$(LOCK) --group fuzz -o requirements/fuzz.txt
	$(LOCK) --group chronology -c requirements/test.txt -o requirements/chronology.txt

clean:  ## remove the environment and everything the demo and the tests wrote
	rm -rf $(VENV) var
