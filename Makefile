# Narthex's entry points: 'make' lists them. Each finds a JDK by itself (bin/lib/jdk.sh).
MVN := bin/lib/maven
CHECK ?=
LISTEN ?= 127.0.0.1
# Folders too: a file that went away changes its folder.
SOURCES := $(shell find pom.xml .mvn crds/ api/pom.xml compiler/pom.xml operator/pom.xml bench/pom.xml \
	api/src/main compiler/src/main operator/src/main bench/src/main)

.DEFAULT_GOAL := help
.PHONY: help preflight build image chart demo demo-kubernetes demo-swarm test it e2e bench bench-local bench-kubernetes bench-swarm bench-image fmt crds docs clean

help: ## lists the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile

preflight: ## says what this machine lacks to build and test
	@bin/lib/preflight test

build: target/built ## builds bin/narthex, without tests
	@bin/lib/aot

target/built: $(SOURCES)
	@bin/lib/preflight build
	@$(MVN) -q -DskipTests package
	@mkdir -p target && touch $@

image: ## the container image as operator/target/image.tar; no registry (IMAGE=name:tag, needs Linux)
	@bin/lib/preflight build
	@bin/lib/image $(IMAGE)

chart: ## writes the chart's copies of crds/, and helm/install.yaml, anew (takes helm: testbed/testbed env)
	@bin/lib/chart

demo: ## Django, Prometheus and Narthex on this machine, until Ctrl-C (LISTEN=0.0.0.0; CHECK=1 proves it works and ends)
	@bin/lib/preflight demo
	@LISTEN='$(LISTEN)' CHECK='$(CHECK)' examples/django/demo

demo-kubernetes: ## Narthex, Django and Prometheus on a Kubernetes of this machine, left running (root, Debian, Go; CHECK=1 proves and removes)
	@bin/lib/preflight build
	@CHECK='$(CHECK)' examples/kubernetes/demo

demo-swarm: image ## Narthex and a Django service on the Docker Swarm at hand, left running (CHECK=1 proves it and cleans up)
	@CHECK='$(CHECK)' examples/swarm/demo

test: ## every test there is: unit, integration, end to end; says first what it starts
	@tests/run

it: ## the integration tests alone (*IT); builds the testbed's programs first
	@tests/run it

e2e: ## the end-to-end tests alone: the demos, and Kubernetes from helm install to uninstall (NARTHEX_E2E_CLUSTER=testbed|k3s|kubeconfig)
	@tests/run e2e

bench: target/built ## the benchmarks; docs/performance.md tells what they say (ARGS= goes to JMH)
	@. bin/lib/jdk.sh && find_java java && "$$JAVA_HOME/bin/java" -jar bench/target/bench/bench.jar $(ARGS)

bench-local: build ## from a saved file to the configuration that a real Prometheus runs (PROMETHEUS= or the testbed's; ARGS=)
	@. bin/lib/jdk.sh && find_java java && "$$JAVA_HOME/bin/java" -cp bench/target/bench/bench.jar \
		io.narthex.bench.LocalRunBenchmark $(ARGS)

bench-kubernetes: build ## the operator on the testbed's Kubernetes with a real Prometheus; root (ARGS=)
	@bin/lib/bench-kubernetes $(ARGS)

bench-swarm: image ## the operator on a Docker Swarm: from a label to the first scrape; 500 services (root; ARGS=20: how many labels)
	@bin/lib/bench-swarm $(ARGS)

bench-image: image ## from 'docker run' until the operator is ready, and its memory then (Docker; ARGS=5: how often)
	@bin/lib/bench-image $(ARGS)

fmt: ## formats the Java sources
	@$(MVN) -q spotless:apply

crds: ## writes crds/ and docs/reference anew from the Java types
	@$(MVN) -q -pl api test -Dtest=GeneratedFilesTest -Dnarthex.write=true

docs: ## writes docs/cli.md and docs/diagnostics.md anew from the commands and the pages of the diagnostics
	@$(MVN) -q -pl operator -am test -Dtest='CliDocsTest,DiagnosticDocsTest' -Dsurefire.failIfNoSpecifiedTests=false -Dnarthex.write=true

clean: ## removes what the builds made
	@$(MVN) -q clean
