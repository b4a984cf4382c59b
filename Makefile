# What a person types; each target says what it does. `make` alone lists them.
SHELL := /bin/bash
PYTHON := .venv/bin/python
TEMPLATES = $(shell find praja -name '*.html')

.PHONY: help run test check bench docs messages lock tools

help:
	@echo "make run       install what is needed, fill the demonstration, serve it; Ctrl-C stops"
	@echo "make test      every test that this machine can run (SQLite, PostgreSQL, browser)"
	@echo "make check     style, types, templates, catalogues, migrations, import order"
	@echo "make bench     measure; PART=books, choices or log only those, BIG=1 with 500,000 rows, WRITE=1 into docs/benchmarks.md"
	@echo "make messages  collect the texts for translators"
	@echo "make lock      choose versions anew and lock them with their hashes"

run: .venv/ready-to-run
	@$(PYTHON) -m praja serve --demo

test: .venv/ready-to-develop
	@$(PYTHON) -m tests

check: .venv/ready-to-develop
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/djade --check --target-version 5.2 $(TEMPLATES)
	$(PYTHON) -m praja makemigrations --check --dry-run
	.venv/bin/pytest -q -n 0 tests/test_architecture.py tests/test_catalogues.py

bench: .venv/ready-to-develop
	@$(PYTHON) -m benchmarks $(if $(WRITE),--write)

messages: .venv/ready-to-develop
	$(PYTHON) -m praja.catalogues

lock: .venv/ready-to-develop
	.venv/bin/uv pip compile pyproject.toml $(LOCK) --output-file requirements.lock
	.venv/bin/uv pip compile pyproject.toml --group dev --constraints requirements.lock $(LOCK) --output-file requirements-dev.lock

LOCK = --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url

# Installed again only when the lock has changed.
.venv/ready-to-run: requirements.lock | tools
	@$(INSTALL)

.venv/ready-to-develop: requirements-dev.lock | tools
	@$(INSTALL)
	@touch .venv/ready-to-run

define INSTALL
set -e; \
[ -x $(PYTHON) ] || { echo "· Making the environment .venv"; python3 -m venv .venv; }; \
echo "· Installing the packages of $<, each checked by its hash (a few minutes the first time)"; \
$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r $<; \
touch $@
endef

tools:
	@missing=""; \
	command -v git >/dev/null || missing="$$missing git"; \
	command -v python3 >/dev/null || missing="$$missing python3"; \
	python3 -c 'import ensurepip, venv' 2>/dev/null || missing="$$missing python3-venv"; \
	if [ -n "$$missing" ]; then echo "Something is missing here. Install it with this line, then try again:"; \
	echo "  sudo apt install$$missing"; exit 1; fi; \
	python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Praja needs Python 3.11 or newer."; exit 1; }
