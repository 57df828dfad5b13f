# The only place where commands are written. `make` lists them.

.DEFAULT_GOAL := help
.PHONY: help demo run sandbox check fmt fmt-check lint test doc

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## Build, start the built-in sandbox partner, run the job over input/users.csv, show the summary
	cargo build
	./target/debug/kyc-recon run input/users.csv --sandbox --latency 40ms --faults some

run: ## The job with your own settings: make run ARGS='roster.csv --base-url https://staging-api.capa.fi'
	cargo run --release --bin kyc-recon -- run $(ARGS)

sandbox: ## The pretend partner as a server: make sandbox ARGS='--port 8080 --rate-limit 300/60s'
	cargo run --bin kyc-recon -- sandbox $(ARGS)

check: fmt-check lint doc test ## What CI runs: format, lints, documentation, all tests

fmt: ## Format the code
	cargo fmt

fmt-check:
	cargo fmt --check

lint: ## Lints, warnings are errors
	cargo clippy --all-targets -- -D warnings

test: ## All tests (most of their time they wait, hence more threads than cores)
	RUST_TEST_THREADS=4 cargo test

doc: ## Documentation of the code, warnings are errors
	RUSTDOCFLAGS='-D warnings' cargo doc --no-deps --document-private-items
