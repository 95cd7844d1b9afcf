# The one door. `make demo` runs the main job, `make test` every test; both install what they need on Debian 12.
SHELL := /bin/bash
.DELETE_ON_ERROR:
.NOTPARALLEL:

BUILD := build
SOURCE_FILES = $(shell git ls-files -c -o --exclude-standard 'src/*.cc' 'src/*.h' 'fuzz/*.cc' 'bench/*.cc' 'tests/*.cc')

.PHONY: help setup build demo test crash-test tsan fuzz bench bench-large tidy format run clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup:  ## install what building and testing needs (apt and npm); quick when nothing changed
	@tools/setup

build: setup  ## the release binary, build/release/outcrop
	@tools/build release outcrop

demo: build  ## start the server, drive it with the AWS SDK, and leave a chat with a real document running; MODEL=http://HOST:PORT/v1 answers there
	@examples/queue/demo
	@examples/transports/demo
	@examples/function/demo "When was this manual first written, and by whom?" "What is a virtual package?"
	@examples/ask/demo "When was this manual first written, and by whom?" "What is a virtual package?" \
	  "What must a package do with configuration files when it is removed?"
	@examples/chat/demo "What is a virtual package?" "When is a package essential?"

run: build  ## the server in the foreground
	@$(BUILD)/release/outcrop serve

test: setup  ## everything: sanitizer build with every test, crash tests on a release build, house rules
	@tools/build test all
	@tools/tidy
	@tools/build release outcrop
	@tools/test

tsan: setup  ## base, core, net and store under ThreadSanitizer
	@tools/build tsan base_test json_test store_test net_test core_test
	@cd $(BUILD)/tsan && ctest --output-on-failure -R '^(base|json|store|net|core)_test$$'

fuzz: setup  ## every fuzz target for 60 s; FUZZ_SECONDS=N for another time
	@tools/build fuzz all
	@tools/fuzz

bench: setup  ## measure, print a table and write bench/results.json
	@bench/setup_peers
	@tools/build bench all
	@bench/run

bench-large: setup  ## DynamoDB reads of a table of 10,000,000 items against one of 10,000; minutes, and 4 GB of /tmp
	@tools/build bench outcrop bench_dynamodb_load
	@bench/run large-table

tidy: setup  ## house rules, formatting and clang-tidy
	@tools/tidy --all

format:  ## clang-format everything
	@clang-format-19 -i $(SOURCE_FILES)

clean:
	rm -rf $(BUILD)
