# `make` lists the targets. Nothing but Python >= 3.10 is needed beforehand; everything goes into .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
EXAMPLES := bo mx fr es uk
BENCH_DIR ?= $(HOME)/frappe-bench

.DEFAULT_GOAL := help
.PHONY: help venv demo lint format where test

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

venv: $(STAMP) ## Make .venv with the app and the tools of the tests, once

$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
		{ echo "Python 3.10 or newer is needed: install it, or name it, e.g. make PYTHON=python3.12 venv" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "$(PYTHON) cannot make virtual environments: install its venv package (Debian: python3-venv)" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

demo: venv ## Run the five vendors' example years; tables here, pages in out/
	@mkdir -p out
	@set -e; for name in $(EXAMPLES); do \
		echo "== examples/$$name.yaml"; \
		$(BIN)/python -m subscription_mgmt simulate examples/$$name.yaml --html out/$$name.html; \
	done
	@echo "Pages with a timeline per contract:$(foreach name,$(EXAMPLES), out/$(name).html)"

lint: venv ## Check style and layout of the code
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: venv ## Mend style and layout of the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

where: ## Print which question each file of the package answers
	@cd subscription_mgmt && for file in *.py engine/*.py services/*.py adapters/*.py jobs/*.py api/*.py api/portal/*.py events/*.py simulation/*.py ../tenant/subscription_tenant/*.py; do \
		printf '%-38s %s\n' "$$file" "$$(head -n 1 "$$file" | tr -d '"')"; \
	done

test: lint ## Linters, every test that needs no site, then the bench suite where there is a bench
	$(BIN)/python -m pytest
	@if [ -d "$(BENCH_DIR)/apps/erpnext" ] && [ -d "$(BENCH_DIR)/sites" ]; then \
		BENCH_DIR="$(BENCH_DIR)" bash tests/bench.sh || \
			{ echo "Lanes: site-free tests passed; bench tests FAILED in $(BENCH_DIR)."; exit 1; }; \
		echo "Lanes: site-free tests ran; bench tests ran in $(BENCH_DIR)."; \
	else \
		echo "Lanes: site-free tests ran; bench tests did NOT run: $(BENCH_DIR) is no bench with ERPNext (set BENCH_DIR)."; \
	fi
