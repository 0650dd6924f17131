# Needs a Python 3.11 or newer with venv, and nothing from the system's package manager.

SHELL := bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo gallery test fuzz agreement bench lint wheel clean

# Prints the first of its arguments that is a Python which runs.
find_python = $(shell for p in $(1); do "$$p" -c '' 2>/dev/null && { echo "$$p"; break; }; done)

PYTHON ?= $(call find_python,python3.11 python3)
BIN := .venv/bin

# Networks to compare with. They go in without their dependencies, which would replace torch.
REFERENCES := torchvision==0.29.2 timm==1.0.31 pretrainedmodels==0.7.4 facenet-pytorch==2.6.0 \
              pytorch-fid==0.3.0

# The text path (check, show, draw) is tested on these Pythons too, where they are installed: in the
# path, or as a pyenv version that is not the chosen one; the campaigns of random texts run once.
# It needs the first line of packages, its
# tests the second.
TEXT_VERSIONS := 3.12 3.13
TEXT_PACKAGES := click graphviz lark networkx pygments pypdfium2 reportlab rich \
                 graphviz-pure hypothesis pillow pytest pytest-xdist
text_python = $(call find_python,python$(1) $$HOME/.pyenv/versions/$(1).*/bin/python$(1))
text_versions = $(foreach version,$(TEXT_VERSIONS),$(if $(call text_python,$(version)),$(version)))

MINUTES ?= 10
SEED ?= 0

help: ## this list
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

demo: .venv/ready ## compile every shipped spec into out/, and run two photographs through them
	$(BIN)/python examples/demo.py

gallery: .venv/ready ## draw every shipped spec into specs/figures/, and write specs/GALLERY.md
	$(BIN)/python examples/gallery.py

test: lint ## lint, types, and all tests; the text path on Python 3.12 and 3.13 as well
	$(BIN)/pytest -n 2
	@$(foreach version,$(text_versions),$(MAKE) --no-print-directory test-$(version) &&) true

test-%: .venv-%/ready
	.venv-$*/bin/pytest -n 2 -m text --ignore-glob='tests/test_fuzz_*'

fuzz: .venv/ready ## random specs, texts and graphs for MINUTES=10; SEED=0 starts elsewhere
	$(BIN)/python -m tests.fuzz --minutes $(MINUTES) --seed $(SEED)

agreement: .venv/ready ## how far the networks of other libraries are from ours, with the same weights
	$(BIN)/python tests/agreement.py

bench: .venv/bench ## every way to run the networks here, side by side, into benchmarks/README.md; half an hour
	$(BIN)/python benchmarks/run.py $(BENCH)

lint: .venv/ready ## ruff, mypy, and the form of the specs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/incept fmt --check specs examples
	$(BIN)/mypy

wheel: .venv/ready ## build the wheel into dist/
	$(BIN)/pip wheel --no-deps --wheel-dir dist .

clean: ## remove everything that make made
	rm -rf .venv .venv-* out dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

.venv/ready: pyproject.toml constraints.txt Makefile
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -c constraints.txt -e '.[dev]'
	$(BIN)/pip install --no-deps $(REFERENCES)
	touch $@

.venv/bench: .venv/ready
	$(BIN)/pip install -c constraints.txt -e '.[bench]'
	touch $@

.PRECIOUS: .venv-%/ready
.venv-%/ready: pyproject.toml constraints.txt Makefile
	$(call text_python,$*) -m venv --clear .venv-$*
	.venv-$*/bin/pip install -q -c constraints.txt $(TEXT_PACKAGES)
	.venv-$*/bin/pip install -q --no-deps -e .
	touch $@
