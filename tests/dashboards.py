#!/usr/bin/env python3
"""Asks a real Prometheus each query of Grafana dashboards.

    dashboards.py PROMETHEUS FILE…

Checks of each file that it is a dashboard as Grafana provisions one. A query that Prometheus doesn't understand is an
error; so is one that finds nothing, unless it asks for metrics of cAdvisor (container_*), for which there is no image here.
Prints what is wrong and exits with 1, or prints how many queries found something.
"""

import json
import pathlib
import re
import sys
import urllib.error
import urllib.parse
import urllib.request

OPEN = urllib.request.build_opener(urllib.request.ProxyHandler({})).open
VARIABLES = {"__rate_interval": "1m", "__interval": "30s", "__range": "5m"}


def field(problems, where, condition, what):
    if not condition:
        problems.append(f"{where}: {what}")


def check(path, dashboard, problems):
    """The fields that Grafana needs (source: its documentation, "Dashboard JSON model")."""
    field(problems, path, isinstance(dashboard.get("title"), str) and dashboard["title"], "no title")
    field(problems, path, re.fullmatch(r"[A-Za-z0-9_-]{1,40}", dashboard.get("uid", "")), "no uid of 1 to 40 characters")
    field(problems, path, isinstance(dashboard.get("schemaVersion"), int), "no schemaVersion")
    field(problems, path, "id" not in dashboard, "has an id, which is the database's")
    variables = {one["name"] for one in dashboard["templating"]["list"]}
    field(problems, path, "datasource" in variables, "no variable for the source of data")
    ids = [panel["id"] for panel in dashboard["panels"]]
    field(problems, path, len(ids) == len(set(ids)) > 0, "panels without ids of their own")
    taken = set()
    for panel in dashboard["panels"]:
        where = f"{path}: {panel.get('title')}"
        place = panel["gridPos"]
        cells = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
        field(problems, where, place["x"] + place["w"] <= 24 and not cells & taken, "lies on another panel")
        taken |= cells
        references = [target["refId"] for target in panel["targets"]]
        field(problems, where, len(references) == len(set(references)) > 0, "queries without refIds of their own")
        for target in panel["targets"]:
            field(problems, where, target["datasource"] == {"type": "prometheus", "uid": "${datasource}"}, "another source")
            used = set(re.findall(r"\$\{?(\w+)", target["expr"]))
            field(problems, where, used <= variables | set(VARIABLES), f"unknown variables {used - variables}")


def queries(dashboard):
    for panel in dashboard["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["expr"]
    for variable in dashboard["templating"]["list"]:
        found = re.fullmatch(r"label_values\((.*), (\w+)\)", variable["query"])
        if found:
            yield variable["name"], f"count by ({found[2]}) ({found[1]})"


def ask(prometheus, expression):
    """Returns how many series there are, or says why Prometheus doesn't understand."""
    for name, value in VARIABLES.items():
        expression = expression.replace(f"${name}", value)
    # What Grafana makes of a variable with all its values chosen.
    expression = re.sub(r"\$\{?\w+\}?", ".*", expression)
    query = urllib.parse.urlencode({"query": expression})
    try:
        with OPEN(f"{prometheus}/api/v1/query?{query}", timeout=10) as answer:
            return len(json.load(answer)["data"]["result"])
    except urllib.error.HTTPError as error:
        return json.load(error)["error"]


def main():
    prometheus, *paths = sys.argv[1:]
    problems, found, uids = [], 0, set()
    for path in paths:
        dashboard = json.loads(pathlib.Path(path).read_text())
        check(path, dashboard, problems)
        field(problems, path, dashboard.get("uid") not in uids, "the uid of another dashboard")
        uids.add(dashboard.get("uid"))
        for title, expression in queries(dashboard):
            answer = ask(prometheus, expression)
            if isinstance(answer, str):
                problems.append(f"{path}: {title}: {answer}")
            elif answer == 0 and "container_" not in expression:
                problems.append(f"{path}: {title}: nothing is found by {expression}")
            else:
                found += answer > 0
    print("\n".join(problems) or f"{found} queries found something")
    return 1 if problems or not found else 0


if __name__ == "__main__":
    sys.exit(main())
