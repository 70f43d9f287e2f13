#!/usr/bin/env python3
"""How long it takes on a Docker Swarm from a label, or a scaled service, to the first successful scrape.

    label_to_scrape.py PROMETHEUS [TIMES] [IMAGE]

Takes a running stack (make bench-swarm starts one) with a server that publishes its port, makes services of its own that
are scraped each second, and removes them. Changes are 11 to 14 s apart, at random: more than the interval in which
Prometheus asks for targets, so each is alone in one.
Prints one line for each figure; all times go to standard error.
"""

import json
import math
import random
import statistics
import subprocess
import sys
import time
import urllib.parse
import urllib.request

SCALED = "narthex-bench-scaled"
LABELLED = "narthex-bench-labelled-"
OPEN = urllib.request.build_opener(urllib.request.ProxyHandler({})).open


def docker(*arguments):
    subprocess.run(["docker", *arguments], check=True, stdout=subprocess.DEVNULL)


def create(name, image):
    docker(
        "service", "create", "--quiet", "--detach", "--name", name, "--no-resolve-image", "--network", "narthex",
        "--endpoint-mode", "dnsrr", "--label", "prometheus.io/port=9100", "--label", "prometheus.io/interval=1s",
        "--stop-grace-period", "1s", image)


def label(number):
    """Has a service that runs be scraped."""
    docker("service", "update", "--quiet", "--detach", "--label-add", "prometheus.io/scrape=true", f"{LABELLED}{number}")


def scale(tasks):
    docker("service", "scale", "--detach", f"{SCALED}={tasks}")


def up(prometheus, selector):
    """How many targets were scraped with success."""
    query = urllib.parse.urlencode({"query": f"count(up{{{selector}}} == 1)"})
    with OPEN(f"{prometheus}/api/v1/query?{query}", timeout=5) as answer:
        found = json.load(answer)["data"]["result"]
    return int(float(found[0]["value"][1])) if found else 0


def until(prometheus, selector, count, limit=60):
    begun = time.monotonic()
    while up(prometheus, selector) != count:
        if time.monotonic() - begun > limit:
            raise SystemExit(f"no {count} targets {selector} after {limit} s")
        time.sleep(0.02)


def timed(prometheus, selector, count, change):
    """From the moment at which docker is called, some time after the last change."""
    time.sleep(random.uniform(11, 14))
    begun = time.monotonic()
    change()
    until(prometheus, selector, count)
    return time.monotonic() - begun


def tell(what, times):
    times = sorted(times)
    p95 = times[math.ceil(len(times) * 0.95) - 1]
    print(f"{what}: median {statistics.median(times):.2f} s, p95 {p95:.2f} s (n={len(times)})", flush=True)
    print("  " + " ".join(f"{one:.2f}" for one in times), file=sys.stderr, flush=True)


def main():
    prometheus = sys.argv[1].rstrip("/")
    times = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    image = sys.argv[3] if len(sys.argv) > 3 else "prom/node-exporter:latest"
    services = [f"{LABELLED}{number}" for number in range(times)] + [SCALED]
    try:
        for name in services:
            create(name, image)
        labels = [
            timed(prometheus, f'service="{LABELLED}{number}"', 1, lambda number=number: label(number))
            for number in range(times)]
        tell("label to first scrape", labels)
        docker("service", "update", "--quiet", "--detach", "--label-add", "prometheus.io/scrape=true", SCALED)
        scaled = f'service="{SCALED}"'
        until(prometheus, scaled, 1)
        ones = [timed(prometheus, scaled, count, lambda count=count: scale(count)) for count in range(2, times + 2)]
        tell("scaled by one to its first scrape, container start included", ones)
        fours = [
            timed(prometheus, scaled, count, lambda count=count: scale(count))
            for count in range(times + 5, times + 5 + times // 4 * 4, 4)]
        tell("scaled by four to the first scrape of the last, container starts included", fours)
    finally:
        docker("service", "rm", *services)


if __name__ == "__main__":
    main()
