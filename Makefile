# 一台装了 python3（3.11 以上）和 make 的机器就够了；其余由这里装进 .venv。
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 8000
WORKERS ?= 2

.PHONY: help install dev postgres demo run test check bench lock chats pictures clean

help:
	@echo "make demo    打开模拟器（http://$(HOST):$(PORT)/）"
	@echo "make test    运行全部测试"
	@echo "make check   格式、静态检查、分层检查和全部测试"
	@echo "make bench   测速，报比值"

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "需要 python3 3.11 或更新的版本，现在是 " + sys.version.split()[0])'
	@$(PYTHON) -m venv $(VENV) || (echo "python3 缺少 venv 模块。Debian/Ubuntu 请先运行：apt-get install python3-venv" && exit 1)
	@touch $@

$(VENV)/.core: requirements/core.txt $(VENV)/.python
	@echo "正在把依赖装进 $(VENV)，第一次要一两分钟……"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/core.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@ $(VENV)/.core

$(VENV)/.app: pyproject.toml $(VENV)/.core
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

install: $(VENV)/.core $(VENV)/.app

dev: $(VENV)/.dev $(VENV)/.app

# 用 PostgreSQL 时另装它的驱动。
postgres: install requirements/postgres.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/postgres.txt

demo: install
	@$(BIN)/jixiao demo --host $(HOST) --port $(PORT)

# Chromium 只有浏览器那几个测试要用；root 自动装，别人得到一句该装什么。
chromium:
	@command -v chromium >/dev/null 2>&1 || ( \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; \
	  else echo "浏览器测试要用 Chromium，请先安装：apt-get install chromium"; exit 1; fi )
.PHONY: chromium

test: dev chromium
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

check: dev chromium
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

bench: dev
	@$(BIN)/python -m tests.benchmarks

# 改写对话文件和金样；改写后的差异要像代码一样看一遍。
chats: dev
	@$(BIN)/python -m pytest tests/conversations --update

# 手册里的图：在本机钉钉、企业微信和模拟器上演一季，边演边拍；每一张都要看一遍。
pictures: dev chromium
	@$(BIN)/python -m tests.pictures

lock:
	@for set in core postgres dev; do uv pip compile --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-annotate --no-header requirements/$$set.in -o requirements/$$set.txt; done

clean:
	@rm -rf var build .pytest_cache .mypy_cache .ruff_cache
