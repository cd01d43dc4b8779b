#!/usr/bin/env python3
"""Many connections at once, and clients that do not read: what do the others feel?

    python3 src/function/src/test/python/flood.py [--jar JAR] [--heap 1g] [--seconds 6] [--only PART-OF-A-NAME] [-- JAVA OPTION...]

Starts the served jar and lets one flood after the other come over it: sockets that say nothing or only headers, requests sent
without waiting for answers, answers that nobody reads, streams of HTTP/2, bodies of one-byte chunks, gzip bombs, images of many
clients. Beside each, small cases and health are asked for; of both the slowest answer and the statuses are printed, with what the
flood was answered and resident memory. Ends with 1 if health takes more than a second, an answer is 5xx and not 503, small cases
are not answered again within 15 s after a flood, an ERROR is in the log (flood.log), or memory is ever more than the heap and
700 MiB. Needs numpy, an idle machine, and about four minutes.
"""

import argparse
import collections
import gzip
import http.client
import io
import json
import resource
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from load import GOOD, HEALTH_S, LONG, ROOT, Load, Server

OWNER = "Medficientsam-Client"
SEGMENT = b"POST /v1/segmentations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-npz\r\n"
PAGE = b"GET /page/app.js HTTP/1.1\r\nHost: localhost\r\n\r\n"
AGAIN_S = 15
NATIVE_MIB = 700  # ONNX Runtime, the bundle, the JVM itself, answers on their way, and what Netty and the C library keep of them


class Flood:
    """Sockets to one server; what they are answered is counted by status, where it is read."""

    def __init__(self, server: Server):
        self.server = server
        self.sockets: list[socket.socket] = []
        self.answered: collections.Counter = collections.Counter()

    def open(self, small: bool = False) -> socket.socket:
        """small: the least that the system buffers of an answer."""
        opened = socket.socket()
        if small:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        opened.settimeout(30)
        opened.connect(("127.0.0.1", self.server.port))
        self.sockets.append(opened)
        return opened

    def say(self, request: bytes, count: int, small: bool = False) -> None:
        """So many connections that say this and no more."""
        for _ in range(count):
            self.send(self.open(small), request)

    def send(self, to: socket.socket, request: bytes) -> None:
        """As much of it as is taken within a second."""
        to.settimeout(1)
        try:
            to.sendall(request)
        except TimeoutError:
            self.answered["takes no more"] += 1
        except OSError as error:
            self.answered[type(error).__name__] += 1

    def read(self) -> None:
        """What has come by now, the first line of it."""
        for opened in self.sockets:
            opened.settimeout(0.01)
            try:
                first = opened.recv(64).split(b"\r\n")[0]
                self.answered[first[9:12].decode() if first.startswith(b"HTTP/1.") else "closed" if not first else "other"] += 1
            except TimeoutError:
                self.answered["nothing"] += 1
            except OSError as error:
                self.answered[type(error).__name__] += 1

    def close(self) -> None:
        for opened in self.sockets:
            opened.close()


def noise(side: int) -> bytes:
    """A picture that no compression makes smaller, as npy."""
    out = io.BytesIO()
    np.save(out, np.random.default_rng(2).integers(0, 255, (side, side), dtype=np.uint8))
    return out.getvalue()


def kept(server: Server, owner: str, image: bytes) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    try:
        connection.request("POST", "/v1/images", image, {OWNER: owner})
        response = connection.getresponse()
        answer = json.loads(response.read())
        return response.status, answer.get("id", "")
    finally:
        connection.close()


def chunks(body: bytes) -> bytes:
    return SEGMENT + b"Transfer-Encoding: chunked\r\n\r\n" + b"".join(b"1\r\n%c\r\n" % byte for byte in body) + b"0\r\n\r\n"


def streams(count: int, window: int, reset: bool) -> bytes:
    """HTTP/2 from the first byte: so many requests for the page, each reset at once if asked, of which so many bytes are taken."""

    def frame(kind: int, flags: int, stream: int, payload: bytes) -> bytes:
        return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload

    def text(value: bytes) -> bytes:
        return bytes([len(value)]) + value

    # HPACK: GET and http by their numbers, path and authority as literals.
    head = b"\x82\x86\x04" + text(b"/page/app.js") + b"\x01" + text(b"localhost")
    sent = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, struct.pack(">HI", 4, window))
    for number in range(count):
        sent += frame(1, 5, 2 * number + 1, head)
        if reset:
            sent += frame(3, 0, 2 * number + 1, struct.pack(">I", 8))
    return sent


def unread_picture(flood: Flood) -> None:
    _, image = kept(flood.server, "unread", noise(4096))
    request = f"GET /v1/images/{image}/slices/0.png HTTP/1.1\r\nHost: localhost\r\n{OWNER}: unread\r\n\r\n".encode()
    flood.say(request, 150, small=True)


def unread_volume(flood: Flood) -> None:
    out = io.BytesIO()
    np.savez(out, imgs=np.random.default_rng(3).integers(0, 255, (64, 256, 256), dtype=np.uint8), boxes=[[1, 1, 1, 9, 9, 9]])
    _, image = kept(flood.server, "unread", out.getvalue())
    request = f"GET /v1/images/{image}/volume.nii.gz HTTP/1.1\r\nHost: localhost\r\n{OWNER}: unread\r\n\r\n".encode()
    flood.say(request, 300, small=True)


def unread_case(flood: Flood) -> None:
    case = npz_of(1024)
    request = SEGMENT + b"Accept: image/png\r\nContent-Length: %d\r\n\r\n" % len(case) + case
    flood.say(request, 40, small=True)


def npz_of(side: int) -> bytes:
    out = io.BytesIO()
    np.savez(out, imgs=np.random.default_rng(4).integers(0, 255, (side, side), dtype=np.uint8), boxes=[[10, 10, side // 2, side // 2]])
    return out.getvalue()


def many_images(flood: Flood) -> None:
    image = noise(512)

    def post(first: int) -> None:
        for number in range(first, first + 25):
            status, _ = kept(flood.server, f"client{number}", image)
            flood.answered[status] += 1

    threads = [threading.Thread(target=post, args=(25 * part,)) for part in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def bombs(flood: Flood) -> None:
    bomb = gzip.compress(bytes(1 << 30), 1)
    head = SEGMENT + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb)
    threads = [threading.Thread(target=flood.send, args=(flood.open(), head + bomb)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def after_a_long_case(flood: Flood) -> None:
    long = SEGMENT + b"Content-Length: %d\r\n\r\n" % len(LONG) + LONG
    flood.say(long + b"GET /q/health HTTP/1.1\r\nHost: a\r\n\r\n" * 50_000, 1)


UPGRADE = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
FORM = (
    b"POST /v1/segmentations?boxes=1,1,5,5 HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n"
    b"Content-Length: %d\r\n\r\n"
)
PARTS = b"--b\r\nContent-Disposition: form-data; name=f; filename=a\r\n\r\nx\r\n" * 4000 + b"--b--\r\n"

FLOODS: dict[str, Callable[[Flood], None]] = {
    "800 sockets that say nothing": lambda flood: flood.say(b"", 800),
    "800 with headers only": lambda flood: flood.say(SEGMENT + b"Content-Length: 100000\r\n\r\n", 800),
    "800 in the middle of a header": lambda flood: flood.say(b"GET /v1/models HTTP/1.1\r\nHost: local", 800),
    "200 that expect 100-continue": lambda flood: flood.say(SEGMENT + b"Content-Length: 100000\r\nExpect: 100-continue\r\n\r\n", 200),
    "200 queries of 30,000 characters": lambda flood: flood.say(b"GET /v1/models?x=%s HTTP/1.1\r\nHost: a\r\n\r\n" % (b"y" * 30_000), 200),
    "200 queries of a million characters": lambda flood: flood.say(b"GET /?%s HTTP/1.1\r\nHost: a\r\n\r\n" % (b"y" * 1_000_000), 200),
    "200 ranges of the page": lambda flood: flood.say(PAGE[:-2] + b"Range: bytes=" + b"0-," * 4000 + b"0-\r\n\r\n", 200),
    "200 upgrades to websocket": lambda flood: flood.say(b"GET / HTTP/1.1\r\nHost: localhost\r\n" + UPGRADE + b"\r\n", 200),
    "100 conditions on the page": lambda flood: flood.say(PAGE[:-2] + b'If-None-Match: "x"\r\n\r\n', 100),
    "20 forms of 4,000 parts": lambda flood: flood.say(FORM % len(PARTS) + PARTS, 20),
    "20 bodies in one-byte chunks": lambda flood: flood.say(chunks(bytes(200_000)), 20),
    "20 gzip bombs of 1 GiB": bombs,
    "200 images of 200 clients": many_images,
    "1,000 requests at once, 50 times, unread": lambda flood: flood.say(PAGE * 1000, 50, small=True),
    "50,000 requests behind a long case": after_a_long_case,
    "HTTP/2, 1,000 streams, 50 times, unread": lambda flood: flood.say(streams(1000, 0, reset=False), 50, small=True),
    "HTTP/2, 20,000 streams reset": lambda flood: flood.say(streams(20_000, 1 << 20, reset=True), 10),
    "40 cases whose pictures nobody reads": unread_case,
    "150 slices that nobody reads": unread_picture,
    "300 volumes that nobody reads": unread_volume,
}


def beside(server: Server, name: str, come: Callable[[Flood], None], seconds: float) -> list[str]:
    load, flood = Load(server), Flood(server)
    load.good()
    try:
        come(flood)
        time.sleep(seconds)
        flood.read()
    finally:
        flood.close()
        load.end()
    health, good = max(load.seconds["health"]), max(load.seconds["good"])
    statuses = load.statuses["good"]
    print(
        f"{name:42} health at most {health:5.2f} s, small cases {good:5.2f} s {dict(statuses)}, flood {dict(flood.answered)}; "
        f"RSS {server.rss_mib():.0f} MiB, {server.threads()} threads, {server.files()} files",
        flush=True,
    )
    faults = []
    if health > HEALTH_S or set(load.statuses["health"]) != {200}:
        faults.append(f"health: {name}")
    if any(isinstance(status, int) and status >= 500 and status != 503 for status in statuses):
        faults.append(f"5xx: {name}")
    if any(status.isdigit() and int(status) >= 500 and status != "503" for status in map(str, flood.answered)):
        faults.append(f"5xx for the flood: {name}")
    if not answers_again(server):
        faults.append(f"small cases after: {name}")
    return faults


def answers_again(server: Server) -> bool:
    """Whether a small case is answered soon after a flood has gone."""
    end = time.monotonic() + AGAIN_S
    while time.monotonic() < end:
        if server.request("POST", "/v1/segmentations", GOOD) == 200:
            return True
        time.sleep(0.5)
    return False


def mebibytes(heap: str) -> int:
    return int(heap[:-1]) * {"m": 1, "g": 1024}[heap[-1].lower()]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jar", type=Path, default=ROOT / "src/function/target/medficientsam-function-runner.jar")
    parser.add_argument("--heap", default="1g")
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--only", default="")
    parser.add_argument("options", nargs="*", help="further options of java")
    asked = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    server = Server(asked.jar, [f"-Xmx{asked.heap}", *asked.options])
    faults = []
    try:
        for _ in range(5):
            server.request("POST", "/v1/segmentations", GOOD)
        for name, come in FLOODS.items():
            if asked.only in name:
                faults += beside(server, name, come, asked.seconds)
        peak = server.rss_mib("VmHWM")
        print(f"peak RSS {peak:.0f} MiB with a heap of {asked.heap}")
        if peak > mebibytes(asked.heap) + NATIVE_MIB:
            faults.append("memory")
        if '"ERROR"' in server.text():
            faults.append("an ERROR in the log (flood.log)")
        if server.process.poll() is not None:
            faults.append("the service ended")
    finally:
        server.process.kill()
        Path("flood.log").write_text(server.text())
    for fault in faults:
        print("FAULT " + fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
