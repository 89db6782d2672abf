# Everything a developer or a new machine needs. `make help` lists it. Only python3 and make must be there beforehand.

PYTHON   ?= python3
VENV     := .venv
BIN      := $(VENV)/bin
PIP      := $(BIN)/python -m pip --disable-pip-version-check install --quiet
CHROMIUM := $(or $(DHR_CHROMIUM),$(shell command -v chromium || command -v chromium-browser || command -v google-chrome))
# Tests commit tens of thousands of times; where there is room in memory, nothing waits for a disk.
IN_MEMORY := $(shell [ "$$(df --output=avail -k /dev/shm 2>/dev/null | tail -1)" -gt 6000000 ] 2>/dev/null && echo TMPDIR=/dev/shm)
PYTEST   := $(IN_MEMORY) DHR_ENV=testing DHR_CHROMIUM="$$(cat $(VENV)/.browser)" $(BIN)/pytest
# What asks the database most, or at the same time, runs on PostgreSQL too; any other test does with DHR_TEST_ENGINE.
ON_POSTGRESQL := $(addprefix tests/casework/test_,case_list.py checkpoints.py concurrency.py move.py moves_beside.py \
	nightly.py notification.py on_hold.py outbox.py overview.py owed.py scene.py steering_report.py throttle.py \
	timeline.py trail_proof.py) tests/casework/mornings/test_reminding.py $(addprefix tests/web/test_,reviews.py unreadable.py) tests/stories/test_canaries.py
# The slow suites often wait: for a process to be killed, for a server, for a browser.
ONE_MORE := $(shell expr $$(nproc) + 1)
AS_ROOT  := [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null

export DHR_ENV ?= development

.DEFAULT_GOAL := help
.PHONY: help setup browser run test test-slow check format docs bench lock assets clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(VENV)/.test ## Build the whole environment: everything that running, testing and checking need

run: $(VENV)/.run ## Install what running needs, load the demo into an empty instance, serve http://127.0.0.1:8000
	$(BIN)/dhr init
	$(BIN)/dhr demo --if-empty
	$(BIN)/dhr serve

test: setup browser ## Run every test that a change needs (10 minutes at most)
	$(PYTEST) -n auto --dist loadfile -m "not slow"

test-slow: setup browser ## Run the slow suites: crashes, a whole year, PostgreSQL (35 minutes at most)
	$(PYTEST) -n $(ONE_MORE) -m slow
	DHR_TEST_ENGINE=postgresql $(PYTEST) -n auto -m "not sqlite and (not slow or both_engines)" $(ON_POSTGRESQL)

check: setup ## Format, lint, types, imports, and that documents and migrations agree with the code
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet dhr_app/templates
	$(BIN)/dhr docs --check
	$(BIN)/dhr migrations-agree

format: setup ## Put the code into the house format and mend what can be mended
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

docs: setup ## Write the documents that are made from the rule book
	$(BIN)/dhr docs

bench: setup ## Measure on throw-away installations, and the audit trail on a throw-away PostgreSQL too
	$(BIN)/python -m tests.postgres $(BIN)/dhr bench $(ARGS) --postgresql

lock: ## Remake requirements/*.txt from pyproject.toml (needs uv); LOCK_ARGS=--upgrade for newer versions
	uv pip compile pyproject.toml $(LOCK) --extra build  --output-file requirements/run.txt  $(LOCK_ARGS)
	uv pip compile pyproject.toml $(LOCK) --all-extras   --output-file requirements/test.txt $(LOCK_ARGS) --constraints requirements/run.txt
	for each in aws azure vault; do uv pip compile pyproject.toml $(LOCK) --extra $$each --constraints requirements/test.txt \
	  --output-file requirements/keys-$$each.txt $(LOCK_ARGS) || exit 1; done

assets: ## Rebuild stylesheet, script and icons under dhr_app/static/govuk (needs npm)
	tools/assets/build

clean: ## Remove the environment and every cache; the instance and its data stay
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis tools/assets/node_modules
	find dhr_app tests -name __pycache__ -prune -exec rm -rf {} +


LOCK := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { $(AS_ROOT) && apt-get update -qq && apt-get install -y -qq python3-venv; } \
	  || { echo "Python cannot make a virtual environment. Run: sudo apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)

# The locked sets are whole, so nothing else is looked for: what pyproject.toml leaves out on purpose stays out.
# A marker is as old as the last installation: a change to a requirements file installs again.
# The test set holds the run set at the same versions, so it stands for both.
$(VENV)/.run: requirements/run.txt pyproject.toml | $(BIN)/python
	$(PIP) --no-deps --require-hashes -r $(if $(wildcard $(VENV)/.test),requirements/test.txt,requirements/run.txt)
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.run | $(BIN)/python
	$(PIP) --no-deps --require-hashes -r requirements/test.txt
	@touch $@

# The browser tests drive Debian's Chromium, never a downloaded one. The marker holds its path, empty where there is none.
# What drives it brings a Node of its own, which needs libatomic1: a bare Debian lacks it.
browser: | $(BIN)/python
	@{ [ -n "$(CHROMIUM)" ] && /sbin/ldconfig -p | grep -q libatomic.so.1; } \
	  || { $(AS_ROOT) && echo "Installing Chromium for the browser tests ..." && apt-get update -qq \
	  && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium libatomic1 >/dev/null; } || true
	@found="$(CHROMIUM)"; echo "$${found:-$$(command -v chromium)}" > $(VENV)/.browser
	@[ -n "$$(cat $(VENV)/.browser)" ] || printf '\n%s\n%s\n%s\n\n' "*** NO CHROMIUM: THE BROWSER TESTS WILL BE SKIPPED. ***" \
	  "*** Install it (sudo apt-get install chromium libatomic1)," "*** or set DHR_CHROMIUM to its path."
