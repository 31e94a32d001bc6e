# The commands of README.md.  Everything is set up in .venv; nothing is installed for the whole machine.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test test-systems check bench faults specs catalogue clean

$(READY): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "flashc needs Python 3.11 or later")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

demo: $(READY)
	@$(BIN)/flashc demo

test: $(READY)
	$(BIN)/python -m pytest tests -m 'not systems' -n auto --dist loadfile

# The sidecar's tests on a real Python 3.9 with paramiko 2.7.2 and on the newest Python found, SSH at a real OpenSSH
# server, HTTPS at nginx and SQL at PostgreSQL among them; the language server with Neovim; pages in Chromium; the editor's grammar in the
# engine of VS Code (Node.js).
test-systems: $(READY)
	$(BIN)/python tests/systems/run.py

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/ruff check --target-version py39 runtime
	$(BIN)/vermin --no-tips --violations -t=3.9- runtime/flashrt tests/runtime
	MYPYPATH=compiler:runtime:twin $(BIN)/mypy compiler runtime twin
	$(BIN)/python -m pytest tests/project

bench: $(READY)
	$(BIN)/python bench/cl_parse.py
	$(BIN)/python bench/compiler.py
	$(BIN)/python bench/window.py

# Every fault at every point of every example, pairs of them, and a sample under each reading of the twin; what was
# found goes into docs/safety.md.  Days; interrupted, it goes on behind the last part that it has in build/faults.
faults: $(READY)
	$(BIN)/python docs/measure_faults.py --pairs 200 --readings 120 --keep build/faults

# Random specs of the whole language, each built and rehearsed; SEED says which, COUNT how many, FAULTS how many
# faults, and pairs of faults, strike a night of each.
SEED ?= 1
COUNT ?= 20
FAULTS ?= 0
specs: $(READY)
	$(BIN)/python tests/rehearse_specs.py --seed $(SEED) --count $(COUNT) --faults $(FAULTS)

catalogue: $(READY)
	$(BIN)/python -m flashc.cl.build_catalogue

clean:
	rm -rf $(VENV) .venv-* build dist *.egg-info
