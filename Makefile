# The words of this project: setup run test check freeze articles bench lighthouse clean.
# `make run` and `make test` set up what they need, say what they install, and ask nothing.

PORT   ?= 5000
PYTHON ?= $(firstword $(shell command -v python3.11 python3.12 python3.13 python3 2>/dev/null) python3)
BIN    := .venv/bin
SUDO   := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
APT    := $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes

# The Debian packages, of `command:package` pairs, whose commands are not there.
missing = $(foreach pair,$(1),$(shell command -v $(firstword $(subst :, ,$(pair))) >/dev/null 2>&1 || echo ' $(lastword $(subst :, ,$(pair)))'))

.PHONY: setup run test check freeze articles bench lighthouse clean

LIGHTHOUSE := $(or $(TMPDIR),/tmp)/blog-lighthouse

setup: .venv/runtime

run: .venv/runtime
	@echo "The blog is at http://127.0.0.1:$(PORT)/ — edit a file in pages/ and look again. Ctrl-C ends it."
	@$(BIN)/flask run --debug --extra-files site.toml --port $(PORT)

test: check
	@$(BIN)/python -m pytest

check: .venv/tests
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

freeze: .venv/runtime
	@$(BIN)/flask freeze

articles: .venv/runtime
	@missing="$(strip $(call missing,go:golang-go g++:g++ node:nodejs npm:npm pgbouncer:pgbouncer))"; \
	test -e /usr/include/quickfix || missing="$$missing libquickfix-dev"; \
	test -n "$$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null)" || missing="$$missing postgresql"; \
	test -z "$$missing" || { echo "Installing for the articles: $$missing …"; $(APT) update -qq && $(APT) install -qq -y --no-install-recommends $$missing >/dev/null; }
	@for each in pages/posts/*/code/check; do echo "== $$each"; $$each || exit 1; done

bench: .venv/runtime
	@$(BIN)/python bench/freeze.py

# Needs npm, and takes a minute; no test asks for it. The figures are in docs/performance.md.
lighthouse: .venv/tests
	@test -x $(LIGHTHOUSE)/node_modules/.bin/lighthouse || npm install --silent --no-audit --no-fund --prefix $(LIGHTHOUSE) lighthouse@13
	@$(BIN)/python -m tests.lighthouse $(LIGHTHOUSE)/node_modules/.bin/lighthouse

clean:
	rm -rf .venv .cache .pytest_cache .hypothesis .mypy_cache .ruff_cache artefacts

# What is installed, and when: each stamp is newer than the list that it was made from.

.venv/runtime: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed."; exit 2; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "Installing python3-venv …"; $(APT) update -qq && $(APT) install -qq -y python3-venv >/dev/null; }
	@echo "Installing the packages of requirements.txt into .venv …"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(PIP) -r requirements.txt
	@touch $@

.venv/tests: .venv/runtime requirements-dev.txt
	@command -v chromium >/dev/null || { echo "Installing Chromium for the browser tests …"; $(APT) update -qq && $(APT) install -qq -y --no-install-recommends chromium fonts-liberation fonts-noto-color-emoji >/dev/null; }
	@echo "Installing the packages of requirements-dev.txt into .venv …"
	@$(PIP) -r requirements-dev.txt
	@touch $@
