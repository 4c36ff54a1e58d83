# `make` lists the targets. GNU make 3.81 (macOS) or later.

# Any Python from 3.11 on; `make PYTHON=python3.13 ...` to choose.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

# Neither the tools nor the tests report to anybody.
export SAM_CLI_TELEMETRY := 0

# Where the tool is imported from.
export PYTHONPATH := $(CURDIR)/cloudfront-local

.DEFAULT_GOAL := help
.PHONY: help local invoke test test-long test-tool test-browser test-sam test-fork lint bench events mutants only urls site logs deploy-region destroy clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

local: $(INSTALLED) ## Run the stack on this machine: http://127.0.0.1:8080 (PORT=, AWS_PORT=, ARGS="--edge-region eu-west-1")
	@exec $(BIN)/python -m cloudfront_local serve $(ARGS)

invoke: $(INSTALLED) ## Call a function of `make local` in SAM's container (FUNCTION=..., EVENT=events/...)
	@test -n "$(FUNCTION)" -a -n "$(EVENT)" || { echo "Say which function, and which event's file, such as:" \
		"make invoke FUNCTION=AuthorizerFunction EVENT=events/authorizer/no-credentials.json" >&2; exit 2; }
	@exec $(BIN)/python -m cloudfront_local invoke $(FUNCTION) -e $(EVENT) --container

test: $(INSTALLED) ## Run the tests, in a minute (ARGS="-k site")
	@$(BIN)/python -m pytest --numprocesses auto $(ARGS)

test-long: $(INSTALLED) ## Run the tests that take minutes: deployments of their own, generated values in thousands
	@$(BIN)/python -m pytest -m "long or hypothesis" --hypothesis-profile thorough --numprocesses auto $(ARGS)

test-tool: $(INSTALLED) ## Run the tests of cloudfront-local, the tool (ARGS="-k lint")
	@$(BIN)/python -m pytest cloudfront-local/tests --numprocesses auto --dist worksteal $(ARGS)

test-browser: $(INSTALLED) ## Run the tests in Chromium, screenshots in artifacts/; without one they are skipped
	@$(BIN)/python -m pytest -m browser tests/end_to_end/browser $(ARGS)

test-sam: $(INSTALLED) ## Run the events in SAM's containers; without a container engine they are skipped
	@$(BIN)/python -m pytest -m container tests/end_to_end/container $(ARGS)
test-fork: $(INSTALLED) ## Reduce clones to each of the functions, deploy them here and run their tests (five minutes)
	@$(BIN)/python -m pytest -m fork tests/only --numprocesses auto --dist worksteal $(ARGS)

lint: $(INSTALLED) ## Check style, types and the template
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/cfn-lint
	@$(BIN)/sam validate --lint

bench: $(INSTALLED) ## Measure cold starts at Lambda's share of a processor, memory and warm requests, against boto3 (ARGS=--markdown)
	@$(BIN)/python -m benchmarks $(ARGS)

events: $(INSTALLED) ## Record the events under events/ that are missing, from the stack of `make local`; or anew (FUNCTION=signer)
	@PYTHONPATH=src:$(PYTHONPATH) $(BIN)/python -m tests.events.record $(FUNCTION)

mutants: $(INSTALLED) ## Break CloudFront's rules one at a time and expect the tests to fail (ten minutes)
	@$(BIN)/python cloudfront-local/tests/rules/mutate.py $(ARGS)

only: $(INSTALLED) ## Make a repository of your own from this: keep one function and what it needs (FUNCTION=signer)
	@$(BIN)/python -m only $(FUNCTION) $(ARGS)

# The stack on AWS that samconfig.toml names: its environment default, or CONFIG_ENV=prod; LOCAL=1 for `make local`'s.
STACK = exec $(BIN)/python -m stack $(if $(CONFIG_ENV),--config-env $(CONFIG_ENV)) $(if $(LOCAL),--local)

urls: $(INSTALLED) ## Say what to open, and what a new stack still lacks (CONFIG_ENV=prod, LOCAL=1)
	@$(STACK) urls

site: $(INSTALLED) ## Upload the pages under site/ (CONFIG_ENV=prod, LOCAL=1)
	@$(STACK) site $(ARGS)

logs: $(INSTALLED) ## Show what edge functions log, wherever they run (FUNCTION=AuthorizerFunction, ARGS="--follow --since 1h")
	@$(STACK) logs $(FUNCTION) $(ARGS)

deploy-region: $(INSTALLED) ## Make a bucket for files in a further Region (REGION=eu-west-1)
	@$(STACK) deploy-region $(REGION) $(ARGS)

destroy: $(INSTALLED) ## Delete the stack, replicated functions and all; run it again when it says so (ARGS=--empty-buckets)
	@$(STACK) destroy $(ARGS)

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
