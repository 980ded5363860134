SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

GO ?= go
TOOL := $(GO) tool -modfile=tools.mod
NPM := npm --loglevel=error
NEO4J := scripts/neo4j/neo4j.sh
EXPLORER := web/explorer

# make run ARGS='--listen 127.0.0.1:0'
ARGS ?=
# make test PACKAGES=./store/... TESTFLAGS='-run Expand'
PACKAGES ?= ./...
TESTFLAGS ?=
# All that is ours is watched for races; SQLite's own code, translated from C, is not: it locks for itself, and
# takes twice the time under watch.
RACE := -race -gcflags=modernc.org/sqlite/lib=-race=false
# make eval EVAL='go run ./eval -store sqlite -sectors -aside'
EVAL ?= $(GO) run ./eval
# make bench BENCH='go run ./bench -store sqlite -nodes 10000'
BENCH ?= $(GO) run ./bench

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: ## build and serve; the page's address is printed (ARGS: flags of serve)
	$(GO) run ./cmd/coopgraph serve $(ARGS)

.PHONY: build
build: ## build the program ./coopgraph
	CGO_ENABLED=0 $(GO) build -trimpath -o coopgraph ./cmd/coopgraph

.PHONY: test
test: ## run every test, with a real Neo4j beside it where a JDK and Maven are (PACKAGES, TESTFLAGS)
	$(GO) vet $(PACKAGES)
	$(NEO4J) with $(TOOL) gotestsum --format pkgname-and-test-fails -- $(RACE) -timeout 15m $(TESTFLAGS) $(PACKAGES)
	$(NEO4J) with $(TOOL) gotestsum --format pkgname-and-test-fails -- -timeout 15m -run 'TestEveryList|TestEval' $(TESTFLAGS) ./loader ./eval

.PHONY: lint
lint: lint-go tidy-check generate-check cypher-check ui-check ## check the code, the module file and everything generated

.PHONY: lint-go
lint-go: ## check the Go code by the rules of .golangci.yml
	$(TOOL) golangci-lint config verify
	$(TOOL) golangci-lint run ./...

.PHONY: tidy-check
tidy-check: ## check that go.mod and go.sum name what the code imports
	$(GO) mod tidy -diff

.PHONY: generate-check
generate-check: ## check that generated files match what they are generated from
	scripts/unchanged.sh $(MAKE) generate

.PHONY: cypher-check
cypher-check: ## check the syntax of the adapter's Cypher statements without a server
	$(NPM) --prefix scripts/cypher ci
	node scripts/cypher/lint.mjs $(wildcard store/neo4j/migrations/*.cypher store/neo4j/testdata/*.cypher)

.PHONY: fmt
fmt: ## format the Go code
	$(TOOL) golangci-lint fmt

.PHONY: generate
generate: ## write gqlgen's files and the Cypher statements that the Neo4j adapter assembles
	$(GO) generate ./...

.PHONY: ui
ui: ## build the explorer's files that the program embeds (needs Node 20 and npm)
	$(NPM) --prefix $(EXPLORER) ci
	$(NPM) --prefix $(EXPLORER) run build

.PHONY: ui-check
ui-check: ## check that the explorer's built files match their sources
	$(NPM) --prefix $(EXPLORER) ci
	$(NPM) --prefix $(EXPLORER) run check

.PHONY: neo4j
neo4j: ## run Neo4j in the foreground on 127.0.0.1:7687, data in .cache/neo4j
	$(NEO4J) run .cache/neo4j 7687

.PHONY: eval
eval: ## ask labelled questions on both stores and account for every miss; takes a while (EVAL)
	$(NEO4J) with $(EVAL)

.PHONY: bench
bench: ## measure requests and loads on both stores; takes a while (BENCH)
	$(NEO4J) with $(BENCH)
