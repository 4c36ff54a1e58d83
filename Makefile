# `make` lists the targets. GNU make 3.81 (macOS) or later.

# Any Python from 3.11 on; `make PYTHON=python3.13 ...` to choose.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
# With the packages of the tests and of lint.
INSTALLED_DEV := $(VENV)/.installed-dev

# Neither the tools nor the tests report to anybody.
export SAM_CLI_TELEMETRY := 0

.DEFAULT_GOAL := help
.PHONY: help local invoke test test-long lint events inline new logs destroy clean
.PHONY: urls site # only: distribution
.PHONY: test-tool test-lint test-browser test-sam test-fork bench bench-tool mutants wheel test-wheel only # only: starter
.PHONY: deploy-region # only: router

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

local: $(INSTALLED) ## Run the stack on this machine: http://127.0.0.1:8080 (PORT=, WINDOW_PORT=, AWS_PORT=, ARGS="--edge-region eu-west-1")
	@$(BIN)/python src/inline.py
	@exec $(BIN)/python -m cloudfront_local serve $(ARGS)

invoke: $(INSTALLED) ## Call a function of `make local` in SAM's container (FUNCTION=..., EVENT=events/...)
	@test -n "$(FUNCTION)" -a -n "$(EVENT)" || { echo "Say which function, and which event's file, such as:" \
		"make invoke FUNCTION=MyFunction EVENT=events/my/outcome.json" >&2; exit 2; }
	@exec $(BIN)/python -m cloudfront_local invoke $(FUNCTION) -e $(EVENT) --container

test: $(INSTALLED_DEV) ## Run the tests, in a minute (ARGS="-k site")
	@$(BIN)/python -m pytest --numprocesses auto $(ARGS)

test-long: $(INSTALLED_DEV) ## Run the tests that take minutes: whole deployments, thousands of generated values
	@$(BIN)/python -m pytest -m "long or hypothesis" --hypothesis-profile thorough --numprocesses auto $(ARGS)

# only: starter
test-tool: $(INSTALLED_DEV) ## Run the tests of cloudfront-local, the tool (ARGS="-k lint")
	@$(BIN)/python -m pytest cloudfront-local/tests --numprocesses auto --dist worksteal $(ARGS)

test-lint: ## Run lint's tests with another cfn-lint, in a separate environment (CFN_LINT=1.53.3; default: the newest)
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && $(PYTHON) -m venv "$$folder" && \
		"$$folder/bin/python" -m pip install --quiet --disable-pip-version-check --upgrade ./cloudfront-local \
			"cfn-lint[sarif]$(if $(CFN_LINT),==$(CFN_LINT))" quickjs-ng tree-sitter tree-sitter-javascript pytest pytest-asyncio pytest-xdist hypothesis && \
		"$$folder/bin/cfn-lint" --version && cd cloudfront-local && env -u PYTHONPATH "$$folder/bin/pytest" \
			-o pythonpath= --confcutdir tests/lint tests/lint --numprocesses auto --dist worksteal $(ARGS)

test-browser: $(INSTALLED_DEV) ## Run the tests in Chromium, screenshots in artifacts/; skipped without Chromium
	@$(BIN)/python -m pytest -m browser tests/end_to_end/browser $(ARGS)

test-sam: $(INSTALLED_DEV) ## Run the events in SAM's containers; without a container engine they are skipped
	@$(BIN)/python -m pytest -m container tests/end_to_end/container $(ARGS)

test-fork: $(INSTALLED_DEV) ## Reduce a clone to each function, deploy it here and run its tests (five minutes)
	@$(BIN)/python -m pytest -m fork tests/only --numprocesses auto --dist worksteal $(ARGS)
# end

lint: $(INSTALLED_DEV) ## Check style, types and the template
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@cd cloudfront-local && $(abspath $(BIN))/mypy --strict benchmarks # only: starter
	@$(BIN)/cfn-lint
	@$(BIN)/sam validate

# only: starter
bench: $(INSTALLED_DEV) ## Measure cold starts at Lambda's share of a processor, memory and warm requests, against boto3 (ARGS=--markdown)
	@$(BIN)/python -m benchmarks $(ARGS)

bench-tool: $(INSTALLED_DEV) ## Measure hits, bursts and edits of cloudfront-local (ARGS="--against COMMIT" beside another version)
	@cd cloudfront-local && $(abspath $(BIN))/python -m benchmarks $(ARGS)
	@cd cloudfront-local && $(abspath $(BIN))/python -m benchmarks.fixtures
# end

events: $(INSTALLED_DEV) ## Record missing events, or one function's events again (FUNCTION=my), from `make local`
	@PYTHONPATH=src $(BIN)/python -m tests.events.record $(FUNCTION)

# only: starter
mutants: $(INSTALLED_DEV) ## Break CloudFront's rules one at a time and expect the tests to fail (ten minutes)
	@$(BIN)/python cloudfront-local/tests/rules/mutate.py $(ARGS)

wheel: $(INSTALLED) ## Build cloudfront-local's wheel into dist/
	@rm -rf dist
	@$(BIN)/python -m pip --disable-pip-version-check wheel --quiet --no-deps --wheel-dir dist ./cloudfront-local
	@ls dist/*

test-wheel: wheel ## Install the wheel into another project, of one template and one handler, and use it there
	@.ci/wheel dist/*.whl $(PYTHON)

only: $(INSTALLED) ## Make a repository of your own from this: keep one function and what it needs (FUNCTION=signer, ARGS=--without-distribution)
	@$(BIN)/python -m only $(FUNCTION) $(ARGS)
# end

inline: $(INSTALLED) ## Copy the code of CloudFront Functions from src/ into template.yaml
	@$(BIN)/python src/inline.py

new: $(INSTALLED) ## Begin a function of your own (FUNCTION=geo EVENT=viewer-request RUNTIME=cloudfront-js-2.0)
	@$(BIN)/python -m new $(if $(RUNTIME),--runtime $(RUNTIME)) $(FUNCTION) $(or $(EVENT),$(if $(RUNTIME),viewer-request))

# The stack on AWS that samconfig.toml names: its environment default, or CONFIG_ENV=prod; LOCAL=1 for `make local`'s.
STACK = exec $(BIN)/python -m stack $(if $(CONFIG_ENV),--config-env $(CONFIG_ENV)) $(if $(LOCAL),--local)

# only: distribution
urls: $(INSTALLED) ## Say what to open, and what a new stack still lacks (CONFIG_ENV=prod, LOCAL=1)
	@$(STACK) urls

site: $(INSTALLED) ## Upload the pages under site/ (CONFIG_ENV=prod, LOCAL=1)
	@$(STACK) site $(ARGS)
# end

logs: $(INSTALLED) ## Show what edge functions log, wherever they run (FUNCTION=MyFunction, ARGS="--follow --since 1h")
	@$(STACK) logs $(FUNCTION) $(ARGS)

# only: router
deploy-region: $(INSTALLED) ## Make a bucket for files in a further Region (REGION=eu-west-1)
	@$(STACK) deploy-region $(REGION) $(ARGS)
# end

destroy: $(INSTALLED) ## Delete the stack and its replicated functions; run again when told to (ARGS=--empty-buckets)
	@$(STACK) destroy $(ARGS)

clean: ## Remove .venv, builds and caches from this folder
	@rm -rf $(VENV) .aws-sam artifacts dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

PIP = $(BIN)/python -m pip --quiet --disable-pip-version-check install --no-compile

$(INSTALLED): requirements.txt $(wildcard cloudfront-local/pyproject.toml cloudfront-local/cloudfront_local/aws/aws.txt)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or later is needed; $(PYTHON) is not. Name one: make PYTHON=python3.13 ..." >&2; exit 1; }
	@test ! -L $(VENV) || { echo "$(VENV) is a link and is left alone: install requirements.txt there, or remove the link." >&2; exit 1; }
	@echo "Installing the packages of requirements.txt into $(VENV) ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(PIP) -r requirements.txt
	@programs=$$($(BIN)/cloudfront-local install) && ln -sf "$$programs/sam" $(BIN)/sam
	@touch $@

$(INSTALLED_DEV): requirements-dev.txt $(INSTALLED)
	@echo "Installing the packages of requirements-dev.txt into $(VENV) ..."
	@$(PIP) -r requirements-dev.txt
	@touch $@
