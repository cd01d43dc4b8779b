#!/usr/bin/env python3
"""Good clients beside bad ones: what do the good ones feel?

    python3 src/function/src/test/python/load.py [--jar JAR] [--heap 1g] [--seconds 20] [--idle 60] [-- JAVA OPTION...]

Starts the served jar, measures the answers to small images alone, then beside bad clients: senders of two bytes a second,
sockets with headers only, the small files of src/test/resources/budget that ask for much, long cases whose client leaves, and
large pictures. Prints p50 and p99 of the good in both phases, the slowest answer of health, the statuses of the bad, and
memory; then sends TERM under the same load and waits. Ends with 1 if the good ones' p99 more than triples, health takes more than a
second, a status is 5xx and not 503, or TERM takes more than ten seconds. Needs numpy.
"""

import argparse
import collections
import http.client
import io
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[5]
BUDGET = ROOT / "src/function/src/test/resources/budget"
MOST_TIMES_SLOWER = 3
HEALTH_S = 1
STOP_S = 10


def npz(shape: tuple[int, ...], boxes: np.ndarray) -> bytes:
    """A case of noise."""
    out = io.BytesIO()
    imgs = np.random.default_rng(1).integers(0, 255, shape, dtype=np.uint8)
    np.savez_compressed(out, imgs=imgs, boxes=boxes)
    return out.getvalue()


GOOD = npz((256, 256), np.array([[40, 40, 200, 200], [10, 10, 60, 60]]))
LONG = npz((64, 64), np.tile([8, 8, 50, 50], (15000, 1)))
LARGE = npz((4096, 4096), np.array([[100, 100, 3000, 3000]]))


class Server:
    """The served jar in a process of its own, on a free port."""

    def __init__(self, jar: Path, options: list[str]):
        self.log = tempfile.NamedTemporaryFile("w+", suffix=".log")
        environment = os.environ | {"QUARKUS_HTTP_PORT": "0", "MEDFICIENTSAM_BUNDLES": str(ROOT / "models/bundles")}
        command = ["java", *options, "-jar", str(jar)]
        self.process = subprocess.Popen(command, env=environment, stdout=self.log, stderr=subprocess.STDOUT)
        self.port = 0
        while not self.port:
            listening = re.search(r"Listening on: http://[^:]+:(\d+)", self.text())
            self.port = int(listening.group(1)) if listening else 0
            if self.process.poll() is not None:
                raise SystemExit("the jar does not serve:\n" + self.text())
            time.sleep(0.1)

    def text(self) -> str:
        return Path(self.log.name).read_text()

    def rss_mib(self, field: str = "VmRSS") -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"{field}:\s+(\d+)", status).group(1)) / 1024

    def threads(self) -> int:
        return len(list(Path(f"/proc/{self.process.pid}/task").iterdir()))

    def files(self) -> int:
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))

    def request(self, method: str, path: str, body: bytes | None = None, accept: str = "application/x-npz") -> int:
        connection = http.client.HTTPConnection("localhost", self.port, timeout=120)
        try:
            connection.request(method, path, body, {"Content-Type": "application/x-npz", "Accept": accept})
            response = connection.getresponse()
            response.read()
            return response.status
        finally:
            connection.close()


class Load:
    """Clients in threads, until told to stop."""

    def __init__(self, server: Server):
        self.server = server
        self.stopping = threading.Event()
        self.threads: list[threading.Thread] = []
        self.seconds: dict[str, list[float]] = collections.defaultdict(list)
        self.statuses: dict[str, collections.Counter] = collections.defaultdict(collections.Counter)

    def every(self, name: str, work, pause: float = 0) -> None:
        def run() -> None:
            while not self.stopping.is_set():
                start = time.perf_counter()
                try:
                    status = work()
                except (OSError, http.client.HTTPException) as error:
                    status = type(error).__name__
                self.seconds[name].append(time.perf_counter() - start)
                self.statuses[name][status] += 1
                self.stopping.wait(pause)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        self.threads.append(thread)

    def good(self) -> None:
        for _ in range(2):
            self.every("good", lambda: self.server.request("POST", "/v1/segmentations", GOOD), 0.05)
        self.every("health", lambda: self.server.request("GET", "/q/health"), 0.1)

    def bad(self) -> None:
        for _ in range(10):
            self.every("slow", lambda: self.trickle(1))
            self.every("headers only", lambda: self.trickle(0))
        for file in sorted(BUDGET.glob("*.npz")):
            body = file.read_bytes()
            self.every(file.stem, lambda body=body: self.server.request("POST", "/v1/segmentations", body), 0.2)
        self.every("leaves a long case", self.leave, 0.2)
        self.every("large picture", lambda: self.server.request("POST", "/v1/segmentations", LARGE, "image/png"), 1)

    def trickle(self, byte_count: int) -> int | str:
        """Sends headers and then so many bytes every half second, until it is answered."""
        with socket.create_connection(("localhost", self.server.port), timeout=0.5) as connection:
            connection.sendall(
                b"POST /v1/segmentations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-npz\r\n"
                b"Content-Length: 100000\r\n\r\n"
            )
            while not self.stopping.is_set():
                try:
                    return int(connection.recv(4096).split()[1])
                except TimeoutError:
                    connection.sendall(b"x" * byte_count)
                except IndexError:
                    return "closed"
        return "stopped"

    def leave(self) -> str:
        with socket.create_connection(("localhost", self.server.port), timeout=5) as connection:
            connection.sendall(
                b"POST /v1/segmentations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-npz\r\n"
                + b"Content-Length: %d\r\n\r\n" % len(LONG)
                + LONG
            )
            time.sleep(1)
        return "left"

    def end(self) -> None:
        self.stopping.set()
        for thread in self.threads:
            thread.join(30)


def phase(server: Server, seconds: float, bad: bool) -> Load:
    load = Load(server)
    if bad:
        load.bad()
        time.sleep(2)
    load.good()
    time.sleep(seconds)
    load.end()
    return load


def report(name: str, load: Load) -> float:
    ms = 1e3 * np.array(load.seconds["good"])
    p50, p99 = np.percentile(ms, [50, 99])
    health = max(load.seconds["health"])
    print(f"{name:12} {len(ms):4} good, p50 {p50:6.0f} ms, p99 {p99:6.0f} ms, health at most {health:.2f} s")
    for client, statuses in load.statuses.items():
        print(f"             {client:36} {dict(statuses)}")
    return float(p99)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jar", type=Path, default=ROOT / "src/function/target/medficientsam-function-runner.jar")
    parser.add_argument("--heap", default="1g")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--idle", type=float, default=60)
    parser.add_argument("options", nargs="*", help="further options of java")
    arguments = parser.parse_args()
    server = Server(arguments.jar, [f"-Xmx{arguments.heap}", *arguments.options])
    failures = []
    try:
        phase(server, 5, bad=False)  # code is compiled, buffers are there
        started = server.rss_mib(), server.threads(), server.files()
        alone = report("alone", phase(server, arguments.seconds, bad=False))
        beside = phase(server, arguments.seconds, bad=True)
        disturbed = report("beside bad", beside)
        print(f"p99 {disturbed / alone:.2f} times; peak RSS {server.rss_mib('VmHWM'):.0f} MiB")
        if disturbed > MOST_TIMES_SLOWER * alone:
            failures.append("the good ones' p99")
        if max(beside.seconds["health"]) > HEALTH_S:
            failures.append("health")
        for client, statuses in beside.statuses.items():
            if any(isinstance(status, int) and status >= 500 and status != 503 for status in statuses):
                failures.append(f"5xx for {client}")
        time.sleep(arguments.idle)
        print("RSS MiB, threads, files: at first {:.0f} {} {}".format(*started), end=", ")
        print(f"idle for {arguments.idle:.0f} s {server.rss_mib():.0f} {server.threads()} {server.files()}")

        last = Load(server)
        last.bad()
        last.every("long", lambda: server.request("POST", "/v1/segmentations", LONG))
        time.sleep(3)
        server.process.send_signal(signal.SIGTERM)
        start = time.perf_counter()
        server.process.wait(30)
        took = time.perf_counter() - start
        last.stopping.set()
        print(f"TERM under load: ended after {took:.1f} s with {server.process.returncode}")
        if took > STOP_S:
            failures.append("TERM")
        if '"ERROR"' in server.text():
            failures.append("an ERROR in the log")
    finally:
        server.process.kill()
        Path("load.log").write_text(server.text())
    print("failed: " + ", ".join(failures) if failures else "all within bounds")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
