#!/usr/bin/env bash
# The Helm chart: what it renders, and what a real API server says to that.
# shellcheck source=tests/shell.sh
. "$(dirname "${BASH_SOURCE[0]}")/shell.sh"

eval "$(testbed/testbed env)"
chart=helm/narthex
namespace=narthex-chart-try
# One that the chart takes; its templates don't ask which.
version=1.36.3

need_helm() {
  command -v helm >/dev/null || skip "there is no helm; run: testbed/testbed build helm"
}

# rendered FILE [OPTIONS…] : renders the chart into it.
rendered() {
  local file=$1
  shift
  helm template narthex "$chart" --namespace "$namespace" --kube-version "$version" "$@" >"$file" 2>"$scratch/err" || {
    cat "$scratch/err" >&2
    fail "helm template $* failed"
  }
}

# listed FILE… : the objects in files of YAML, as a JSON list; Helm itself reads them.
listed() {
  local reader file
  reader=$(mktemp -d "$scratch/reader.XXXX")
  mkdir "$reader/templates"
  printf 'apiVersion: v2\nname: reader\nversion: 1.0.0\n' >"$reader/Chart.yaml"
  for file in "$@"; do cat "$file" && printf '\n---\n'; done >"$reader/all.yaml"
  cat >"$reader/templates/list.yaml" <<'END'
{{- $items := list }}
{{- range regexSplit "(?m)^---$" (.Files.Get "all.yaml") -1 }}
{{- $object := fromYaml . }}
{{- if $object.kind }}{{ $items = append $items $object }}{{ end }}
{{- end }}
{{ dict "apiVersion" "v1" "kind" "List" "items" $items | toJson }}
END
  helm template reader "$reader" | grep '^{' || fail "no objects in $*"
}

# refused TEXT OPTIONS… : rendering fails, with TEXT in the message.
refused() {
  local text=$1
  shift
  ! helm template narthex "$chart" --namespace "$namespace" --kube-version "$version" "$@" >/dev/null 2>"$scratch/err" ||
    fail "$* was taken"
  expect_text "$text" "$scratch/err"
}

# values : the sets of values that are tried, "" for the defaults.
values() {
  echo ""
  ls "$chart"/ci/*.yaml
}

# --- files that are made ----------------------------------------------------------

test_crds_of_the_chart_are_those_of_the_project() {
  diff -r crds "$chart/crds" >&2 || fail "the chart's CRDs are stale: make chart"
}

test_install_yaml_is_what_the_chart_renders() {
  need_helm
  bin/lib/chart "$scratch/helm" || fail "it can't be made"
  diff "$scratch/helm/install.yaml" helm/install.yaml >&2 || fail "helm/install.yaml is stale: make chart"
}

test_chart_is_of_this_version() {
  local of_maven
  of_maven=$(sed -n 's/^  <version>\(.*\)<\/version>/\1/p' pom.xml | head -n 1)
  expect_text "appVersion: $of_maven" "$chart/Chart.yaml"
}

# --- values ----------------------------------------------------------------------

test_lint_has_no_complaint() {
  local file
  need_helm
  while IFS= read -r file; do
    expect_status 0 helm lint --strict "$chart" --kube-version "$version" --namespace "$namespace" ${file:+--values "$file"}
  done < <(values)
}

test_every_value_is_described() {
  python3 - "$chart/values.schema.json" >"$scratch/out" <<'END' || fail "$(cat "$scratch/out")"
import json, sys
def walk(schema, path):
    if not schema.get("description"):
        print("no description:", path or "the whole")
    if schema.get("type") == "object" and "properties" in schema:
        if schema.get("additionalProperties") is not False:
            print("takes anything:", path or "the whole")
        for name, part in schema["properties"].items():
            walk(part, f"{path}.{name}".lstrip("."))
schema = json.load(open(sys.argv[1]))
walk(schema, "")
END
  [ ! -s "$scratch/out" ] || fail "$(cat "$scratch/out")"
}

test_a_misspelt_or_wrong_value_is_refused() {
  need_helm
  refused "replcas" --set replcas=3
  refused "replicas" --set replicas=-1
  refused "pullPolicy" --set image.pullPolicy=Sometimes
  refused "interval" --set monitor.interval=soon
}

test_values_that_contradict_each_other_are_refused() {
  need_helm
  refused "platformNamespaces" --set 'watchNamespaces={narthex-chart-try}' --set 'platformNamespaces={a}'
  refused "watchNamespaces lacks $namespace" --set 'watchNamespaces={other}'
  refused "serviceAccount.name" --set serviceAccount.create=false
}

test_the_image_and_its_user_can_be_others() {
  need_helm
  local digest=sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
  rendered "$scratch/all.yaml"
  expect_text 'image: "narthex:' "$scratch/all.yaml"
  expect_text "runAsUser: 65532" "$scratch/all.yaml"
  rendered "$scratch/all.yaml" --set image.tag=v1 --set image.digest="$digest"
  expect_text "image: \"narthex@$digest\"" "$scratch/all.yaml"
  refused digest --set image.digest=latest
  # As OpenShift wants it, which gives each namespace users of its own.
  rendered "$scratch/all.yaml" --set podSecurityContext.runAsUser=null --set podSecurityContext.runAsGroup=null
  ! grep -q "runAsUser\|runAsGroup" "$scratch/all.yaml" || fail "a user is named"
  expect_text "runAsNonRoot: true" "$scratch/all.yaml"
  expect_text "type: RuntimeDefault" "$scratch/all.yaml"
  rendered "$scratch/all.yaml" --set podSecurityContext.runAsUser=1001
  expect_text "runAsUser: 1001" "$scratch/all.yaml"
}

# --- rights ------------------------------------------------------------------------

test_what_is_confined_has_no_right_in_the_cluster() {
  need_helm
  rendered "$scratch/all.yaml" --values "$chart/ci/namespaces-values.yaml"
  ! grep -q '^kind: ClusterRoleBinding' "$scratch/all.yaml" || fail "there is a ClusterRoleBinding"
  [ "$(grep -c '^kind: RoleBinding' "$scratch/all.yaml")" -eq 3 ] || fail "not one binding for each namespace and the lease"
  expect_text "--namespaces=narthex-chart-try,default" "$scratch/all.yaml"
  ! grep -q -- --platform-namespaces "$scratch/all.yaml" || fail "a server would see all namespaces"
}

test_a_release_of_another_name_binds_its_own_role() {
  need_helm
  rendered "$scratch/all.yaml" --set fullnameOverride=other
  ! grep -q narthex-discovery "$scratch/all.yaml" || fail "the name of another release's role"
  [ "$(grep -c other-discovery "$scratch/all.yaml")" -eq 3 ] || fail "not in the role, the right to bind and the argument"
}

test_operators_of_one_namespace_have_leases_of_their_own() {
  need_helm
  rendered "$scratch/all.yaml"
  ! grep -q -- --lease-name "$scratch/all.yaml" || fail "the lease of a release named narthex has another name"
  rendered "$scratch/all.yaml" --set fullnameOverride=other
  expect_text "--lease-name=other-operator" "$scratch/all.yaml"
}

test_roles_are_those_that_are_reviewed() {
  need_helm
  rendered "$scratch/all.yaml"
  listed "$scratch/all.yaml" >"$scratch/rendered.json"
  listed "$chart"/rbac/*.yaml >"$scratch/reviewed.json"
  python3 - "$scratch/rendered.json" "$scratch/reviewed.json" <<'END' >"$scratch/out" 2>&1 || fail "$(cat "$scratch/out")"
import json, sys
def rules(file, kinds):
    return {o["metadata"]["name"]: o["rules"] for o in json.load(open(file))["items"] if o["kind"] in kinds}
rendered = rules(sys.argv[1], ["ClusterRole", "Role"])
reviewed = rules(sys.argv[2], ["ClusterRole"])
# In the release's namespace a Role does.
reviewed["narthex-lease"] = reviewed.pop("narthex-operator-lease")
assert sorted(rendered) == sorted(reviewed) == ["narthex-discovery", "narthex-lease", "narthex-operator"], sorted(rendered)
for name, there in rendered.items():
    assert there == reviewed[name], f"{name}: {there} in place of {reviewed[name]}"
END
}

# --- what keeps it up ------------------------------------------------------------------

# selects_the_pods FILE : what selects the operator's pods, of a list of objects, does, and names their port.
selects_the_pods() {
  python3 - "$1" <<'END' >"$scratch/selects" 2>&1 || fail "$(cat "$scratch/selects")"
import json, sys
objects = json.load(open(sys.argv[1]))["items"]
def of(kind):
    return [o for o in objects if o["kind"] == kind]
deployment, = of("Deployment")
pod = deployment["spec"]["template"]
labels = pod["metadata"]["labels"].items()
ports = {p["name"] for c in pod["spec"]["containers"] for p in c["ports"]}
def selects(selector, what):
    assert selector and selector.items() <= labels, f"{what} selects {selector}, pods have {dict(labels)}"
selects(deployment["spec"]["selector"]["matchLabels"], "the Deployment")
for budget in of("PodDisruptionBudget"):
    selects(budget["spec"]["selector"]["matchLabels"], "the budget")
for service in of("Service"):
    selects(service["spec"]["selector"], "the Service")
    assert {p["targetPort"] for p in service["spec"]["ports"]} <= ports, service["spec"]["ports"]
for policy in of("NetworkPolicy"):
    selects(policy["spec"]["podSelector"]["matchLabels"], "the policy")
    rule, = policy["spec"]["ingress"]
    assert {p["port"] for p in rule["ports"]} <= ports, rule["ports"]
    peer, = rule["from"]
    # What every pod of a server has (ObjectNames).
    assert peer["podSelector"]["matchLabels"] == {
        "app.kubernetes.io/name": "prometheus", "app.kubernetes.io/managed-by": "narthex"}, peer
assert of("Service")
END
}

test_by_default_a_replica_stays_up_and_only_prometheus_comes_in() {
  need_helm
  rendered "$scratch/all.yaml"
  listed "$scratch/all.yaml" >"$scratch/list.json"
  selects_the_pods "$scratch/list.json"
  python3 - "$scratch/list.json" <<'END' >"$scratch/out" 2>&1 || fail "$(cat "$scratch/out")"
import json, sys
objects = json.load(open(sys.argv[1]))["items"]
def only(kind):
    found = [o for o in objects if o["kind"] == kind]
    assert len(found) == 1, f"{len(found)} of the kind {kind}"
    return found[0]["spec"]
assert only("PodDisruptionBudget")["maxUnavailable"] == 1
assert only("PodDisruptionBudget")["unhealthyPodEvictionPolicy"] == "AlwaysAllow"
assert only("NetworkPolicy")["policyTypes"] == ["Ingress"]
assert only("Service")["clusterIP"] == "None"
assert only("Service")["publishNotReadyAddresses"] is True
deployment = only("Deployment")
assert deployment["replicas"] == 2
affinity = deployment["template"]["spec"]["affinity"]
assert list(affinity) == ["podAntiAffinity"], affinity
apart, = affinity["podAntiAffinity"]["preferredDuringSchedulingIgnoredDuringExecution"]
assert apart["podAffinityTerm"]["topologyKey"] == "kubernetes.io/hostname", apart
assert apart["podAffinityTerm"]["labelSelector"]["matchLabels"] == deployment["selector"]["matchLabels"], apart
END
}

# --- the default server ------------------------------------------------------------------

# self FILE : the Monitor of the default server.
self() {
  python3 - "$1" <<'END'
import re, sys
for document in re.split(r"(?m)^---\n", open(sys.argv[1]).read()):
    if re.search(r"^kind: Monitor$", document, re.M) and "job: prometheus" in document:
        print(document)
END
}

test_the_default_server_looks_at_itself_as_it_is_reached() {
  need_helm
  rendered "$scratch/all.yaml"
  self "$scratch/all.yaml" >"$scratch/self"
  expect_text "port: web" "$scratch/self"
  ! grep -q "path:\|scheme:" "$scratch/self" || fail "more than a plain server needs"
  rendered "$scratch/all.yaml" --values "$chart/ci/everything-values.yaml"
  self "$scratch/all.yaml" >"$scratch/self"
  expect_text "path: /prometheus/metrics" "$scratch/self"
  expect_text '"http://prometheus-all:9091/prometheus"' "$scratch/all.yaml"
  rendered "$scratch/all.yaml" --set defaultServer.spec.web.tls.cert.secretRef.name=web --set defaultServer.spec.routePrefix=/x/
  self "$scratch/all.yaml" >"$scratch/self"
  expect_text "scheme: https" "$scratch/self"
  expect_text "path: /x/metrics" "$scratch/self"
  ! grep -q "helm.sh/hook: test" "$scratch/all.yaml" || fail "helm test can't trust its certificate"
}

test_a_default_server_that_asks_who_comes_is_left_to_its_users() {
  need_helm
  local setting
  for setting in 'web.users[0].name=alice' web.tls.clientCa.secretRef.name=web; do
    rendered "$scratch/all.yaml" --set "defaultServer.spec.$setting"
    [ -z "$(self "$scratch/all.yaml")" ] || fail "$setting: a Monitor that gets nothing but 401"
    ! grep -q "helm.sh/hook: test" "$scratch/all.yaml" || fail "$setting: a test without a way in"
  done
}

# --- what it declares ------------------------------------------------------------------

test_narthex_takes_what_the_chart_declares() {
  need_helm
  [ -f operator/target/narthex/narthex.jar ] || skip "narthex isn't built; run: make build"
  local file
  while IFS= read -r file; do
    rm -rf "$scratch/folder"
    mkdir "$scratch/folder"
    rendered "$scratch/all.yaml" ${file:+--values "$file"}
    python3 - "$scratch/all.yaml" "$scratch/folder" <<'END'
import pathlib, re, sys
for number, text in enumerate(re.split(r"(?m)^---\n", pathlib.Path(sys.argv[1]).read_text())):
    if "apiVersion: monitoring.narthex.io" in text:
        # lint asks for a local process, which has no API server of its own to discover from.
        text = re.sub(r"(?m)^kind: PrometheusServer\n(.*\n)*spec:\n",
                      lambda found: found[0] + '  kubernetes: {url: "https://kubernetes.default.svc"}\n', text)
        pathlib.Path(sys.argv[2], f"{number}.yaml").write_text(text)
END
    [ -n "$(ls "$scratch/folder")" ] || continue
    expect_status 0 bin/narthex lint "$scratch/folder"
  done < <(values)
}

test_rules_and_dashboard_ask_for_metrics_that_exist() {
  python3 - >"$scratch/out" <<'END' || fail "$(cat "$scratch/out")"
import json, pathlib, re
source = pathlib.Path("operator/src/main/java/io/narthex/web/OperatorEndpoint.java").read_text()
exist = set(re.findall(r'\.name\("(narthex_\w+)"\)', source))
assert len(exist) == 7, exist
dashboard = json.loads(pathlib.Path("helm/narthex/dashboards/narthex.json").read_text())
texts = [t["expr"] for p in dashboard["panels"] for t in p["targets"]]
texts += re.findall(r"expr: (.*)", pathlib.Path("helm/narthex/rules.yaml").read_text())
asked = set(re.findall(r"\bnarthex_\w+", " ".join(texts)))
assert asked and asked <= exist, f"nobody has {asked - exist}"
END
}

test_dashboard_shows_what_is_not_ready() {
  python3 - >"$scratch/out" 2>&1 <<'END' || fail "$(cat "$scratch/out")"
import json, pathlib, sys
sys.path.insert(0, "tests")
sys.dont_write_bytecode = True
import dashboards
path = "helm/narthex/dashboards/narthex.json"
dashboard = json.loads(pathlib.Path(path).read_text())
problems = []
dashboards.check(path, dashboard, problems)
assert not problems, problems
asked = " ".join(expression for _, expression in dashboards.queries(dashboard))
for metric in ("narthex_server_ready", "narthex_resources_ready"):
    assert metric + "{" in asked, f"nothing is shown of {metric}"
END
}

test_the_dashboard_is_found_by_the_label_that_is_documented() {
  need_helm
  rendered "$scratch/all.yaml"
  ! grep -q 'grafana_dashboard' "$scratch/all.yaml" || fail "a dashboard that nobody asked for"
  rendered "$scratch/all.yaml" --set dashboard.enabled=true
  listed "$scratch/all.yaml" >"$scratch/list.json"
  python3 - "$scratch/list.json" <<'END' >"$scratch/out" 2>&1 || fail "$(cat "$scratch/out")"
import json, pathlib, sys
found, = [o for o in json.load(open(sys.argv[1]))["items"] if o["kind"] == "ConfigMap"]
assert found["metadata"]["labels"]["grafana_dashboard"] == "1", found["metadata"]
there = json.loads(pathlib.Path("helm/narthex/dashboards/narthex.json").read_text())
assert json.loads(found["data"]["narthex.json"]) == there, "another dashboard"
END
}

# kinds FILE : how many Monitors, RuleSets and groups of the operator's alerts are in it.
kinds() {
  local word
  for word in '^kind: Monitor$' '^kind: RuleSet$' '- name: narthex$'; do
    grep -c -e "$word" "$1" || true
  done | paste -sd ' '
}

test_nothing_is_declared_where_nobody_looks() {
  need_helm
  rendered "$scratch/all.yaml"
  [ "$(kinds "$scratch/all.yaml")" = "2 1 1" ] || fail "by default: $(kinds "$scratch/all.yaml")"
  rendered "$scratch/all.yaml" --set monitor.enabled=false
  [ "$(kinds "$scratch/all.yaml")" = "0 1 0" ] || fail "alerts on what nobody scrapes: $(kinds "$scratch/all.yaml")"
  rendered "$scratch/all.yaml" --set replicas=0
  [ "$(kinds "$scratch/all.yaml")" = "2 1 0" ] || fail "alerts on what is stopped: $(kinds "$scratch/all.yaml")"
  rendered "$scratch/all.yaml" --set-json 'defaultServer.spec={"agent":{}}'
  [ "$(kinds "$scratch/all.yaml")" = "2 0 0" ] || fail "rules for an agent: $(kinds "$scratch/all.yaml")"
  rendered "$scratch/all.yaml" --set 'watchNamespaces={other}' --set defaultServer.enabled=false
  [ "$(kinds "$scratch/all.yaml")" = "0 0 0" ] || fail "in a namespace that isn't watched: $(kinds "$scratch/all.yaml")"
}

test_alerts_fire_when_they_should() {
  command -v promtool >/dev/null || skip "there is no promtool; run: testbed/testbed build prometheus"
  cp "$chart/rules.yaml" "$scratch/rules.yaml"
  cat >"$scratch/test.yaml" <<'END'
rule_files: [rules.yaml]
evaluation_interval: 1m
tests:
  - name: a Prometheus that doesn't scrape Narthex says nothing of it
    interval: 1m
    input_series:
      - {series: 'up{job="other"}', values: 1x300}
    alert_rule_test:
      - {eval_time: 1h, alertname: NarthexHasNoLeader, exp_alerts: []}
  - name: one works
    interval: 1m
    input_series:
      - {series: 'narthex_leader{job="narthex",instance="a"}', values: 1x300}
      - {series: 'narthex_leader{job="narthex",instance="b"}', values: 0x300}
    alert_rule_test:
      - {eval_time: 1h, alertname: NarthexHasNoLeader, exp_alerts: []}
  - name: none works
    interval: 1m
    input_series:
      - {series: 'narthex_leader{job="narthex",instance="a"}', values: 0x300}
    alert_rule_test:
      - eval_time: 10m
        alertname: NarthexHasNoLeader
        exp_alerts: [{exp_labels: {severity: warning}, exp_annotations: {
          summary: "No replica of Narthex works, so changes of Monitors and servers have no effect.",
          description: What runs goes on. Look at the operator's pods and their logs.}}]
  - name: all are gone
    interval: 1m
    input_series:
      - {series: 'narthex_leader{job="narthex",instance="a"}', values: 1x60 stale}
    alert_rule_test:
      - {eval_time: 1h, alertname: NarthexHasNoLeader, exp_alerts: []}
      - eval_time: 3h
        alertname: NarthexHasNoLeader
        exp_alerts: [{exp_labels: {severity: warning}, exp_annotations: {
          summary: "No replica of Narthex works, so changes of Monitors and servers have no effect.",
          description: What runs goes on. Look at the operator's pods and their logs.}}]
  - name: a server and Monitors that stay refused, also across replicas
    interval: 1m
    input_series:
      - {series: 'narthex_server_ready{job="narthex",instance="a",server="shop/main"}', values: 0x10 stale}
      - {series: 'narthex_server_ready{job="narthex",instance="b",server="shop/main"}', values: _x10 0x120}
      - {series: 'narthex_server_ready{job="narthex",instance="b",server="shop/other"}', values: 1x130}
      - {series: 'narthex_resources_ready{job="narthex",instance="b",kind="Monitor",status="false",reason="Invalid"}', values: 2x130}
      - {series: 'narthex_resources_ready{job="narthex",instance="b",kind="Monitor",status="false",reason="NoTargets"}', values: 9x130}
      - {series: 'narthex_resources_ready{job="narthex",instance="b",kind="Monitor",status="true",reason="AsDeclared"}', values: 5x130}
    alert_rule_test:
      - {eval_time: 10m, alertname: NarthexServerIsNotReady, exp_alerts: []}
      - eval_time: 20m
        alertname: NarthexServerIsNotReady
        exp_alerts: [{exp_labels: {severity: warning, server: shop/main}, exp_annotations: {
          summary: "The PrometheusServer shop/main isn't ready.",
          description: Its status says why. New Monitors and rules may not reach it meanwhile.}}]
      - {eval_time: 50m, alertname: NarthexResourcesAreRefused, exp_alerts: []}
      - eval_time: 70m
        alertname: NarthexResourcesAreRefused
        exp_alerts: [{exp_labels: {severity: warning, kind: Monitor, reason: Invalid}, exp_annotations: {
          summary: "2 resources of the kind Monitor aren't in effect as declared: Invalid.",
          description: "kubectl get monitors,rulesets -A shows which; the status of each says why."}}]
END
  expect_status 0 promtool test rules "$scratch/test.yaml"
}

test_queries_are_promql() {
  need_helm
  command -v promtool >/dev/null || skip "there is no promtool; run: testbed/testbed build prometheus"
  python3 - >"$scratch/rules.yaml" <<'END'
import json
panels = json.load(open("helm/narthex/dashboards/narthex.json"))["panels"]
rules = [{"record": "a", "labels": {"n": str(i)}, "expr": e["expr"]}
         for i, e in enumerate(t for p in panels for t in p["targets"])]
print(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}))
END
  expect_status 0 promtool check rules "$scratch/rules.yaml" "$chart/rules.yaml"
}

# --- what is documented -----------------------------------------------------------------

# documents : the documentation whose commands are tried.
documents() {
  ls README.md docs/*.md
  find examples -name '*.md'
}

test_documented_commands_of_helm_have_values_and_files_that_there_are() {
  need_helm
  # shellcheck disable=SC2046 # none of their names has a space
  python3 - "$namespace" "$version" $(documents) <<'END' >"$scratch/out" 2>&1 || fail "$(cat "$scratch/out")"
import pathlib, re, shlex, subprocess, sys
namespace, version, *documents = sys.argv[1:]
# What isn't rendered but says how Helm goes about it, with the number of words that follow.
LEFT_OUT = {"--wait": 0, "--create-namespace": 0, "--install": 0, "--reset-then-reuse-values": 0, "--timeout": 1,
            "--namespace": 1, "-n": 1}
VALUES = {"--set", "--set-string", "--set-json"}
FILES = {"-f", "--values", "--set-file"}
def commands(text):
    """Each command of Helm that installs: in a block, with the lines that it goes on in, or between backticks."""
    for line in re.sub(r"\\\n *", " ", text).splitlines():
        block = re.match(r"    (?:\$ )?(helm (?:install|upgrade|template) .*)", line)
        for command in [block[1]] if block else re.findall(r"`(helm (?:install|upgrade|template) [^`]+)`", line):
            yield shlex.split(command, comments=True)
tried, wrong = 0, []
for document in documents:
    for words in commands(pathlib.Path(document).read_text()):
        names, options, rest = [], [], words[2:]
        while rest:
            word, *rest = rest
            flag, _, argument = word.partition("=")
            if flag in VALUES | FILES:
                argument = argument or rest.pop(0)
                if flag in FILES and not pathlib.Path(argument.rpartition("=")[2]).is_file():
                    wrong.append(f"{document}: there is no {argument}")
                options += [flag, argument]
            elif flag in LEFT_OUT:
                rest = rest[0 if argument else LEFT_OUT[flag]:]
            elif word.startswith("-"):
                wrong.append(f"{document}: this test doesn't know {word}")
            else:
                names.append(word)
        if len(names) != 2 or not pathlib.Path(names[1], "Chart.yaml").is_file():
            wrong.append(f"{document}: no release and folder of a chart: {names}")
            continue
        done = subprocess.run(["helm", "template", *names, "--namespace", namespace, "--kube-version", version, *options],
                              capture_output=True, text=True)
        if done.returncode:
            wrong.append(f"{document}: {shlex.join(words)}: {done.stderr}")
        tried += 1
assert not wrong, "\n".join(wrong)
assert tried >= 3, f"only {tried} commands were found"
END
}

test_documented_commands_of_kubectl_name_files_that_there_are() {
  # shellcheck disable=SC2046 # none of their names has a space
  python3 - $(documents) <<'END' >"$scratch/out" 2>&1 || fail "$(cat "$scratch/out")"
import pathlib, re, sys
found, wrong = 0, []
for document in sys.argv[1:]:
    # One may go on in the next line of a sentence.
    text = re.sub(r"\n(?! |\n|\||#)", " ", pathlib.Path(document).read_text())
    for command in re.findall(r"\bkubectl [^`|#\n]*", text):
        for path in re.findall(r"\s-f ([\w./-]+)", command):
            # NAME stands for any of those beside it.
            path = path.removesuffix("/NAME")
            found += 1
            if not pathlib.Path(path).exists():
                wrong.append(f"{document}: there is no {path}")
assert not wrong, "\n".join(wrong)
assert found >= 15, f"only {found} were found"
END
}

test_the_documented_change_of_an_image_changes_it() {
  local command file
  command=$(sed -n 's/^    \$ \(sed -i .*\)/\1/p' README.md)
  file=${command##* }
  [ "$(wc -l <<<"$command")" -eq 1 ] || fail "it isn't one command: $command"
  [ -f "$file" ] || fail "it isn't a file of the repository: $command"
  mkdir -p "$scratch/$(dirname "$file")"
  cp "$file" "$scratch/$file"
  (cd "$scratch" && expect_status 0 bash -c "$command") || exit 1
  ! cmp -s "$file" "$scratch/$file" || fail "that changes nothing: $command"
  expect_text "image: registry.example.com/django-shop:1" "$scratch/$file"
  ! grep -q 'image: django-shop' "$scratch/$file" || fail "not every image is changed"
}

# --- the API server ---------------------------------------------------------------------

test_an_api_server_takes_all_of_it() {
  need_helm
  command -v kube-apiserver >/dev/null || skip "there is no API server; run: testbed/testbed build control-plane"
  local file name
  started=no
  made=()
  # Into a file: a pipe that grep closes early would make a failure of it.
  testbed/testbed status >"$scratch/status" 2>/dev/null || true
  if ! grep -q '^kubernetes: up' "$scratch/status"; then
    testbed/testbed up kubernetes --control-plane-only >"$scratch/up" 2>&1 </dev/null || fail "$(cat "$scratch/up")"
    started=yes
  fi
  trap '[ "${#made[@]}" -eq 0 ] || kubectl delete namespace "${made[@]}" --timeout=60s >/dev/null
    [ "$started" = no ] || testbed/testbed down kubernetes >/dev/null 2>&1' EXIT
  # narthex-system is that of install.yaml, which a dry run doesn't make.
  for name in "$namespace" narthex-system; do
    if kubectl get namespace "$name" >/dev/null 2>&1; then continue; fi
    kubectl create namespace "$name" >/dev/null && made+=("$name")
    # Whatever of a Deployment's pods isn't restricted becomes a warning.
    kubectl label namespace "$name" pod-security.kubernetes.io/warn=restricted pod-security.kubernetes.io/enforce=restricted >/dev/null
  done
  for file in crds/*.yaml; do
    kubectl get -f "$file" >/dev/null 2>&1 || kubectl apply --server-side -f "$file" >/dev/null
  done
  kubectl wait --for=jsonpath='{.status.conditions[?(@.type=="Established")].status}'=True -f crds/ --timeout=60s >/dev/null || fail "the CRDs aren't established"
  while IFS= read -r file; do
    rendered "$scratch/all.yaml" ${file:+--values "$file"}
    expect_status 0 kubectl apply --server-side --force-conflicts --dry-run=server -o json -f "$scratch/all.yaml"
    [ ! -s "$scratch/err" ] || fail "$(cat "$scratch/err")"
    selects_the_pods "$scratch/out"
  done < <(values)
  expect_status 0 kubectl apply --server-side --force-conflicts --dry-run=server -f helm/install.yaml
  [ ! -s "$scratch/err" ] || fail "$(cat "$scratch/err")"
}

test_the_documented_upgrade_changes_definitions_that_helm_made() {
  command -v kube-apiserver >/dev/null || skip "there is no API server; run: testbed/testbed build control-plane"
  local command
  started=no
  command=$(sed -n '/^## Upgrade/,/^## /s/^    \(kubectl apply .*crds.*\)/\1/p' docs/kubernetes.md)
  [ -n "$command" ] || fail "docs/kubernetes.md says nothing of definitions"
  expect_text "$command" "$chart/templates/NOTES.txt"
  expect_text "$command" docs/troubleshoot.md
  testbed/testbed status >"$scratch/status" 2>/dev/null || true
  if ! grep -q '^kubernetes: up' "$scratch/status"; then
    testbed/testbed up kubernetes --control-plane-only >"$scratch/up" 2>&1 </dev/null || fail "$(cat "$scratch/up")"
    started=yes
  fi
  # Those of a group of their own: what is there may be in use.
  mkdir -p "$scratch/crds"
  sed 's/monitoring\.narthex\.io/try.narthex.io/' crds/rulesets.yaml >"$scratch/crds/rulesets.yaml"
  trap 'kubectl delete -f "$scratch/crds" >/dev/null
    [ "$started" = no ] || testbed/testbed down kubernetes >/dev/null 2>&1' EXIT
  # As Helm does.
  expect_status 0 kubectl create --field-manager=helm -f "$scratch/crds"
  python3 - "$scratch/crds/rulesets.yaml" <<'END'
import pathlib, sys
file = pathlib.Path(sys.argv[1])
text = file.read_text()
assert text.count("          spec:\n") == 1
file.write_text(text.replace("          spec:\n", "          later:\n            type: string\n          spec:\n"))
END
  (cd "$scratch" && expect_status 0 bash -c "$command")
  kubectl get customresourcedefinition rulesets.try.narthex.io -o yaml >"$scratch/there"
  expect_text "later:" "$scratch/there"
}

# secret_verbs FILE : what the operator may do to Secrets.
secret_verbs() {
  python3 - "$1" <<'END'
import sys, re
for document in open(sys.argv[1]).read().split("\n---\n"):
    if re.search(r"^kind: ClusterRole$", document, re.M):
        for rule in document.split("  - apiGroups:")[1:]:
            if re.search(r"^    - secrets$", rule, re.M):
                print(" ".join(re.findall(r"^    - (\w+)$", rule.split("verbs:")[1], re.M)))
END
}

test_secrets_are_listed_only_where_they_may_be_watched() {
  rendered "$scratch/watch.yaml"
  [ "$(secret_verbs "$scratch/watch.yaml")" = "get list watch create patch" ] || fail "$(secret_verbs "$scratch/watch.yaml")"
  rendered "$scratch/name.yaml" --set secrets.watch=false
  [ "$(secret_verbs "$scratch/name.yaml")" = "get create patch" ] || fail "$(secret_verbs "$scratch/name.yaml")"
  expect_text "--secrets-by-name" "$scratch/name.yaml"
}

run_tests
