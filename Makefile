# Every target sets up what it needs in .venv by itself; a second call installs nothing.
#   make report STUDY=quick SET="training.epochs=3 seeds=5" RESULTS=results WORKERS=2 STRICT=1
.DEFAULT_GOAL := help
.PHONY: help report plan train run verify figure render serve site-zip publish-results prune compare freeze replicate bench test screenshots check check-paper format lock release clean distclean
MAKEFLAGS += --no-builtin-rules

# Set on the command line only, so that a stray variable of the shell changes no result; and what is
# typed there is text: make would expand a $(…) in it. Whatever else is set there is a slip.
typed := STUDY SET RESULTS TRAIN WORKERS CLUSTER STRICT PORT HOST RUN EXPERIMENT VARIANT SEED AT NAME OUT A B \
	MINUTES FULL KEEP YES RIVALS CHANGES PYTHON UPGRADE ALL VERAPDF
$(foreach name,$(typed),$(eval $(name) =)$(eval override $(name) := $$(value $(name))))
slips := $(strip $(foreach name,$(.VARIABLES),$(if $(findstring command line,$(origin $(name))),$(name))))
$(if $(slips),$(error unknown variable $(slips): those of this project are $(typed)))

# Which of them each target listens to. One that no target of the call does would be without effect.
study := STUDY SET RESULTS
takes.report := $(study) TRAIN WORKERS CLUSTER STRICT
takes.plan := $(study) TRAIN
takes.train := $(study) TRAIN WORKERS CLUSTER
takes.run := $(study) RUN EXPERIMENT VARIANT SEED AT
takes.verify := RESULTS MINUTES FULL RUN EXPERIMENT SEED WORKERS CLUSTER
takes.figure := $(study) NAME OUT
takes.render := $(study) TRAIN STRICT
takes.serve := $(study) TRAIN WORKERS PORT HOST
takes.publish-results := $(study)
takes.prune := RESULTS KEEP YES
takes.compare := A B
takes.replicate := $(study) EXPERIMENT MINUTES NAME WORKERS CLUSTER
takes.bench := RIVALS CHANGES CLUSTER
takes.test := ALL
takes.check-paper := VERAPDF
takes.lock := UPGRADE
goals := $(or $(MAKECMDGOALS),$(.DEFAULT_GOAL))
takes := PYTHON $(foreach goal,$(goals),$(takes.$(goal)))
stray := $(filter-out $(takes),$(foreach name,$(typed),$(if $($(name)),$(name))))
$(if $(strip $(stray)),$(error make $(goals) does not take $(strip $(stray)); it takes $(sort $(takes))))

venv := .venv
# Deaf to the variables of Python, which may lead to packages of others.
deaf := -E -s -X utf8
program := $(venv)/bin/python
python := $(program) $(deaf)
runtime := $(venv)/requirements.stamp
development := $(venv)/requirements-dev.stamp
# What a cluster needs besides, where one is asked for.
cluster := $(venv)/requirements-cluster.stamp
training := $(runtime) $(if $(CLUSTER),$(cluster))

quote = '$(subst ','\'',$(1))'
given = $(if $($(1)), --$(2) $(call quote,$($(1))))
flag = $(if $(filter-out 0,$($(1))), --$(2))
options = $(call given,STUDY,study)$(call given,RESULTS,results)
train = $(call given,TRAIN,train)
front_door = $(python) build.py$(call given,SET,settings)
workers = $(call given,WORKERS,workers)
hands = $(workers)$(call given,CLUSTER,cluster)
strict = $(call flag,STRICT,strict)
port = $(call given,PORT,port)$(foreach name,$(HOST), --host $(call quote,$(name)))
run = $(call given,RUN,run)$(call given,EXPERIMENT,experiment)$(call given,VARIANT,variant)$(call given,SEED,seed)$(call given,AT,at)
sampled = $(call given,MINUTES,minutes)$(call flag,FULL,full)$(call given,RUN,run)$(call given,EXPERIMENT,experiment)$(call given,SEED,seed)

help:  ## print this list
	@echo 'make TARGET [STUDY=FILE|NAME] [SET="KEY=VALUE ..."] [RESULTS=FOLDER|published] [TRAIN=all|none|NAME,...] [WORKERS=N] [CLUSTER=tcp://HOST:PORT|local:N] [STRICT=1] [PORT=N] [HOST=NAME]'
	@echo 'make run RUN=IDENTITY | EXPERIMENT=NAME VARIANT=NAME SEED=N AT="KEY=VALUE ..."    make figure NAME=NAME [OUT=FOLDER]    make compare A=FOLDER B=FOLDER    make prune [KEEP="FILE ..."] [YES=1]'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-15s %s\n", $$1, $$2 }' Makefile

report: $(training)  ## train what is missing and build site/index.html and site/report.pdf
	@$(front_door) report$(options)$(train)$(hands)$(strict)

plan: $(runtime)  ## say what is stored, what is to be trained, why, for how long, and who reads it
	@$(front_door) plan$(options)$(train)

train: $(training)  ## train what is missing, and build nothing
	@$(front_door) train$(options)$(train)$(hands)

run: $(runtime)  ## train one run anew and compare it with the stored and the published one
	@$(front_door) run$(options)$(run)

verify: $(training)  ## train a sample of the published runs anew, and say how well they agree (MINUTES=3, FULL=1)
	@$(front_door) verify$(call given,RESULTS,results)$(sampled)$(hands)

figure: $(runtime)  ## write one figure as SVG, PDF, PNG and CSV; without NAME, list them
	@$(front_door) figure$(options)$(call given,NAME,name)$(call given,OUT,out)

render: $(runtime)  ## build the site from the results there are, and train nothing
	@$(front_door) render$(options)$(train)$(strict)

serve: $(runtime)  ## show the site on this machine, built and shown anew on every change
	@$(front_door) serve$(options)$(train)$(workers)$(port)

site-zip: $(runtime)  ## put the site as it stands into site.zip, for any host that takes one
	@$(python) -m tools.site_zip

publish-results: $(runtime)  ## write the stored results to results/published/, for all to render from
	@$(front_door) publish$(options)

prune: $(runtime)  ## tell which stored runs no study names, and remove them (KEEP="my-study.toml ...", YES=1)
	@$(python) build.py prune$(call given,RESULTS,results)$(foreach name,$(KEEP), --keep $(call quote,$(name)))$(call flag,YES,yes)

compare: $(runtime)  ## tell what moved from results A to results B: two folders, each also FOLDER:STUDY
	@$(front_door) compare -- $(call quote,$(A)) $(call quote,$(B))

freeze: $(runtime)  ## freeze the claims as they are declared, in results/claims.lock
	@$(python) build.py freeze

replicate: $(training)  ## test the frozen claims on seeds nobody has seen, into results/replications/ (EXPERIMENT=, MINUTES=, NAME=)
	@$(front_door) replicate$(options)$(call given,EXPERIMENT,experiment)$(call given,MINUTES,minutes)$(call given,NAME,name)$(hands)

# Each rival in an environment of its own, of the same Python.
rivals = $(if $(filter-out 0,$(RIVALS)),$(notdir $(patsubst %/requirements.lock,%,$(wildcard benchmarks/rivals/*/requirements.lock))))
bench: $(training)  ## measure the engine against Model.fit (RIVALS=1: and JAX; CHANGES=1: and what a change costs; CLUSTER=: and a cluster)
	@$(foreach each,$(rivals),$(python) tools/environment.py .rivals/$(each) benchmarks/rivals/$(each)/requirements.lock && )$(python) build.py bench$(call flag,RIVALS,rivals)$(call flag,CHANGES,changes)$(call given,CLUSTER,cluster)

# One more than there are cores: who waits for a browser needs none. Files in the order of
# tests/conftest.py, where those that take long are the first.
processes = `$(python) -c 'import os; print(min(4, (os.cpu_count() or 1) + 1))'`
test: $(development)  ## run the tests (ALL=1: the slow ones too)
	@$(python) tools/system.py
	@$(python) -m pytest -q -n $(processes) --dist loadfile --no-loadscope-reorder$(if $(ALL),, -m "not slow")

screenshots: $(development)  ## photograph every page of the site as it stands, into screenshots/
	@$(python) -m tools.screenshots

schema = $(python) -m check_jsonschema --quiet --builtin-schema vendor
check: $(development)  ## lint, check the format, check the types, the workflow and CITATION.cff
	@$(python) -m ruff check
	@$(python) -m ruff format --check
	@$(python) -m mypy
	@$(schema).github-workflows .github/workflows/*.yml
	@$(venv)/bin/zizmor --quiet --offline --pedantic .github/workflows
	@$(schema).citation-file-format CITATION.cff
	@if command -v actionlint >/dev/null; then actionlint; else echo 'actionlint was not found: the workflow was checked without it.'; fi

check-paper: $(development)  ## check the PDF as it stands against PDF/UA-1 (VERAPDF=/path/to/it: by veraPDF too)
	@$(python) -m pdfua check site/report.pdf$(if $(VERAPDF), && $(call quote,$(VERAPDF)) --flavour ua1 --format text site/report.pdf)

format: $(development)  ## put the code in order: imports, simple mistakes, layout
	@$(python) -m ruff check --fix
	@$(python) -m ruff format

compile = $(python) -m uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-header $(if $(UPGRADE),--upgrade)
lock: $(development)  ## pin what the .in files ask for (UPGRADE=1: the newest of everything)
	@$(compile) requirements.in --output-file requirements.lock
	@$(compile) requirements-cluster.in --output-file requirements-cluster.lock
	@$(compile) requirements-dev.in --output-file requirements-dev.lock
	@$(foreach each,$(wildcard benchmarks/rivals/*/requirements.in),$(compile) $(each) --output-file $(each:.in=.lock) && )true

release: $(development)  ## check all that a release needs, and only then tag it; nothing is pushed
	@$(python) -m tools.release

clean:  ## remove the site, its zip, the comparison, screenshots and all caches; never results
	@rm -rf site site.zip .site.zip.new .site.swap .site.inputs.json .site.lock results/cache screenshots
	@rm -rf comparison .comparison.swap .comparison.lock
	@rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find . -path './.*' -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean  ## clean, and remove .venv and .rivals
	@rm -rf $(venv) $(venv).lock .rivals

# The first of these that is a Python the pinned packages are built for, and that can make an environment.
find_python = for python in $(if $(PYTHON),$(call quote,$(PYTHON)),python3.12 python3.11 python3.13 python3); do \
	"$$python" $(deaf) -c 'import sys, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
		>/dev/null 2>&1 && break; python=; done; \
	if [ -z "$$python" ]; then \
		echo "error: Python 3.11, 3.12 or 3.13 with its venv module is needed (on Debian: apt install python3-venv)." >&2; \
		echo "  Here, "$(call quote,$(or $(PYTHON),python3))" is `$(call quote,$(or $(PYTHON),python3)) --version 2>&1`. Another one: make PYTHON=/path/to/python" >&2; \
		exit 2; fi

$(runtime): requirements.lock $(program)
	@$(find_python); "$$python" $(deaf) tools/environment.py $(venv) requirements.lock

$(cluster): requirements.lock requirements-cluster.lock $(program)
	@$(find_python); "$$python" $(deaf) tools/environment.py $(venv) requirements.lock requirements-cluster.lock

$(development): requirements.lock requirements-dev.lock $(program)
	@$(find_python); "$$python" $(deaf) tools/environment.py $(venv) requirements.lock requirements-dev.lock

# No recipe: where .venv, or the Python it points to, is gone, the stamps above are out of date.
$(program):
