# The only place where commands are written. `make` lists them.

.DEFAULT_GOAL := help
.PHONY: help demo run sandbox certify interop interop-spark install bench bench-scale bench-build screenshot soak golden check fmt fmt-check lint test doc

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## Build, start the built-in sandbox partner, run the job over input/users.csv, show the summary
	cargo build
	./target/debug/kyc-recon run input/users.csv --sandbox --latency 40ms --faults some

run: ## The job with your own settings: make run ARGS='roster.csv --base-url https://staging-api.capa.fi'
	cargo run --release --bin kyc-recon -- run $(ARGS)

sandbox: ## The pretend partner as a server: make sandbox ARGS='--port 8080 --rate-limit 300/60s'
	cargo run --bin kyc-recon -- sandbox $(ARGS)

PREFIX ?= /usr/local
DESTDIR ?=
BINARY ?= target/release/kyc-recon
SHARE := $(DESTDIR)$(PREFIX)/share
MANUAL := $(SHARE)/man/man1
BASH := $(SHARE)/bash-completion/completions
ZSH := $(SHARE)/zsh/site-functions
FISH := $(SHARE)/fish/vendor_completions.d

target/release/kyc-recon: Cargo.toml Cargo.lock $(shell find src -type f)
	cargo build --release

install: $(BINARY) ## The program with its manual and the completions of bash, zsh and fish: make install PREFIX=/usr/local
	install -D -m 0755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/kyc-recon
	install -d $(MANUAL) $(BASH) $(ZSH) $(FISH)
	umask 022; $(BINARY) man --out $(MANUAL) \
	 && $(BINARY) completions bash > $(BASH)/kyc-recon \
	 && $(BINARY) completions zsh > $(ZSH)/_kyc-recon \
	 && $(BINARY) completions fish > $(FISH)/kyc-recon.fish

ROUNDS ?= 5
SEED ?= $(shell date +%s)
CERTIFIED := $(CURDIR)/target/certified.txt

certify: ## The proof: runs in hell, each killed 20 times and resumed: make certify ROUNDS=5 (SEED=n to repeat one)
	@mkdir -p target && rm -f $(CERTIFIED)
	@KYC_RECON_CERTIFY_ROUNDS=$(ROUNDS) KYC_RECON_CERTIFY_USERS=300 KYC_RECON_CERTIFY_KILLS=20 \
	 KYC_RECON_CERTIFY_SEED=$(SEED) KYC_RECON_CERTIFY_LINE=$(CERTIFIED) \
	 cargo test --quiet --test it -- --exact --nocapture \
	 journey::chaos::killed_at_random_instants_in_hell_nobody_is_lost_doubled_or_asked_too_fast; \
	 status=$$?; cat $(CERTIFIED); exit $$status

# Its own Python, so that nothing of the machine's is used or changed. Made again when a version changes.
define venv
rm -rf $(@D)
python3 -m venv $(@D)
$(@D)/bin/pip install --quiet --disable-pip-version-check --no-deps -r $<
$(@D)/bin/pip check --quiet --disable-pip-version-check
cp $< $@
endef

INTEROP := target/interop

$(INTEROP)/requirements.txt: tests/interop/requirements.txt
	$(venv)

interop: $(INTEROP)/requirements.txt ## Fresh reports read by DuckDB, Polars, pandas, pyarrow, Frictionless, Chromium, promtool; notebook, bucket (Python 3.11 or newer)
	cargo build
	PYTHONDONTWRITEBYTECODE=1 $(INTEROP)/bin/python -m pytest --quiet tests/interop

SPARK := target/interop-spark

$(SPARK)/requirements.txt: tests/interop_spark/requirements.txt
	$(venv)

interop-spark: $(SPARK)/requirements.txt ## Statistics and tables on Apache Spark, manifests for Kubernetes (Java 17 or newer; 450 MB)
	cargo build
	PYTHONDONTWRITEBYTECODE=1 $(SPARK)/bin/python -m pytest --quiet tests/interop_spark

BENCH := target/bench
OHA := 1.16.0
USERS ?= 1000000

$(BENCH)/venv/requirements.txt: benches/requirements.txt
	$(venv)

$(BENCH)/oha-$(OHA):
	cargo install oha --version $(OHA) --locked --root $(BENCH) --target-dir $(BENCH)/oha-build
	rm -rf $(BENCH)/oha-build
	touch $@

bench: $(BENCH)/venv/requirements.txt $(BENCH)/oha-$(OHA) ## The whole job beside others, figures into benches/RESULTS.md (needs nginx, taskset, curl): make bench ARGS='--rounds 3'
	cargo build --release
	cargo bench --bench stages --no-run
	PYTHONDONTWRITEBYTECODE=1 python3 benches/measure.py $(ARGS)

bench-scale: ## A long roster and the memory over time, into benches/RESULTS.md: make bench-scale USERS=1000000
	cargo build --release
	PYTHONDONTWRITEBYTECODE=1 python3 benches/scale.py --users $(USERS) $(ARGS)

bench-build: ## What a release costs to build beside cargo's own profile, and make demo from nothing, into benches/RESULTS.md (an hour)
	PYTHONDONTWRITEBYTECODE=1 python3 benches/build.py $(ARGS)

NIGHTS := target/nights

screenshot: ## The picture of the README, of two nights of the sandbox (needs Chromium)
	cargo build
	rm -rf $(NIGHTS)
	for day in 1 2; do ./target/debug/kyc-recon run input/users.csv --sandbox --day $$day --faults some --quiet \
	 --reports $(NIGHTS) --run-id night-$$day || exit; done
	PYTHONDONTWRITEBYTECODE=1 python3 tests/interop/screenshot.py $(NIGHTS)/night-2/report.html examples/report.png

MINUTES ?= 5
BYTES ?= 8388608

soak: ## Hostile bytes in every reader, of up to 8 MiB: make soak MINUTES=5 (SEED=n to begin with that one)
	KYC_RECON_SOAK_MINUTES=$(MINUTES) KYC_RECON_SOAK_SEED=$(SEED) \
	 KYC_RECON_SOAK_BYTES=$(BYTES) KYC_RECON_SOAK_LEVELS=200000 \
	 cargo test --quiet --test it -- --nocapture stage::hostile

golden: ## Write the report about the tolerances of tests/fixtures anew; then read every line of the diff
	KYC_RECON_GOLDEN=write cargo test --quiet --test it stage::golden
	git --no-pager diff --stat -- tests/fixtures/golden

check: fmt-check lint doc interop interop-spark test ## What CI runs: format, lints, documentation, other programs, all tests

fmt: ## Format the code
	cargo fmt

fmt-check:
	cargo fmt --check

lint: ## Lints, warnings are errors
	cargo clippy --all-targets -- -D warnings

test: ## All tests (most of their time they wait, hence more threads than cores)
	RUST_TEST_THREADS=4 cargo test --tests

doc: ## Documentation of the code, warnings are errors
	RUSTDOCFLAGS='-D warnings' cargo doc --no-deps --document-private-items
