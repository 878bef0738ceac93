# Two commands: `make audit` does the main job, `make test` runs all tests. Both set up what they need.
#
#   make audit                         on the built-in virtual building
#   make audit NET=192.168.1.0/24      asks who allows it, records that, then scans
#   make audit SCOPE=scope.toml        on the networks of a scope file
#   make audit ... OUT=folder          where the run is kept (default audit/<time>)
#   make audit ... ARGS="--dry-run"    further options of `netaudit scan`

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
NETAUDIT := $(BIN)/netaudit
OUT ?= audit/$(shell date -u +%Y%m%d-%H%M%S)
ARGS ?=
# Two workers: the laboratory and the virtual building wait more than they work.
PYTEST_ARGS ?= -n 2 --dist loadgroup

# Exit status 1 means "done, but something needs attention" (findings): not a failure of make.
ATTENTION_IS_FINE = || [ $$? -eq 1 ]

.PHONY: audit samples test lint setup test-setup clean help

audit: setup
ifdef SCOPE
	@$(NETAUDIT) scan --scope $(SCOPE) --out $(OUT) $(ARGS) $(ATTENTION_IS_FINE)
else ifdef NET
	@mkdir -p audit
	@$(NETAUDIT) init --network $(NET) --scope audit/scope-$(subst /,-,$(NET)).toml --keep
	@$(NETAUDIT) scan --scope audit/scope-$(subst /,-,$(NET)).toml --out $(OUT) $(ARGS) $(ATTENTION_IS_FINE)
else
	@$(NETAUDIT) demo --out $(OUT) $(ARGS) $(ATTENTION_IS_FINE)
endif

# Everything that netaudit writes, made from the virtual building: reports, forms, packs.
SAMPLES ?= audit/samples
samples: export NETAUDIT_STORE = $(abspath $(SAMPLES))/netaudit.db
# Last part of an address, and where it hangs on the floor plan, in percent.
SAMPLE_SPOTS := 3:18:25 6:12:75 7:90:72 8:38:75 9:48:22 10:55:50 11:62:75 13:85:22 25:75:50 29:30:50 30:70:62 32:95:50
SAMPLE_PLAN := --planning docs/samples/planning.toml
# What the first phase took down: the covered cameras of the depot, and one of the annex.
SAMPLE_REMOVED := 127.77.2.2 127.77.2.4 127.77.2.6 127.77.2.7 127.77.2.8 127.77.3.2
samples: setup
	@rm -rf $(SAMPLES)
	@$(NETAUDIT) demo --out $(SAMPLES)/run --store $(NETAUDIT_STORE) $(ATTENTION_IS_FINE)
	@$(NETAUDIT) register floor docs/samples/ground-floor.png --site "Head office" --floor "Ground floor"
	@for spot in $(SAMPLE_SPOTS); do set -- $$(echo $$spot | tr : ' '); $(NETAUDIT) register put 127.77.1.$$1 --run $(SAMPLES)/run \
	  --site "Head office" --floor "Ground floor" --x $$2 --y $$3 >/dev/null || exit 2; done
	@for format in html pdf xlsx csv json md; do \
	  $(NETAUDIT) report --run $(SAMPLES)/run $(SAMPLE_PLAN) --format $$format --out $(SAMPLES)/report.$$format $(ATTENTION_IS_FINE) || exit 2; done
	@for format in html pdf; do \
	  $(NETAUDIT) report --run $(SAMPLES)/run $(SAMPLE_PLAN) --language de --format $$format --out $(SAMPLES)/bericht.$$format $(ATTENTION_IS_FINE) || exit 2; \
	  $(NETAUDIT) report --run $(SAMPLES)/run $(SAMPLE_PLAN) --redact --format $$format --out $(SAMPLES)/redacted.$$format $(ATTENTION_IS_FINE) || exit 2; done
	@mkdir -p $(SAMPLES)/what-if && cp docs/samples/prices.csv $(SAMPLES)/what-if
	@sed 's/^budget = .*/budget = 16000/' docs/samples/planning.toml >$(SAMPLES)/what-if/planning.toml
	@$(NETAUDIT) plan --run $(SAMPLES)/run $(SAMPLE_PLAN) --format json >$(SAMPLES)/plan.json $(ATTENTION_IS_FINE)
	@$(NETAUDIT) plan --run $(SAMPLES)/run --planning $(SAMPLES)/what-if/planning.toml --format json >$(SAMPLES)/what-if/plan.json $(ATTENTION_IS_FINE)
	@$(NETAUDIT) plan compare $(SAMPLES)/plan.json $(SAMPLES)/what-if/plan.json >$(SAMPLES)/what-if/compared.txt
	@for form in far-52.204-25-one-day far-52.204-25-ten-day far-52.240-91-72-hours far-52.204-24-26-inquiry inquiry-memo; do \
	  $(NETAUDIT) form $$form --run $(SAMPLES)/run $(SAMPLE_PLAN) --out $(SAMPLES)/$$form.html $(ATTENTION_IS_FINE) || exit 2; done
	@$(NETAUDIT) register export $(SAMPLES)/schedule.xlsx --run $(SAMPLES)/run $(SAMPLE_PLAN)
	@$(NETAUDIT) pack --run $(SAMPLES)/run $(SAMPLE_PLAN) --out $(SAMPLES)/pack.zip
	@$(NETAUDIT) pack --run $(SAMPLES)/run $(SAMPLE_PLAN) --redact --out $(SAMPLES)/redacted.zip
	@$(NETAUDIT) verify $(SAMPLES)/redacted.zip --complete $(SAMPLES)/pack.zip
	@$(NETAUDIT) demo --out $(SAMPLES)/after-removal --store $(NETAUDIT_STORE) $(addprefix --without ,$(SAMPLE_REMOVED)) $(ATTENTION_IS_FINE)
	@for format in html md json; do $(NETAUDIT) progress $(SAMPLES)/run $(SAMPLES)/after-removal \
	  --format $$format --out $(SAMPLES)/progress.$$format $(ATTENTION_IS_FINE) || exit 2; done
	@echo "Samples: $(SAMPLES)"

# Real cables, kernels and browsers: what fails is run once more with the machine to itself. What fails twice has failed;
# what failed once stands in the output above the second run, and is a bug of the test or worse.
test: setup test-setup lint
	@$(BIN)/python -m pytest $(PYTEST_ARGS) || { [ $$? -eq 1 ] && \
	  echo "=== some failed: once more, those only and one by one ===" && \
	  $(BIN)/python -m pytest -n 0 --last-failed --last-failed-no-failures none; }

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

setup: $(VENV)/.ready

$(VENV)/.ready: pyproject.toml constraints.txt Makefile
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "netaudit needs Python 3.11 or newer (PYTHON=...)"; exit 2; }
	@$(PYTHON) -m venv $(VENV) 2>/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "installing Debian's python3-venv ..."; \
	    apt-get -q update >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends python3-venv >/dev/null; \
	    $(PYTHON) -m venv $(VENV); \
	  else echo "Python's venv module is missing: install it first, e.g. 'sudo apt-get install python3-venv'"; exit 2; fi; }
	@echo "installing netaudit and what it needs into $(VENV) (once; about a minute) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

# Third-party programs that act as devices in the laboratory, and a browser: from Debian's packages, as root only.
test-setup: setup
	@sh tests/lab/install.sh

# What stands at the head of this file.
help:
	@sed -n '/^#/!q; s/^# \{0,1\}//p' Makefile

clean:
	rm -rf $(VENV) .lab-venv .mypy_cache .ruff_cache .pytest_cache .hypothesis dist build
