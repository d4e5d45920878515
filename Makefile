# What can be done here. `make run` and `make test` need nothing but Python 3.11 or newer and make.
SHELL := bash
.DEFAULT_GOAL := help
# What is compiled is kept: otherwise each of the many processes of a run compiles all that it imports.
export PYTHONDONTWRITEBYTECODE :=

bin := .venv/bin
lock := $(bin)/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-emit-index-url --only-binary :all: --custom-compile-command "make lock" \
	pyproject.toml --group build
tests ?= tests
workers ?= 2
bundle = echo 'export { $(2) } from "$(1)";' | node_modules/.bin/esbuild --bundle --minify --format=iife \
	--global-name=vendored_$(3) --banner:js='/* $(4) */' --target=es2020 --log-level=error \
	--outfile=pme/proving/offline/vendored/$(3).js

.PHONY: help
help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: install
install: ## Prepare this machine for running (done by itself before `run`)
	@scripts/setup.sh run

.PHONY: run
run: install ## Start the platform with a demonstration academy, and print its addresses and sign-ins
	@$(bin)/pme serve

.PHONY: test-install
test-install: ## Prepare this machine for the tests (done by itself before `test`)
	@scripts/setup.sh test

.PHONY: test
test: test-install ## Run every test, on SQLite and on PostgreSQL (a part: make test tests=tests/web; more at once: workers=3)
	@$(bin)/python -m pytest -n $(workers) --dist worksteal $(tests)

.PHONY: vendored
vendored: test-install ## Bundle anew the two libraries that the offline verifier carries
	@$(call bundle,@noble/ed25519,verifyAsync,ed25519,@noble/ed25519 3.2.0 (MIT) (c) 2019 Paul Miller)
	@$(call bundle,qr/decode.js,decodeQR,qr,qr 0.7.0 (MIT or Apache-2.0) (c) 2023 Paul Miller)

.PHONY: coverage
coverage: test-install ## Run every test and say which lines and branches none of them reached
	@$(bin)/coverage erase
	@$(bin)/coverage run -m pytest -n $(workers) --dist worksteal $(tests)
	@$(bin)/coverage combine --quiet
	@$(bin)/coverage report

.PHONY: lint
lint: test-install ## Look for mistakes and for untidy code
	@$(bin)/ruff check .
	@$(bin)/ruff format --check .

.PHONY: format
format: test-install ## Tidy the code
	@$(bin)/ruff check --fix-only .
	@$(bin)/ruff format .

.PHONY: types
types: test-install ## Check the types
	@$(bin)/mypy

.PHONY: imports
imports: test-install ## Check that imports only go down
	@$(bin)/lint-imports

.PHONY: check
check: install ## Check the courses, modules and quizzes as they are written
	@$(bin)/pme check

.PHONY: sure
sure: lint types imports check test ## Everything that must hold before a change is handed in

.PHONY: bench
bench: test-install ## Measure speed and size, beside the reference figures
	@$(bin)/python -m tests.bench

.PHONY: words
words: test-install ## Find what the code says, write it into the catalogues, and tell what is not translated yet
	@$(bin)/python -m tests.words.update

.PHONY: screenshots
screenshots: test-install ## Take the pictures of docs/screenshots/ anew, from the shipped content
	@$(bin)/python -m tests.browser.screenshots

.PHONY: soak-install
soak-install: ## Prepare this machine for the long tests (done by itself before `soak`)
	@scripts/setup.sh soak

.PHONY: soak
soak: soak-install ## Run the long tests: load, restarts and power cuts, independent PDF checks
	@$(bin)/python -m pytest -m soak -o faulthandler_timeout=5400 $(tests)

.PHONY: lock
lock: test-install ## Write requirements/ and package-lock.json anew after a change of dependencies
	@$(lock) --output-file requirements/base.txt $(more)
	@$(lock) --output-file requirements/dev.txt --group dev --constraints requirements/base.txt $(more)
	@$(lock) --output-file requirements/s3.txt --extra s3 --constraints requirements/base.txt $(more)
	@$(lock) --output-file requirements/redis.txt --extra redis --constraints requirements/base.txt $(more)
	@$(lock) --output-file requirements/traces.txt --extra traces --constraints requirements/base.txt $(more)
	@$(bin)/npm install --package-lock-only --ignore-scripts --loglevel=error
	@! grep -n '"resolved"' package-lock.json

.PHONY: upgrade
upgrade: more := --upgrade
upgrade: lock ## Like `lock`, with the newest versions that fit

.PHONY: clean
clean: ## Remove what was installed and built here, but never the data in instance/
	@rm -rf .venv node_modules build dist *.egg-info .coverage* .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
