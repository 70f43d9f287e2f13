#!/usr/bin/env python3
"""What the operator of a Swarm costs where there are many services: its CPU time and memory, and those of its gate.

    many_services.py IMAGE [SERVICES] [TASKS]

Runs the image's operator and socket gate as containers, without a Swarm: what answers as Docker here tells of one service
recorded from a real daemon (recorded/*.json), multiplied, and takes what the operator writes. Something asks for targets as
Prometheus does. Measured while nothing happens, and while one service is scaled each two seconds. One line a figure.
"""

import base64
import copy
import json
import pathlib
import queue
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

RECORDED = pathlib.Path(__file__).parent / "recorded"
KINDS = ("services", "tasks", "nodes", "networks", "configs", "secrets")
OPEN = urllib.request.build_opener(urllib.request.ProxyHandler({})).open
OPERATOR_PORT = 9480
NETWORK = "narthex-bench-many"
IDLE = 60
TICKS = 100  # a second, of /proc/PID/stat (man 5 proc)


def recorded(name):
    return json.loads((RECORDED / f"{name}.json").read_text())


def identity(prefix, number):
    """As long as Docker's own, and told apart at a glance."""
    return f"{prefix}{number:0{25 - len(prefix)}d}"


class Swarm:
    """What there is, as Docker tells it; each object is written as JSON once."""

    def __init__(self, services, tasks):
        self.lock = threading.Lock()
        self.listeners = []
        self.index = 1_000_000
        self.tokens = []
        self.objects = {kind: {} for kind in KINDS}
        self.lists = {}
        for kind in ("nodes", "networks"):
            for one in recorded(kind):
                self.put(kind, one)
        self.service, self.task = recorded("services")[0], recorded("tasks")[0]
        for number in range(services):
            service = copy.deepcopy(self.service)
            service["ID"] = identity("s", number)
            service["Spec"]["Name"] = f"shop{number}_web"
            service["Spec"]["Labels"]["com.docker.stack.namespace"] = f"shop{number}"
            service["Spec"]["Mode"]["Replicated"]["Replicas"] = tasks
            self.put("services", service)
            for slot in range(1, tasks + 1):
                self.put("tasks", self.made(number, slot, "running"))

    def made(self, number, slot, state):
        task = copy.deepcopy(self.task)
        task["ID"] = identity("t", number * 100 + slot)
        task["ServiceID"] = identity("s", number)
        task["Slot"] = slot
        task["Status"]["State"] = state
        task["Status"]["ContainerStatus"]["ContainerID"] = f"{number * 100 + slot:064x}"
        for attachment in task["NetworksAttachments"]:
            attachment["Addresses"] = [f"10.{11 + number // 60}.{number % 60 * 4 + slot // 250}.{slot % 250 + 1}/8"]
        return task

    def put(self, kind, one):
        with self.lock:
            self.index += 1
            if "Version" in one:
                one["Version"]["Index"] = self.index
            key = one.get("ID") or one["Id"]
            self.objects[kind][key] = (one, json.dumps(one).encode())
            self.lists.pop(kind, None)

    def all(self, kind):
        with self.lock:
            if kind not in self.lists:
                self.lists[kind] = b"[" + b",".join(text for _, text in self.objects[kind].values()) + b"]"
            return self.lists[kind]

    def find(self, kind, key):
        with self.lock:
            if key in self.objects[kind]:
                return self.objects[kind][key][0]
            for one, _ in self.objects[kind].values():
                if (one.get("Spec") or one).get("Name") == key:
                    return one
        return None

    def remove(self, kind, key):
        with self.lock:
            self.objects[kind].pop(key, None)
            self.lists.pop(kind, None)

    def tell(self, kind, action, key):
        event = {"Type": kind[:-1], "Action": action, "scope": "swarm", "Actor": {"ID": key, "Attributes": {}}}
        for listener in list(self.listeners):
            listener.put(json.dumps(event).encode() + b"\n")

    def scale(self, number, tasks):
        """As a manager does it: the service changes, then its tasks, over a second."""
        service = self.find("services", identity("s", number))
        before = service["Spec"]["Mode"]["Replicated"]["Replicas"]
        service["Spec"]["Mode"]["Replicated"]["Replicas"] = tasks
        self.put("services", service)
        self.tell("services", "update", service["ID"])
        for slot in range(before + 1, tasks + 1):
            for state in ("new", "preparing", "starting", "running"):
                self.put("tasks", self.made(number, slot, state))
                time.sleep(0.25)
        for slot in range(tasks + 1, before + 1):
            self.remove("tasks", identity("t", number * 100 + slot))


class Docker(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    swarm: Swarm

    def log_message(self, *_):
        pass

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def refuse(self, status, message):
        self.answer(status, json.dumps({"message": message}).encode())

    def parts(self):
        return [part for part in urllib.parse.urlparse(self.path).path.split("/") if part and not part.startswith("v1.")]

    def do_GET(self):
        parts = self.parts()
        if parts[0] in ("version", "info"):
            self.answer(200, (RECORDED / f"{parts[0]}.json").read_bytes())
        elif parts[0] == "events":
            self.events()
        elif parts[0] in KINDS and len(parts) == 1:
            self.answer(200, self.swarm.all(parts[0]))
        elif parts[0] in KINDS and self.swarm.find(parts[0], parts[1]):
            self.answer(200, json.dumps(self.swarm.find(parts[0], parts[1])).encode())
        else:
            self.refuse(404, "no such object")

    def events(self):
        mine = queue.Queue()
        self.swarm.listeners.append(mine)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            while True:
                event = mine.get()
                self.wfile.write(b"%x\r\n%s\r\n" % (len(event), event))
                self.wfile.flush()
        except OSError:
            self.swarm.listeners.remove(mine)

    def do_POST(self):
        kind, key, *rest = self.parts()
        spec = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if key == "create":
            if self.swarm.find(kind, spec["Name"]):
                return self.refuse(409, "name conflicts with an existing object")
            one = {"ID": identity("n", self.swarm.index), "Version": {"Index": 0}, "Spec": spec}
            if kind == "secrets":
                # Docker tells nobody what a secret holds; Prometheus, who has it mounted, knows.
                self.swarm.tokens.append(base64.b64decode(spec.pop("Data")).decode())
            self.swarm.put(kind, one)
            self.swarm.tell(kind, "create", one["ID"])
            return self.answer(201, json.dumps({"ID": one["ID"]}).encode())
        one = self.swarm.find(kind, key)
        if one is None or rest != ["update"]:
            return self.refuse(404, "no such object")
        if f"version={one['Version']['Index']}" not in self.path:
            return self.refuse(500, "rpc error: code = Unknown desc = update out of sequence")
        one["Spec"] = spec
        self.swarm.put(kind, one)
        self.swarm.tell(kind, "update", one["ID"])
        return self.answer(200, b"{}")

    def do_DELETE(self):
        kind, key = self.parts()[:2]
        one = self.swarm.find(kind, key)
        if one:
            self.swarm.remove(kind, one["ID"])
            self.swarm.tell(kind, "remove", one["ID"])
        self.answer(200, b"{}")


def docker(*arguments):
    return subprocess.run(["docker", *arguments], check=True, capture_output=True, text=True).stdout.strip()


class Container:
    """A process of the image, measured by /proc."""

    def __init__(self, image, memory, docker_host, *command):
        self.id = docker("run", "-d", "--network", NETWORK, "--memory", memory, "-e", f"DOCKER_HOST={docker_host}", image, *command)
        self.pid = docker("inspect", "--format", "{{.State.Pid}}", self.id)
        self.address = docker("inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", self.id)

    def cpu(self):
        fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def resident(self):
        """What is in memory, and how much of it is the process's own: the rest are files, which others may share."""
        lines = pathlib.Path(f"/proc/{self.pid}/status").read_text().splitlines()
        sizes = {name: int(rest.split()[0]) // 1024 for name, _, rest in (line.partition(":") for line in lines)
                 if name in ("VmRSS", "RssAnon")}
        if len(sizes) < 2:
            raise SystemExit("the container has ended")
        return f"{sizes['VmRSS']} MiB, of which {sizes['RssAnon']} MiB its own"

    def remove(self):
        docker("rm", "-f", self.id)


class Prometheus(threading.Thread):
    """Asks for targets as Prometheus does, and knows how many there were."""

    def __init__(self, swarm, operator):
        super().__init__(daemon=True)
        self.swarm, self.operator, self.targets = swarm, operator, 0

    def run(self):
        while True:
            for token in list(self.swarm.tokens):
                request = urllib.request.Request(
                    f"http://{self.operator}:{OPERATOR_PORT}/sd/v1/default/main/swarm",
                    headers={"Authorization": f"Bearer {token}", "X-Prometheus-Refresh-Interval-Seconds": "10"})
                try:
                    with OPEN(request, timeout=10) as answer:
                        self.targets = len(json.load(answer))
                except OSError:
                    pass
            time.sleep(10)


def ready(operator):
    begun = time.monotonic()
    while time.monotonic() - begun < 120:
        try:
            with OPEN(f"http://{operator.address}:{OPERATOR_PORT}/readyz", timeout=5):
                return time.monotonic() - begun
        except OSError:
            time.sleep(0.02)
    raise SystemExit(docker("logs", operator.id))


def cores(containers, seconds, meanwhile):
    """How many cores each used, while something is done again and again."""
    before, begun = [one.cpu() for one in containers], time.monotonic()
    while time.monotonic() - begun < seconds:
        meanwhile()
    took = time.monotonic() - begun
    return [(one.cpu() - was) / took for one, was in zip(containers, before)]


def main():
    image = sys.argv[1]
    services = int(sys.argv[2]) if len(sys.argv) > 2 else 500
    tasks = int(sys.argv[3]) if len(sys.argv) > 3 else 4
    swarm = Swarm(services, tasks)
    network = docker("network", "create", NETWORK)
    gateway = docker("network", "inspect", network, "--format", "{{(index .IPAM.Config 0).Gateway}}")
    containers = []
    try:
        server = ThreadingHTTPServer((gateway, 0), type("Answers", (Docker,), {"swarm": swarm}))
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        gate = Container(image, "256m", f"tcp://{gateway}:{server.server_port}", "socket-gate")
        containers.append(gate)
        operator = Container(
            image, "512m", f"tcp://{gate.address}:2375", "operator", "--platform", "swarm", "--advertise",
            f"http://operator:{OPERATOR_PORT}")
        containers.append(operator)
        print(f"{services} services with {tasks} tasks each; the list of tasks has {len(swarm.all('tasks')) >> 10} KiB")
        print(f"operator, start until ready: {ready(operator):.1f} s, {operator.cpu():.1f} CPU-seconds")
        prometheus = Prometheus(swarm, operator.address)
        prometheus.start()
        time.sleep(30)
        if prometheus.targets != services * tasks:
            raise SystemExit(f"{prometheus.targets} targets\n" + docker("logs", operator.id))
        for name, used in zip(("gate", "operator"), cores(containers, IDLE, lambda: time.sleep(1))):
            print(f"{name}, nothing happens: {used:.3f} cores")

        more = [tasks + 1, tasks]

        def scaled():
            begun = time.monotonic()
            swarm.scale(0, more[0])
            more.reverse()
            time.sleep(max(0.0, begun + 2 - time.monotonic()))

        for name, used in zip(("gate", "operator"), cores(containers, IDLE, scaled)):
            print(f"{name}, a service is scaled each 2 s: {used:.3f} cores")
        for name, one in zip(("gate", "operator"), containers):
            print(f"{name}, resident: {one.resident()}")
    finally:
        for one in containers:
            one.remove()
        docker("network", "rm", network)


if __name__ == "__main__":
    main()
