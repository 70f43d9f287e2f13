# shellcheck shell=bash
# A Swarm of several nodes on one machine: a dockerd each, in network namespaces
# that a bridge joins. Beside the Docker of swarm.sh, which knows nothing of it.

NODES_BRIDGE=tbs0
NODES_RUN=$TESTBED_RUN/swarm-nodes
# The nodes' own addresses, node N has .N; their Swarm's networks lie below.
NODES_NET=10.11.255
NODES_POOL=10.11.0.0/17

node_namespace() { printf 'tbs-%s' "$1"; }
node_socket() { printf '%s/node%s/docker.sock' "$NODES_RUN" "$1"; }

# dkn N ARGS… : the docker client on node N.
dkn() {
  local node=$1
  shift
  docker --host "unix://$(node_socket "$node")" "$@"
}

# node_numbers : those that there are.
node_numbers() {
  local folder
  for folder in "$NODES_RUN"/node*; do
    [[ ! -d $folder ]] || printf '%s\n' "${folder##*/node}"
  done
}

# in_node N CMD… : runs a function of common.sh as on another machine: its own network, host name and /run, so that
# /run/docker.sock is that node's.
in_node() {
  local node=$1
  shift
  # The machine's /sys stays, unlike with 'ip netns exec': dockerd looks for its cgroups there.
  # shellcheck disable=SC2016 # for the shell in there to expand
  TESTBED_LOCK=${TESTBED_LOCK:-} nsenter --net="/run/netns/$(node_namespace "$node")" unshare --uts --mount \
    bash -c 'hostname "$1" && mount -t tmpfs tmpfs /run && shift && . "$TESTBED_DIR/lib/common.sh" && "$@"' \
    testbed "node$node" "$@"
}

# up_swarm_nodes COUNT : all of them managers, so that the others go on when one is lost.
up_swarm_nodes() {
  local count=$1 node token
  [[ $count =~ ^[2-5]$ ]] || die "a Swarm of how many nodes? 2 to 5"
  need_root "a Swarm of several nodes"
  command -v dockerd >/dev/null || die "there is no dockerd: install docker.io"
  ip link show "$NODES_BRIDGE" >/dev/null 2>&1 || ip link add "$NODES_BRIDGE" type bridge
  ip addr replace "$NODES_NET.254/24" dev "$NODES_BRIDGE"
  ip link set "$NODES_BRIDGE" up
  # Where bridged packets pass the machine's filters, Docker's policy would drop them.
  iptables -C FORWARD -i "$NODES_BRIDGE" -o "$NODES_BRIDGE" -j ACCEPT 2>/dev/null ||
    iptables -I FORWARD -i "$NODES_BRIDGE" -o "$NODES_BRIDGE" -j ACCEPT
  for ((node = 1; node <= count; node++)); do
    start_swarm_node "$node"
  done
  for ((node = 1; node <= count; node++)); do
    wait_for 60 "an answer from node $node" dkn "$node" version || {
      show_log "swarm-node$node"
      die "node $node's dockerd doesn't answer"
    }
  done
  if [[ $(node_state 1) == inactive ]]; then
    dkn 1 swarm init --advertise-addr "$NODES_NET.1" --listen-addr "$NODES_NET.1:2377" \
      --default-addr-pool "$NODES_POOL" --default-addr-pool-mask-length 24 >/dev/null ||
      die "initialising the Swarm failed"
  fi
  token=$(dkn 1 swarm join-token -q manager)
  for ((node = 2; node <= count; node++)); do
    [[ $(node_state "$node") != inactive ]] ||
      dkn "$node" swarm join --advertise-addr "$NODES_NET.$node" --listen-addr "$NODES_NET.$node:2377" \
        --token "$token" "$NODES_NET.1:2377" >/dev/null || die "node $node can't join the Swarm"
  done
  wait_for 60 "$count ready nodes" nodes_ready "$count" || die "the Swarm isn't ready"
  log "a Swarm of $count nodes is ready: docker -H unix://$(node_socket 1) node ls"
}

node_state() { dkn "$1" info --format '{{.Swarm.LocalNodeState}}'; }

nodes_ready() { [[ $(dkn 1 node ls --format '{{.Status}}' | grep -cx Ready) -eq $1 ]]; }

start_swarm_node() {
  local node=$1 namespace folder
  namespace=$(node_namespace "$node")
  folder=$NODES_RUN/node$node
  mkdir -p "$folder"
  if [[ ! -e /run/netns/$namespace ]]; then
    ip netns add "$namespace"
    ip link add "$namespace" type veth peer name eth0 netns "$namespace"
    ip link set "$namespace" master "$NODES_BRIDGE" up
    ip -n "$namespace" link set lo up
    # No default route: what isn't for another node ends here.
    ip -n "$namespace" addr add "$NODES_NET.$node/24" dev eth0
    ip -n "$namespace" link set eth0 up
  fi
  in_node "$node" start_process "swarm-node$node" dockerd --host "unix://$(node_socket "$node")" \
    --host unix:///run/docker.sock --data-root "$folder/data" --exec-root "$folder/exec" --pidfile "$folder/dockerd.pid" \
    --storage-driver overlay2 --cgroup-parent "/$namespace" || die "node $node's dockerd did not start"
}

# connect_node N up|down : 'down' takes node N off the network, with all that runs on it; 'up' puts it back.
connect_node() {
  [[ $1 =~ ^[0-9]+$ && -d $NODES_RUN/node$1 ]] ||
    die "there is no node $1: 'testbed up swarm --nodes 3' makes 1, 2 and 3"
  ip link set "$(node_namespace "$1")" "$2"
}

# load_into_nodes FILE… : gives every node the images of archives.
load_into_nodes() {
  local node file
  for node in $(node_numbers); do
    for file; do
      dkn "$node" load --quiet --input "$file" >/dev/null || die "node $node can't load $file"
    done
  done
}

down_swarm_nodes() {
  local node folder
  for node in $(node_numbers); do
    # Nothing of it is kept: there is nothing to wait for.
    stop_process "swarm-node$node" 2 || true
    folder=$NODES_RUN/node$node
    pkill -9 -f -- "$folder/exec" || true
    ip netns pids "$(node_namespace "$node")" 2>/dev/null | xargs -r kill -9 2>/dev/null || true
  done
  for node in $(node_numbers); do
    ip link del "$(node_namespace "$node")" 2>/dev/null || true
    ip netns del "$(node_namespace "$node")" 2>/dev/null || true
    folder=$NODES_RUN/node$node
    rm -rf "$folder" || log "$folder can't be removed yet"
  done
  if ip link show "$NODES_BRIDGE" >/dev/null 2>&1; then
    iptables -D FORWARD -i "$NODES_BRIDGE" -o "$NODES_BRIDGE" -j ACCEPT 2>/dev/null || true
    ip link del "$NODES_BRIDGE"
    log "the Swarm's nodes are gone"
  fi
}

# status_swarm_nodes : one line, where there are any; fails when they are down.
status_swarm_nodes() {
  local count
  count=$(node_numbers | wc -l)
  ((count)) || return 1
  if nodes_ready "$count" 2>/dev/null; then
    echo "swarm nodes: up ($count managers)"
  else
    echo "swarm nodes: not all of $count are ready"
    return 1
  fi
}
