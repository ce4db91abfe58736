"""Runs conclave torture against servers that it starts: usage: torture.py CONCLAVE SEED SECONDS FOLDER

Each of redis, redis-sentinel and file gets SECONDS, shared by the three workloads. Servers, sentinels
too, are stopped and killed, and started again by this program: torture.py restart FOLDER. As root
everything happens in a network namespace of its own, where each client's link is cut now and then;
otherwise servers listen on loopback, no link is cut, and that is said. Servers live in a temporary
folder and are ended by their process ids. FOLDER gets the JSON reports and the histories. Ends with 1
when a run did not end with 0 (all held) or 5 (undecided).
"""

import contextlib
import glob
import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import time

# Of a namespace of ours, where no other machine has it.
NAMESPACE_ADDRESS = "10.213.0.1"
IN_NAMESPACE = "CONCLAVE_TORTURE_NAMESPACE"


def enter_namespace():
    """Runs this program again in a network namespace of its own, if it may have one."""
    if os.environ.get(IN_NAMESPACE):
        for command in ("link set lo up", f"addr add {NAMESPACE_ADDRESS}/32 dev lo"):
            subprocess.run(["ip"] + command.split(), check=True)
        return NAMESPACE_ADDRESS
    possible = os.geteuid() == 0 and subprocess.run(
        ["unshare", "-n", "ip", "link", "set", "lo", "up"], stderr=subprocess.DEVNULL).returncode == 0
    if not possible:
        print("NOT RUN: no link is cut, since that needs root and network namespaces")
        return "127.0.0.1"
    os.environ[IN_NAMESPACE] = "1"
    os.execvp("unshare", ["unshare", "-n", sys.executable] + sys.argv)


def free_port(address):
    with socket.socket() as probe:
        probe.bind((address, 0))
        return probe.getsockname()[1]


def answers(address, port, request, expected):
    try:
        with socket.create_connection((address, port), 1) as connection:
            connection.sendall(request)
            return expected in connection.recv(65536)
    except OSError:
        return False


def wait_until(what, condition):
    end = time.monotonic() + 30
    while not condition():
        if time.monotonic() > end:
            raise RuntimeError("gave up waiting until " + what)
        time.sleep(0.05)


def launch(folder, command):
    """Starts a server, and notes under its process id how it is started again."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               start_new_session=True)
    with open(os.path.join(folder, f"{process.pid}.server"), "w") as file:
        json.dump(command, file)
    return process


def restart(folder):
    """What conclave torture runs after a kill; prints the new process id."""
    with open(os.path.join(folder, os.environ["CONCLAVE_SERVER_PID"] + ".server")) as file:
        print(launch(folder, json.load(file)).pid)


def is_server(pid, command):
    """Whether a process id still is the one of the server that we started as it."""
    try:
        with open(f"/proc/{pid}/cmdline") as file:
            return os.path.basename(command[0]) in file.read()
    except OSError:
        return False


class Servers:
    def __init__(self, folder, address):
        self.folder = folder
        self.address = address
        self.processes = []

    def free_port(self):
        return free_port(self.address)

    def start(self, program, port, lines):
        """One server with a configuration file; waits until it answers."""
        configuration = os.path.join(self.folder, f"{port}.conf")
        data = os.path.join(self.folder, str(port))
        os.mkdir(data)
        with open(configuration, "w") as file:
            file.write("\n".join([f"bind {self.address}", f"port {port}", "protected-mode no",
                                  f"dir {data}"] + lines) + "\n")
        self.processes.append(launch(self.folder, [program, configuration]))
        self.wait_for(f"{program} answers", port, b"PING\r\n", b"PONG")

    def wait_for(self, what, port, request, expected):
        wait_until(what, lambda: answers(self.address, port, request, expected))

    def pids(self):
        return [process.pid for process in self.processes]

    def end(self):
        for process in self.processes:
            process.kill()
            process.wait()
        # Those that were started again are no children of ours.
        for path in glob.glob(os.path.join(self.folder, "*.server")):
            pid = int(os.path.basename(path).split(".")[0])
            with open(path) as file:
                command = json.load(file)
            if is_server(pid, command):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)


def redis(servers):
    port = servers.free_port()
    servers.start("redis-server", port, ['save ""', "appendonly yes", "appendfsync always"])
    return f"redis://{servers.address}:{port}"


def redis_sentinel(servers):
    address = servers.address
    ports = [servers.free_port() for _ in range(3)]
    servers.start("redis-server", ports[0], ['save ""'])
    for port in ports[1:]:
        servers.start("redis-server", port, ['save ""', f"replicaof {address} {ports[0]}"])
    watched = [servers.free_port() for _ in range(3)]
    for port in watched:
        servers.start("redis-sentinel", port,
                      [f"sentinel monitor primary {address} {ports[0]} 2",
                       "sentinel down-after-milliseconds primary 500",
                       "sentinel failover-timeout primary 4000"])
    for port in watched:
        for expected in (b"num-slaves\r\n$1\r\n2", b"num-other-sentinels\r\n$1\r\n2"):
            servers.wait_for("the sentinels know everybody", port, b"SENTINEL master primary\r\n",
                             expected)
    others = "".join(f"&sentinel_fallback={address}:{port}" for port in watched[1:])
    return f"redis://{address}:{watched[0]}?sentinel=primary{others}"


def file(servers):
    return "file://" + os.path.join(servers.folder, "coordination")


def disturbances(servers):
    """What is done to the servers, and to the way to them."""
    if not servers.processes:
        return []
    again = " ".join(map(shlex.quote, [sys.executable, os.path.abspath(__file__), "restart",
                                       servers.folder]))
    options = ["--kill-servers", "--restart-server", again]
    if servers.address == NAMESPACE_ADDRESS:
        options.append("--netns")
    for pid in servers.pids():
        options += ["--server-pid", str(pid)]
    return options


def torture(conclave, backend, workload, seed, seconds, results, address):
    report = os.path.join(results, f"torture-{backend.__name__}-{workload}.json")
    with contextlib.suppress(FileNotFoundError):
        os.remove(report)
    with tempfile.TemporaryDirectory(prefix="conclave-") as folder:
        servers = Servers(folder, address)
        try:
            url = backend(servers)
            command = [conclave, "torture", "--url", url, "--for", f"{seconds}s", "--seed", str(seed),
                       "--workload", workload, "--json", report,
                       "--history", report.replace(".json", ".jsonl")] + disturbances(servers)
            ended = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=seconds + 120)
        finally:
            servers.end()
    print(f"{backend.__name__} {workload}: ended with {ended.returncode}")
    if ended.returncode not in (0, 5):
        print(ended.stdout)
    return ended.returncode in (0, 5)


def main():
    if sys.argv[1] == "restart":
        return restart(sys.argv[2])
    conclave, seed, seconds, results = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    address = enter_namespace()
    passed = True
    for backend in (redis, redis_sentinel, file):
        for workload in ("lock", "leader", "group"):
            passed &= torture(conclave, backend, workload, seed, seconds // 3, results, address)
    sys.exit(0 if passed else 1)


if __name__ == "__main__":
    main()
