# `make demo` and `make test` need nothing but Python 3.11 and a package registry.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test nightly lint format check build clean

demo: $(READY)  ## build the demo desk and search it for two audiences
	$(BIN)/kbsearch demo

# A process for each core, and in it one thread: torch's threads would only wait for each other.
test: $(READY)  ## every test but the nightly ones
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --dist worksteal

nightly: $(READY)  ## the long tests
	$(BIN)/python -m pytest -m nightly

lint: $(READY)  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

check: lint test  ## what must be green before a change is handed in

build: $(READY)  ## wheel and source archive in dist/
	$(BIN)/python -m pip install --quiet build==1.3.0
	$(BIN)/python -m build

clean:
	rm -rf $(VENV) dist

# By hash, torch first: a plain `torch` would bring gigabytes of CUDA. Where another build of
# torch is wanted, or another system or Python: `UNLOCKED=1 make …` installs versions without hashes.
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
$(READY): pyproject.toml constraints.txt $(wildcard locks/*.txt)
	$(PYTHON) -m venv $(VENV)
ifdef UNLOCKED
	$(PIP) -c constraints.txt torch
	$(PIP) -c constraints.txt -e ".[dev]"
else
	$(PIP) --require-hashes --no-deps -r locks/torch-cpu.txt
	$(PIP) --require-hashes -r locks/dev.txt
	$(PIP) --no-deps --no-build-isolation -e .
endif
	touch $(READY)
