"""The demo's questions to the shop and to Prometheus. Only Python's own library.

wait PROMETHEUS SHOP SECONDS PID...   until the shop is scraped and counted
traffic SHOP                          visits the shop until it is stopped
targets PROMETHEUS                    prints the table of targets
"""

import json
import os
import random
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

# Everything is on this machine: a proxy that the environment names must not be asked.
OPEN = urllib.request.build_opener(urllib.request.ProxyHandler({})).open


def get(url, **query):
    """The JSON answer of an API of Prometheus."""
    if query:
        url += "?" + urllib.parse.urlencode(query)
    with OPEN(url, timeout=5) as answer:
        return json.load(answer)["data"]


def value(prometheus, expression):
    """The first value that the expression has now, or None."""
    found = get(prometheus + "/api/v1/query", query=expression)["result"]
    return float(found[0]["value"][1]) if found else None


def visit(shop, path, method="GET"):
    """One request; an error status is an answer too."""
    request = urllib.request.Request(shop + path, method=method)
    try:
        with OPEN(request, timeout=5) as answer:
            answer.read()
    except urllib.error.HTTPError as refused:
        refused.close()


def is_alive(pid):
    """Whether the process is there and no zombie, where the system tells."""
    try:
        os.kill(pid, 0)
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except ProcessLookupError:
        return False
    except OSError:
        return True


def missing(prometheus, shop):
    """What is still to come, or None."""
    try:
        visit(shop, "/")
        visit(shop, "/products/1/order/", "POST")
    except OSError as failure:
        return f"the shop doesn't answer: {failure}"
    try:
        up = value(prometheus, 'up{job="server"}')
        if up != 1:
            return f"up{{job=\"server\"}} is {'absent' if up is None else int(up)}{last_error(prometheus)}"
        if not value(prometheus, 'sum(django_http_requests_total_by_method_total{job="server"})'):
            return "no django_http_requests counter has a value"
    except (OSError, ValueError, KeyError) as failure:
        return f"Prometheus doesn't answer: {failure}"
    return None


def last_error(prometheus):
    """The reason that Prometheus gives for a target that is down."""
    for target in get(prometheus + "/api/v1/targets", state="active")["activeTargets"]:
        if target["labels"].get("job") == "server" and target["lastError"]:
            return ": " + target["lastError"]
    return ""


def wait(prometheus, shop, seconds, *pids):
    """Prints the proof, or the reason of the failure."""
    deadline = time.monotonic() + float(seconds)
    while True:
        reason = missing(prometheus, shop)
        if reason is None:
            requests = value(prometheus, "sum(django_http_requests_total_by_method_total)")
            print(f'up{{job="server"}} is 1, and {requests:.0f} requests are counted')
            return 0
        ended = [pid for pid in pids if not is_alive(int(pid))]
        if ended:
            print(f"{'the shop' if ended[0] == pids[0] else 'narthex'} ended; {reason}")
            return 1
        if time.monotonic() > deadline:
            print(f"not after {seconds} s; {reason}")
            return 1
        time.sleep(0.5)


def traffic(shop):
    """Some two visits a second: mostly reading, some orders, a rare page that isn't there."""
    kinds = [("/", "GET"), ("/products/{}/", "GET"), ("/products/{}/order/", "POST"), ("/lost/", "GET")]
    while True:
        path, method = random.choices(kinds, weights=[5, 5, 2, 1])[0]
        try:
            visit(shop, path.format(random.randint(1, 3)), method)
        except OSError:
            pass
        time.sleep(random.uniform(0.2, 0.8))


def targets(prometheus):
    """One line a target."""
    print(f"{'JOB':<12} {'TARGET':<34} {'HEALTH':<8} LAST ERROR")
    for target in get(prometheus + "/api/v1/targets", state="active")["activeTargets"]:
        job = target["labels"].get("job", "")
        print(f"{job:<12} {target['scrapeUrl']:<34} {target['health']:<8} {target['lastError']}".rstrip())


def main(name, *arguments):
    """Runs one of the questions above."""
    commands = {"wait": wait, "traffic": traffic, "targets": targets}
    try:
        return commands[name](*arguments)
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
