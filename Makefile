# Two commands do everything on a bare Debian 12 with a Swift 6.3 toolchain: `make demo` and `make test`.

SWIFT ?= swift
PACKAGES := libblas-dev liblapack-dev libopenblas0-pthread libsqlite3-dev
PYTHON_PACKAGES := python3 python3-venv python3-pip jq parallel
SOURCES := Package.swift Sources Tests Benchmarks

# install(PACKAGES): those of Debian's that are missing.
define install
missing=""; \
for package in $(1); do \
  dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$package"; \
done; \
[ -z "$$missing" ] && exit 0; \
echo "Installing$$missing"; \
sudo=""; [ "$$(id -u)" = 0 ] || sudo="sudo"; \
$$sudo apt-get update -qq && \
$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing > /dev/null
endef

.PHONY: help demo build test test-python lint format setup setup-python sample bench bench-kernels bench-exact \
  bench-wire bench-pipe bench-edits bench-scan bench-python bench-services torture fuzz soak sanitize clean

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

demo: build ## import the sample, ask the co-process real questions, print the answers
	rm -rf .build/demo.kagami
	.build/release/kagami import .build/demo.kagami --vectors Data/items.npy --metadata Data/items.jsonl
	.build/release/kagami-demo .build/release/kagami .build/demo.kagami Data
	Sources/python/demo.sh .build/release/kagami .build/demo.kagami Data

build: setup ## build everything in release mode
	$(SWIFT) build -c release

test: setup lint ## lint, build and run all tests; those of the Python client where there is python3
	$(SWIFT) test -c release --disable-testable-imports
	Sources/python/test.sh

test-python: build setup-python ## the Python client: tests, types, style, a wheel
	KAGAMI_PYTHON=required Sources/python/test.sh

lint: ## formatting and documentation comments
	$(SWIFT) format lint --strict --parallel --recursive $(SOURCES)

format: ## format all sources
	$(SWIFT) format --in-place --parallel --recursive $(SOURCES)

sample: build ## write the files of Data/ again
	$(SWIFT) run -c release --skip-build kagami sample Data

setup: ## install the system packages that are missing
	@$(call install,$(PACKAGES))

setup-python: ## install what the tests of the Python client run on
	@$(call install,$(PYTHON_PACKAGES))

bench: setup ## ours and the peers in turn: one table of ratios, one plot; on a generated set or DATA=DIR
	SWIFT="$(SWIFT)" Benchmarks/compare.sh "$(DATA)"

bench-kernels: setup ## a distance in every instruction set, and what a search allocates
	cd Benchmarks && $(SWIFT) run -c release KernelBenchmark --json results/kernels.json

bench-exact: setup ## exact search against plain products and bare sums
	cd Benchmarks && OPENBLAS_NUM_THREADS=1 $(SWIFT) run -c release ExactSearchBenchmark --json results/exact-search.json

bench-wire: setup ## the scanner and the encoder
	cd Benchmarks && $(SWIFT) run -c release WireBenchmark --json results/wire.json

bench-pipe: build ## a pipelining client and the co-process; with DATA=DIR (base.npy, queries.npy) also against searches in one process
	cd Benchmarks && $(SWIFT) build -c release --product PipeBenchmark && \
	taskset -c 1 .build/release/PipeBenchmark --engine ../.build/release/kagami $(if $(DATA),--data "$(abspath $(DATA))") --json results/pipe.json

bench-edits: build ## edits against SQLite and hnswlib, searches meanwhile, churn, recovery; on DATA=DIR with base.npy and queries.npy
	Benchmarks/peers/setup.sh
	cd Benchmarks && .venv/bin/python peers/edits.py --engine ../.build/release/kagami --data "$(DATA)" --json results/edits.json

bench-scan: build ## a scan of a million queries against the sweep's batches, on one core and on all; on DATA=DIR with base.npy and queries.npy
	SWIFT="$(SWIFT)" Benchmarks/scan.sh "$(DATA)"

fuzz: setup ## bytes of anybody's making into every reader, ten seconds each or SECONDS=60; one of them with TARGET=json; MERGE=1 keeps what was found
	SWIFT="$(SWIFT)" MERGE="$(MERGE)" Tests/Fuzz/fuzz.sh $(or $(SECONDS),10) $(TARGET)

soak: setup ## requests for ten minutes or SECONDS=60, memory and descriptors flat
	KAGAMI_SOAK_SECONDS=$(or $(SECONDS),600) $(SWIFT) test -c release --disable-testable-imports --filter SoakTests
bench-python: build ## the Python client against the engine's own speed; on a generated set or DATA=DIR
	SWIFT="$(SWIFT)" Benchmarks/peers/python_client.sh "$(CURDIR)/.build/release/kagami" "$(DATA)"

bench-services: build ## the Python client against qdrant-edge, Chroma and LanceDB; on a generated set or DATA=DIR
	SWIFT="$(SWIFT)" Benchmarks/peers/services.sh "$(CURDIR)/.build/release/kagami" "$(DATA)"

torture: setup ## break catalogues in every way and compare what is left, for a minute or SECONDS=600; repeat with SEED=…
	$(SWIFT) build -c release --product kagami
	$(SWIFT) build -c release --product kagami-torture
	.build/release/kagami-torture --seconds $(or $(SECONDS),60) --json .build/torture.json $(if $(SEED),--seed $(SEED))

sanitize: build ## everything at once under the thread sanitizer, for a minute or SECONDS=600
	Benchmarks/peers/setup.sh
	$(SWIFT) build -c release --sanitize thread --scratch-path .build-tsan --product kagami -Xswiftc -DKAGAMI_THREAD_SANITIZER
	cd Benchmarks && .venv/bin/python peers/mixed_load.py --engine ../.build-tsan/release/kagami --plain ../.build/release/kagami --seconds $(or $(SECONDS),60)

clean: ## throw away what was built
	$(SWIFT) package clean
	rm -rf Benchmarks/.build Benchmarks/.cache Benchmarks/.venv Benchmarks/.venv-services .build-tsan
