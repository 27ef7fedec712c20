# Two commands do all the set-up: `make demo` and `make test`. They need Python 3.11 or newer and make, nothing else.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install -c constraints.txt
# A process per core runs the tests: threads of a linear algebra library in each would wait for each other.
ONE_THREAD := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1
CANDIDATES := $(PYTHON) python3.13 python3.12 python3.11 python3

.PHONY: help demo test reference clean

help:
	@echo 'make demo       install, then train a spiking network on handwritten digits and watch it in the browser'
	@echo '                (make demo ARGS=--headless ends by itself; ARGS are those of spikesight demo)'
	@echo 'make test       install every extra, then run linter, type checker and the whole test suite'
	@echo 'make reference  write the generated parts of docs/ and README.md again'
	@echo 'make clean      remove $(VENV)'

demo: $(VENV)/base.done
	@$(BIN)/spikesight demo $(ARGS)

test: $(VENV)/test.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(ONE_THREAD) $(BIN)/pytest -n logical --dist loadfile $(ARGS)

reference: $(VENV)/base.done
	$(BIN)/python docs/generate.py

clean:
	rm -rf $(VENV)

# Each stamp is written when its step has ended well, so that an interrupted one is done again.

$(VENV)/base.done: $(VENV)/made.done pyproject.toml constraints.txt
	@echo 'Installing Spikesight and what it needs into $(VENV) (about half a minute) ...'
	@$(PIP) --editable .
	@touch $@

# Dependency groups need pip 25.1, and the one that comes with Python may be older.
$(VENV)/test.done: $(VENV)/base.done pyproject.toml constraints.txt
	@echo 'Installing every extra and the test tools into $(VENV) (a minute or two) ...'
	@$(PIP) 'pip>=25.1'
	@$(PIP) --editable '.[train,vision,plot,cluster,tables,simulators,traffic,export,events]' --group test
	@touch $@

$(VENV)/made.done:
	@lacking=; \
	for python in $(CANDIDATES); do \
	  $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue; \
	  if $$python -c 'import ensurepip, venv' >/dev/null 2>&1; then \
	    echo "Making $(VENV) with `$$python --version`"; \
	    $$python -m venv --clear $(VENV) && touch $@; \
	    exit; \
	  fi; \
	  lacking="$$lacking $$python"; \
	done; \
	if [ -n "$$lacking" ]; then \
	  echo "Found$$lacking, but without the modules venv and ensurepip. On Debian and Ubuntu: apt install python3-venv" >&2; \
	else \
	  echo 'No Python 3.11 or newer was found (tried: $(CANDIDATES)).' >&2; \
	  echo 'Install one (https://www.python.org/downloads, brew install python@3.13, apt install python3 python3-venv),' >&2; \
	  echo 'or say where yours is: make PYTHON=/path/to/python3 demo' >&2; \
	fi; \
	exit 1
