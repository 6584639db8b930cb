# The words of this project: setup run serve test check freeze articles bench soak lighthouse sbom audit clean.
# `make run` and `make test` set up what they need, say what they install, and ask nothing.

HOST ?= 127.0.0.1
PORT ?= 5000
BIN  := .venv/bin

# The Debian packages, of `command:package` pairs, whose commands are not there.
missing = $(foreach pair,$(1),$(shell command -v $(firstword $(subst :, ,$(pair))) >/dev/null 2>&1 || echo ' $(lastword $(subst :, ,$(pair)))'))

.PHONY: setup run serve test check freeze articles bench soak lighthouse sbom audit clean

LIGHTHOUSE := $(or $(TMPDIR),/tmp)/blog-lighthouse

setup: .venv/runtime

# Werkzeug's debugger runs any code for whoever knows its PIN, so other machines do not get it.
run: .venv/runtime
	@echo "The blog is at http://$(HOST:0.0.0.0=127.0.0.1):$(PORT)/ — edit a file in pages/ and look again. Ctrl-C ends it."
	@exec $(BIN)/flask run --debug $(if $(filter 127.0.0.1 localhost ::1,$(HOST)),,--no-debugger) --host $(HOST) --port $(PORT)

# The live application for readers, without the preview: docs/publishing.md. The settings are in gunicorn.conf.py.
serve: .venv/runtime
	@exec $(BIN)/gunicorn --bind $(HOST):$(PORT)

# AGAIN=1 runs them where nothing has changed, too; NEW_EXAMPLES=1 draws other random examples than each time.
test: .venv/tests
	@tools/test.sh

check: .venv/tests
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

freeze: .venv/runtime
	@$(BIN)/flask freeze

articles: .venv/runtime
	@missing="$(strip $(call missing,go:golang-go g++:g++ openssl:openssl node:nodejs npm:npm ip:iproute2 pgrep:procps systemd-analyze:systemd))"; \
	test -e /usr/include/quickfix || missing="$$missing libquickfix-dev"; \
	test -z "$$missing" || tools/packages.sh "What the code of the articles needs" $$missing
	@for each in pages/posts/*/code/check; do echo "== $$each"; $$each || exit 1; done

bench: .venv/runtime
	@$(BIN)/python bench/freeze.py

# Minutes of load, hostile requests, edits and kills on loopback; tests/test_storm.py is a short form of it.
soak: .venv/runtime
	@$(BIN)/python bench/soak.py

# Needs npm, and takes a minute; no test asks for it. The figures are in docs/performance.md.
lighthouse: .venv/tests
	@test -x $(LIGHTHOUSE)/node_modules/.bin/lighthouse || npm install --silent --no-audit --no-fund --prefix $(LIGHTHOUSE) lighthouse@13
	@$(BIN)/python -m tests.lighthouse $(LIGHTHOUSE)/node_modules/.bin/lighthouse

# What the site is made of, for who must know: a list in CycloneDX, and the advisories that are published about it. The
# programs for that come into a folder that goes again; the blog does not need them.
sbom:
	@tools/supply.sh sbom

audit:
	@tools/supply.sh audit

clean:
	rm -rf .venv .cache .pytest_cache .hypothesis .mypy_cache .ruff_cache artefacts

# What is installed, and when: each stamp is newer than the list that it was made from.

.venv/runtime: requirements.txt tools/trigpoint.py
	@tools/environment.sh runtime
	@touch $@

.venv/tests: .venv/runtime requirements-dev.txt
	@tools/environment.sh tests
	@touch $@
