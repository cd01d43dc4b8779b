#!/usr/bin/env python3
"""TERM while others ask for much: does the process end in time, and is anything left half-written?

    python3 src/function/src/test/python/term.py [--jar JAR] [--heap 1g]

For each input of src/test/resources/budget, a case of many boxes, a large picture, a body that never ends and gzip that
holds a gigabyte: a served process, four clients that send it again and again, TERM after two seconds. Then `segment` over a
folder with that long case, TERM at several moments. Ends with 1 if a process takes more than ten seconds, if anything is left
where bodies lie while they arrive, or if an output is there that cannot be read. Needs numpy.
"""

import argparse
import contextlib
import gzip
import http.client
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from load import BUDGET, GOOD, LARGE, ROOT, STOP_S, Load, Server, npz

CLIENTS = 4
# A case of many boxes that no machine is too slow to be given: what would take ten minutes at the pace so far is refused.
MANY = npz((64, 64), np.tile([8, 8, 50, 50], (3000, 1)))


def post(server: Server, body: bytes, accept: str = "application/x-npz", **headers: str):
    def work() -> int:
        connection = http.client.HTTPConnection("localhost", server.port, timeout=60)
        try:
            types = {"Content-Type": "application/x-npz", "Accept": accept}
            connection.request("POST", "/v1/segmentations", body, types | {k.replace("_", "-"): v for k, v in headers.items()})
            response = connection.getresponse()
            response.read()
            return response.status
        finally:
            connection.close()

    return work


def works() -> dict:
    """What a client of each kind does, by name."""
    bodies = {file.stem: file.read_bytes() for file in sorted(BUDGET.glob("*.npz"))}
    bomb = gzip.compress(bytes(1 << 30), 1)
    made = {name: lambda server, body=body: post(server, body) for name, body in bodies.items()}
    made["long case"] = lambda server: post(server, MANY)
    made["large picture"] = lambda server: post(server, LARGE, "image/png")
    made["gzip of a gigabyte"] = lambda server: post(server, bomb, Content_Encoding="gzip")
    return made


def served(jar: Path, heap: str, name: str, work) -> list[str]:
    with tempfile.TemporaryDirectory() as spool:
        server = Server(jar, [f"-Xmx{heap}", f"-Djava.io.tmpdir={spool}"])
        try:
            server.request("POST", "/v1/segmentations", GOOD)
            load = Load(server)
            if name == "body that never ends":
                for _ in range(CLIENTS):
                    load.every(name, lambda: load.trickle(1))
            else:
                for _ in range(CLIENTS):
                    load.every(name, work(server), 0.05)
            time.sleep(2)
            server.process.send_signal(signal.SIGTERM)
            start = time.perf_counter()
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.process.wait(30)
            took = time.perf_counter() - start
            load.end()
            # Not what the JVM and ONNX Runtime make for themselves, which holds nothing of an image.
            left = [file.name for file in Path(spool).iterdir() if not file.name.startswith(("hsperfdata", "onnxruntime-java"))]
            print(f"{name:36} {took:5.1f} s, status {server.process.returncode}, {dict(load.statuses[name])}", flush=True)
            return [f"{name}: {took:.1f} s"] * (took > STOP_S) + [f"{name}: left behind: {', '.join(sorted(left)[:3])}"] * bool(left)
        finally:
            server.process.kill()


def command_line(jar: Path, heap: str, after: float) -> list[str]:
    with tempfile.TemporaryDirectory() as temporary:
        cases, out = Path(temporary, "cases"), Path(temporary, "out")
        cases.mkdir()
        for number in range(40):
            (cases / f"{number:02}.npz").write_bytes(GOOD)
        (cases / "20-long.npz").write_bytes(MANY)
        command = ["java", f"-Xmx{heap}", "-jar", jar, "segment", cases, "-o", out, "--models", ROOT / "models/bundles", "-q"]
        process = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(after)
        process.send_signal(signal.SIGTERM)
        start = time.perf_counter()
        process.wait(30)
        took = time.perf_counter() - start
        written = sorted(file.name for file in out.iterdir()) if out.exists() else []
        faults = [f"segment after {after} s: {took:.1f} s"] * (took > STOP_S)
        for name in written:
            if name.endswith(".csv"):
                continue
            try:
                assert name.endswith(".npz") and np.load(out / name)["segs"].shape
            except Exception as error:  # whatever it is, it cannot be read
                faults.append(f"segment after {after} s: {name}: {type(error).__name__}")
        print(f"segment, TERM after {after:4.1f} s{'':12} {took:5.1f} s, status {process.returncode}, {len(written)} written", flush=True)
        return faults


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jar", type=Path, default=ROOT / "src/function/target/medficientsam-function-runner.jar")
    parser.add_argument("--heap", default="1g")
    asked = parser.parse_args()
    faults = []
    for name, work in (works() | {"body that never ends": None}).items():
        faults += served(asked.jar, asked.heap, name, work)
    for after in (0.5, 1.5, 2.5, 4, 6, 9):
        faults += command_line(asked.jar, asked.heap, after)
    print("failed: " + ", ".join(faults) if faults else "all ended in time and whole")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
