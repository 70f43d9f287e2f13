#!/usr/bin/env python3
"""How long it takes on a Docker Swarm from a label, or a scaled service, to the first successful scrape.

    label_to_scrape.py PROMETHEUS [TIMES] [IMAGE]

Takes a running stack (make demo-swarm, and a server that publishes its port), makes a service of its own that is scraped
each second, and removes it. Prints each time in seconds, and the medians.
"""

import json
import statistics
import subprocess
import sys
import time
import urllib.parse
import urllib.request

SERVICE = "narthex-bench"
OPEN = urllib.request.build_opener(urllib.request.ProxyHandler({})).open


def docker(*arguments):
    subprocess.run(["docker", *arguments], check=True, stdout=subprocess.DEVNULL)


def up(prometheus):
    """How many tasks of the service were scraped with success."""
    query = urllib.parse.urlencode({"query": f'count(up{{service="{SERVICE}"}} == 1)'})
    with OPEN(f"{prometheus}/api/v1/query?{query}", timeout=5) as answer:
        found = json.load(answer)["data"]["result"]
    return int(float(found[0]["value"][1])) if found else 0


def until(prometheus, count, limit=60):
    begun = time.monotonic()
    while up(prometheus) != count:
        if time.monotonic() - begun > limit:
            raise SystemExit(f"no {count} targets after {limit} s")
        time.sleep(0.05)
    return time.monotonic() - begun


def tell(what, times):
    print(f"{what}: {' '.join(f'{one:.2f}' for one in times)}  median {statistics.median(times):.2f} s")


def main():
    prometheus = sys.argv[1].rstrip("/")
    times = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    image = sys.argv[3] if len(sys.argv) > 3 else "prom/node-exporter:latest"
    docker(
        "service", "create", "--quiet", "--detach", "--name", SERVICE, "--no-resolve-image", "--network", "narthex",
        "--endpoint-mode", "dnsrr", "--label", "prometheus.io/port=9100", "--label", "prometheus.io/interval=1s", image)
    try:
        time.sleep(8)
        labelled = []
        for _ in range(times):
            docker("service", "update", "--quiet", "--detach", "--label-add", "prometheus.io/scrape=true", SERVICE)
            labelled.append(until(prometheus, 1))
            docker("service", "update", "--quiet", "--detach", "--label-rm", "prometheus.io/scrape", SERVICE)
            until(prometheus, 0)
        tell("a label to the first scrape", labelled)
        docker("service", "update", "--quiet", "--detach", "--label-add", "prometheus.io/scrape=true", SERVICE)
        until(prometheus, 1)
        scaled = []
        for _ in range(times):
            docker("service", "scale", "--detach", f"{SERVICE}=2")
            scaled.append(until(prometheus, 2))
            docker("service", "scale", "--detach", f"{SERVICE}=1")
            until(prometheus, 1)
        tell("a scaled service to the first scrape of its new task, the start of its container among it", scaled)
    finally:
        docker("service", "rm", SERVICE)


if __name__ == "__main__":
    main()
