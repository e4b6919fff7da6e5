## make render   makes .venv, installs, renders stories/fox.story and says where the film is
## make test     makes .venv, installs with the test extras, runs every check and test

PYTHON ?= python3
STORY  ?= stories/fox.story
OUT    ?= out

# Processes that test side by side, each on one core; each takes up to 3 GB.
JOBS   ?= 2

BIN := .venv/bin
TRAIN := $(BIN)/python -m dreamrunner.engine.storybook.train

.PHONY: help render test check format bench soak train miniature clean
.DEFAULT_GOAL := help

help:
	@sed -n 's/^## //p' Makefile

render: .venv/.installed
	@$(BIN)/dreamrunner render $(STORY) -o $(OUT)

test: check

## make check    the same on an environment that is there: format, lint, types, contracts, tests
check: .venv/.installed-test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	MYPYPATH=.venv/src $(BIN)/mypy -p dreamrunner
	$(BIN)/lint-imports
	OMP_NUM_THREADS=1 $(BIN)/pytest -n $(JOBS) --dist loadfile

## make format   rewrites what `check` would only complain about
format: .venv/.installed-test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

## make bench    prints the table of speeds: measured here, gate, limit; the other benchmarks
##               are scripts in benchmarks/ and run one by one
bench: .venv/.installed-test
	@$(BIN)/python benchmarks/run.py

## make soak     kills renders in every phase and nodes of a cluster, tears files, renders in two
##               processes and many times, and prints what was lost, repeated or wrong
soak: .venv/.installed-test
	@$(BIN)/python benchmarks/soak.py --json benchmarks/results/soak.json

## make train    trains the embedded models anew; it can be stopped and goes on where it was.
##               QUICK=1 goes the whole way in minutes, into .training/quick: no models to look at
WEIGHTS := $(if $(QUICK),.training/quick/weights,engine/storybook/weights)
WORK    := --work .training$(if $(QUICK),/quick)
SHORT   := $(WORK) $(if $(QUICK),--minutes 0.3)
train: .venv/.installed
	$(TRAIN) codec $(SHORT)
	$(TRAIN) clips $(WORK) $(if $(QUICK),--count 64)
	$(TRAIN) underpainter $(SHORT)
	$(TRAIN) people $(SHORT)
	$(TRAIN) places $(SHORT)
	$(TRAIN) transformer $(SHORT)
	$(TRAIN) export $(WORK) --to $(WEIGHTS)
	$(TRAIN) critic $(SHORT) --to $(WEIGHTS)
	$(BIN)/python -m dreamrunner.tools.critic.calibrate --folder $(WEIGHTS) $(if $(QUICK),--clips 8)
	$(BIN)/python -m dreamrunner.engine.storybook.judge.train $(WORK) $(if $(QUICK),\
	  --frame-steps 3 --motion-steps 3 --clips 4 --weights $(WEIGHTS)/judge.safetensors \
	  --card $(WEIGHTS)/judge.json)
	$(BIN)/python -m dreamrunner.engine.storybook.judge.grown.train $(WORK) $(if $(QUICK),\
	  --minutes 0.3 --clips 4 --weights $(WEIGHTS)/grown-judge.safetensors \
	  --card $(WEIGHTS)/grown-judge.json)

## make miniature  trains the CogVideoX in miniature anew, from the storybook's codec; it can be
##               stopped and goes on where it was. QUICK=1 goes the whole way in minutes
SMALL := $(BIN)/python -m dreamrunner.engine.miniature.train
THERE := --work .training/miniature$(if $(QUICK),-quick)
BRIEF := $(THERE) $(if $(QUICK),--minutes 0.2 --batch 4)
INTO  := --to $(if $(QUICK),.training/miniature-quick/weights,engine/miniature/weights)
miniature: .venv/.installed
	$(SMALL) text $(BRIEF)
	$(SMALL) codec $(BRIEF) --start engine/storybook/weights/vae.safetensors
	$(SMALL) clips $(THERE) $(if $(QUICK),--clips 20)
	$(SMALL) decoder $(THERE) --minutes $(if $(QUICK),0.4 --batch 4,60)
	$(SMALL) plain $(BRIEF)
	$(SMALL) regions $(BRIEF)
	$(SMALL) export $(THERE) $(INTO)
	$(SMALL) judge $(BRIEF) $(INTO)
	$(SMALL) critic $(BRIEF) $(INTO)
	$(BIN)/dreamrunner critic calibrate --world miniature $(if $(QUICK),--clips 8) \
	  $(if $(QUICK),.training/miniature-quick/weights)

## make clean    removes the environment, caches and films; the user's own cache stays
clean:
	rm -rf .venv build dist out *.egg-info .mypy_cache .ruff_cache .pytest_cache \
	  .import_linter_cache .hypothesis

.venv/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "dreamrunner needs Python 3.11 or newer; name one with make PYTHON=...")'
	@echo "making .venv"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --upgrade pip
	@touch $@

# Type checkers cannot see through an editable install whose root is mapped to a name, so the
# repository also stands under its package's name in .venv/src.
.venv/src/dreamrunner: .venv/.python
	@mkdir -p .venv/src
	@ln -sfn "$(CURDIR)" .venv/src/dreamrunner
	@$(BIN)/python -c 'import pathlib, sysconfig; pathlib.Path(sysconfig.get_path("purelib"), "dreamrunner_src.pth").write_text(str(pathlib.Path(".venv/src").absolute()) + "\n")'

# setuptools warns of every editable install in a banner; PYTHONWARNINGS keeps it from newcomers.
.venv/.installed: pyproject.toml | .venv/src/dreamrunner
	@echo "installing into .venv; torch is large, so the first time takes minutes"
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --editable '.[voice]'
	@touch $@

.venv/.installed-test: pyproject.toml | .venv/src/dreamrunner
	@echo "installing into .venv with the test extras; the first time takes minutes"
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --editable '.[test]'
	@touch .venv/.installed $@
