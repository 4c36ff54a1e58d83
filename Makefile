# `make` lists the targets. GNU make 3.81 (macOS) or later.

# Any Python from 3.11 on; `make PYTHON=python3.13 ...` to choose.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

# Neither the tools nor the tests report to anybody.
export SAM_CLI_TELEMETRY := 0

.DEFAULT_GOAL := help
.PHONY: help local site test test-browser lint bench mutants clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

local: $(INSTALLED) ## Run the stack on this machine: http://127.0.0.1:8080 (PORT=, AWS_PORT=, ARGS="--edge-region eu-west-1")
	@exec $(BIN)/python -m local $(ARGS)

site: $(INSTALLED) ## Upload site/ to the stack's bucket (ARGS=--local for the laptop's stack)
	@$(BIN)/python -m stack $(ARGS) site

test: $(INSTALLED) ## Run every test that needs no Docker and no browser (ARGS="-k users")
	@$(BIN)/python -m pytest --numprocesses auto --dist loadscope $(ARGS)

test-browser: $(INSTALLED) ## Run the tests in Chromium, screenshots in artifacts/; without one they are skipped
	@$(BIN)/python -m pytest -m browser tests/end_to_end/browser $(ARGS)

lint: $(INSTALLED) ## Check style, types and the template
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/cfn-lint
	@$(BIN)/sam validate --lint

bench: $(INSTALLED) ## Measure cold start, memory and warm requests against boto3 (ARGS=--json)
	@$(BIN)/python -m benchmarks $(ARGS)

mutants: $(INSTALLED) ## Break CloudFront's rules one at a time and expect the tests to fail (ten minutes)
	@$(BIN)/python tests/local/cloudfront/rules/mutate.py $(ARGS)

clean: ## Remove all that was made: .venv, builds, caches
	@rm -rf $(VENV) .aws-sam artifacts .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(INSTALLED): requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or later is needed; $(PYTHON) is not. Name one: make PYTHON=python3.13 ..." >&2; exit 1; }
	@echo "Installing the tools into $(VENV), which takes a minute or two ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
