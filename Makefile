# Everything a person types: make demo, make test, make check.
VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEV := $(VENV)/.installed-dev

.PHONY: serve demo test test-llm check lint types measure clean
.DEFAULT_GOAL := help

help:
	@echo "make demo     审查示例材料包，报告写到 demo-report/（首次运行会建立环境）"
	@echo "make serve    启动网站（本机 SQLite、示例账号、示例申请）"
	@echo "make test     运行测试"
	@echo "make test-llm 在本机装配并启动一个小模型，跑真实模型的测试（首次下载约 1.1 GB）"
	@echo "make check    格式、静态检查、类型和测试"
	@echo "make measure  在 eval/cases 上测量召回、误报与耗时"

# What the program needs, and, for tests and the website, what development needs.
$(STAMP): pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $(STAMP)

$(DEV): pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $(STAMP) $(DEV)

demo: $(STAMP)
	@$(BIN)/assist-review check eval/cases/dev1-danyu-dialogue/package --as-of 2026-11-23 --out demo-report || [ $$? -eq 1 ]
	@echo "用浏览器打开 demo-report/dev1-danyu-dialogue/review.html"

serve: $(DEV)
	@$(BIN)/assist-review serve

test: $(DEV)
	@$(BIN)/python -m pytest

test-llm: $(DEV)
	$(BIN)/python benchmarks/local_model.py test

lint: $(DEV)
	$(BIN)/ruff format --check src tests benchmarks eval
	$(BIN)/ruff check src tests benchmarks eval

types: $(DEV)
	$(BIN)/mypy

check: lint types test

measure: $(DEV)
	$(BIN)/python benchmarks/measure.py eval/cases

clean:
	rm -rf $(VENV) demo-report out dist .mypy_cache .ruff_cache .pytest_cache
