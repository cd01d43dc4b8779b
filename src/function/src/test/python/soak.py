#!/usr/bin/env python3
"""What is left when the bad clients have gone?

    python3 src/function/src/test/python/soak.py [--jar JAR] [--heap 512m] [--switches 500] [--abandoned 1000] [--bodies 10000]
        [--arenas 2]

Starts the served jar as the launcher does, with two arenas of the C library (0: as many as it likes, as a bare jar has), and asks every
bundle a few times; notes resident memory, threads and open files after an idle minute; then

- switches models: requests that name one bundle after another, of which two may be open;
- abandons requests: long cases whose client leaves after a tenth of a second;
- sends bodies over a cap: half of them longer than the service takes, half short ones whose arrays would be too large

and after each, and another idle minute, prints the three again. Ends with 1 if memory is more than a fifth above the start, there
are more than 8 threads or files beyond it, an answer is 5xx and not 503, or the service does not answer in the end. Needs numpy.
"""

import argparse
import collections
import http.client
import itertools
import os
import socket
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from load import BUDGET, GOOD, LONG, ROOT, Server

MOST_RSS = 1.2
MOST_MORE = 8
IDLE_S = 60
CLIENTS = 8
HEAD = b"POST /v1/segmentations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-npz\r\nContent-Length: %d\r\n\r\n"


def switch(server: Server, model: str) -> int:
    return server.request("POST", f"/v1/segmentations?model={model}", GOOD)


def leave(server: Server) -> str:
    with socket.create_connection(("localhost", server.port), timeout=30) as connection:
        connection.sendall(HEAD % len(LONG) + LONG)
        time.sleep(0.1)
    return "left"


def longer_than_taken(server: Server) -> int:
    """Sends a little of a body of a gigabyte."""
    with socket.create_connection(("localhost", server.port), timeout=60) as connection:
        connection.sendall(HEAD % (1 << 30) + b"x" * 1024)
        return int(connection.recv(4096).split()[1])


def asks_too_much(server: Server) -> int:
    return server.request("POST", "/v1/segmentations", (BUDGET / "H4_image_268M_tall_1_wide.npz").read_bytes())


def many(count: int, clients: int, work: Callable[[int], int | str]) -> collections.Counter:
    statuses: collections.Counter = collections.Counter()
    lock = threading.Lock()

    def one(number: int) -> None:
        try:
            status: int | str = work(number)
        except (OSError, http.client.HTTPException, IndexError) as error:
            status = type(error).__name__
        with lock:
            statuses[status] += 1

    with ThreadPoolExecutor(clients) as pool:
        collections.deque(pool.map(one, range(count)), maxlen=0)
    return statuses


def measured(server: Server, idle: float) -> tuple[float, int, int]:
    time.sleep(idle)
    return server.rss_mib(), server.threads(), server.files()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jar", type=Path, default=ROOT / "src/function/target/medficientsam-function-runner.jar")
    parser.add_argument("--heap", default="512m")
    parser.add_argument("--switches", type=int, default=500)
    parser.add_argument("--abandoned", type=int, default=1000)
    parser.add_argument("--bodies", type=int, default=10000)
    parser.add_argument("--arenas", type=int, default=2)
    parser.add_argument("--idle", type=float, default=IDLE_S)
    arguments = parser.parse_args()
    models = sorted(folder.name for folder in (ROOT / "models/bundles").iterdir() if (folder / "manifest.yaml").exists())
    cases = [longer_than_taken, asks_too_much]
    os.environ.pop("MALLOC_ARENA_MAX", None)
    if arguments.arenas:
        os.environ["MALLOC_ARENA_MAX"] = str(arguments.arenas)
    server = Server(arguments.jar, [f"-Xmx{arguments.heap}"])
    failures = []
    try:
        for model in itertools.islice(itertools.cycle(models), 4 * len(models)):
            switch(server, model)
        first = measured(server, arguments.idle)
        print("                          RSS MiB  threads  files")
        print("at first                  {:7.0f}  {:7}  {:5}".format(*first), flush=True)
        for name, count, clients, work in (
            ("model switches", arguments.switches, 1, lambda i: switch(server, models[i % len(models)])),
            ("abandoned requests", arguments.abandoned, CLIENTS, lambda i: leave(server)),
            ("bodies over a cap", arguments.bodies, CLIENTS, lambda i: cases[i % 2](server)),
        ):
            start = time.perf_counter()
            statuses = many(count, clients, work)
            took = time.perf_counter() - start
            rss, threads, files = measured(server, arguments.idle)
            print(f"{count:6} {name:18} {rss:7.0f}  {threads:7}  {files:5}  {took:.0f} s {dict(statuses)}", flush=True)
            if rss > MOST_RSS * first[0]:
                failures.append(f"memory after {name}")
            if threads > first[1] + MOST_MORE or files > first[2] + MOST_MORE:
                failures.append(f"threads or files after {name}")
            if any(isinstance(status, int) and status >= 500 and status != 503 for status in statuses):
                failures.append(f"5xx for {name}")
        if server.request("POST", "/v1/segmentations", GOOD) != 200:
            failures.append("the last request")
        print(f"peak RSS {server.rss_mib('VmHWM'):.0f} MiB")
    finally:
        server.process.kill()
        Path("soak.log").write_text(server.text())
    print("failed: " + ", ".join(failures) if failures else "all within bounds")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
