# Every command of the project. `make run` and `make test` install what they need.

CARGO ?= cargo
WEB   := client-web

# Python has what its modules need of it; nothing is to be linked.
export PYO3_BUILD_EXTENSION_MODULE := 1

FUZZ_SECONDS ?= 3600

.PHONY: run build test bench nightly fuzz audit web setup-web setup-tests fmt

run: build
	./target/release/penhold serve

build: web
	$(CARGO) build --release --locked --bin penhold

# The page, built into client-web/dist and embedded by the server.
web: setup-web
	npm --prefix $(WEB) run --silent build

setup-web:
	@command -v npm >/dev/null || { echo "make: npm is missing; install Node.js 20 or later"; exit 1; }
	@scripts/npm-ci $(WEB)

# What the tests need besides Rust and Node: nextest, chromium, and pinned test clients.
setup-tests: setup-web
	@scripts/setup-tests

test: setup-tests web
	$(CARGO) fmt --all --check
	$(CARGO) clippy --locked --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings -A rustdoc::private-intra-doc-links" $(CARGO) doc --locked --workspace --no-deps --document-private-items --quiet
	npm --prefix $(WEB) run --silent lint
	npm --prefix $(WEB) run --silent types:check
	npm --prefix $(WEB) run --silent check
	npm --prefix $(WEB) test --silent
	npm --prefix $(WEB) run --silent size
	$(CARGO) build --locked --workspace --bin penhold --lib
	scripts/install-python tests/python/.venv
	$(CARGO) nextest run --locked --workspace
	$(CARGO) test --locked --workspace --doc --quiet

bench: build setup-tests
	$(CARGO) run --release --locked -p penhold-bench --bin penhold-bench
	node tests/browser/measure.mjs target/release/penhold
	$(CARGO) bench --locked -p crdt-schema -p penhold-server

# Long campaigns: deep fuzzing, hundreds of crash rounds, many simulation seeds.
nightly: setup-tests web fuzz
	$(CARGO) build --locked --workspace --bin penhold --lib
	scripts/install-python tests/python/.venv
	CROWD_ROUNDS=60 GATE_FUZZ_CASES=2000000 SIMULATION_SEEDS=20000 CRASH_ROUNDS=300 $(CARGO) nextest run --locked --workspace --profile nightly

# libFuzzer against the gate; what it finds is left in crdt-schema/fuzz/artifacts. The flag has a
# stable compiler take what cargo-fuzz passes to it.
fuzz:
	@$(CARGO) fuzz --version >/dev/null 2>&1 || $(CARGO) install --locked --quiet cargo-fuzz
	cd crdt-schema && RUSTC_BOOTSTRAP=1 $(CARGO) fuzz run --sanitizer none gate -- -max_len=8192 -timeout=20 -max_total_time=$(FUZZ_SECONDS)

# Licences, sources and advisories of all dependencies.
audit:
	@$(CARGO) deny --version >/dev/null 2>&1 || $(CARGO) install --locked --quiet cargo-deny
	$(CARGO) deny check

fmt:
	$(CARGO) fmt --all
