# Every target sets itself up: a fresh machine needs only Go, git and make.
# GOTESTFLAGS goes to go test (-race -shuffle=on), FUZZTIME to each fuzz target, BENCHTIME to each benchmark.
GOTESTFLAGS =
BENCHTIME = 1s
FUZZTIME = 10s
# Asked when a recipe runs, so after the set-up: gousb is built in only where its C library can be linked.
TAGS = $(shell sh .ci/probe tags)

.PHONY: run build test bench fuzz lint enumerate mutate man compare udev-rule setup setup-test

# 10, 11 and 12 say "elevated", "high" and "unknown": verdicts were shown, so the run succeeded.
run: build
	./bin/error53 check --dry-run || case $$? in 10|11|12) ;; *) exit 1 ;; esac

build: setup
	go build -trimpath $(TAGS) -o bin/ ./cmd/error53

test: setup-test
	go test $(TAGS) $(GOTESTFLAGS) ./...

bench: setup
	go test $(TAGS) -run '^$$' -bench . -benchmem -benchtime $(BENCHTIME) ./...

fuzz: setup
	bash .ci/fuzz $(FUZZTIME)

lint: setup
	bash .ci/lint

# Every combination of what decides, some ten minutes on two cores: make test takes the models and releases that differ.
enumerate: setup
	ERROR53_ENUMERATE=all go test -run Properties -timeout 2h -v ./diag

# Changes cells of the decision one by one; the tests must notice each.
mutate: setup
	go run ./.ci/mutate

# The pages of the same commands that the program has, in bin/man.
man: setup
	go run -tags man ./cmd/error53 man bin/man

# Ratios beside libimobiledevice's tools on the same virtual phone.
compare: build
	go run ./.ci/compare ./bin/error53

# As root; then pull the cable of the phone and plug it in again.
udev-rule:
	install -m 644 usbmux/usb/70-error53.rules /etc/udev/rules.d/ && udevadm control --reload

setup:
	@sh .ci/setup build

setup-test:
	@sh .ci/setup test
