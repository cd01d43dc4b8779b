#!/usr/bin/env python3
"""What others will try: inputs that claim, hide or nest much, and requests that HTTP does not foresee.

    python3 src/function/src/test/python/hostile.py [--jar JAR] [--heap 1g] [--lambda] [--only PART-OF-A-NAME]

Sends each to a service that it starts, to /v1/segmentations and, files of images, to /v1/images too. With --lambda cases go
into events for the unzipped function.zip under AWS' runtime interface client instead (needs what mvn verify leaves in
src/function/target). Prints status, seconds and detail of each, and ends with 1 if one is answered 5xx other than 503, by
something that is no problem+json, or after more than 10 s, or if a good case in between is not answered within a second
(without --lambda, where one event comes after the other). Needs numpy.
"""

import argparse
import base64
import gzip
import http.client
import json
import re
import socket
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

from hostile_inputs import IMAGE, cases, npz, pictures, png, volumes
from load import BUDGET, GOOD, ROOT, Server

SLOWEST_S = 10
GOOD_S = 1
POST = b"POST /v1/segmentations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-npz\r\n"
CASE = npz(imgs=IMAGE, boxes=[[1, 1, 20, 20]])


def multipart(parts: int, head: str = 'Content-Disposition: form-data; name="file"; filename="a.dcm"', end: str = "--") -> bytes:
    return "".join(f"--b\r\n{head}\r\n\r\nx\r\n" for _ in range(parts)).encode() + f"--b{end}\r\n".encode()


def bodies() -> Iterator[tuple[str, str, dict[str, str], bytes]]:
    """Name, path, headers, body of requests that HTTP knows."""
    segment, image = "/v1/segmentations", "/v1/images"
    js = {"Content-Type": "application/json"}
    form = {"Content-Type": "multipart/form-data; boundary=b"}
    npz_gz = {"Content-Type": "application/x-npz", "Content-Encoding": "gzip"}
    for name, body, query in (*cases(), *pictures(), *volumes()):
        yield name, segment + query, {"Content-Type": "application/octet-stream"}, body
        if query:
            yield f"kept: {name}", image, {"Content-Type": "application/octet-stream"}, body
    for path in (segment, image, "/sam/", "/label-studio/predict", "/slicer/upload_image", "/nninteractive/session"):
        yield f"500,000 brackets to {path}", path, js, b"[" * 500_000
        yield f"100,000 objects to {path}", path, js, b'{"input":' * 100_000 + b"1" + b"}" * 100_000
        yield f"number of a million digits to {path}", path, js, b'{"input": ' + b"9" * 1_000_000 + b"}"
        yield f"UTF-16 to {path}", path, js, '{"input": {"npz": "\ud83d"}}'.encode("utf-16", "surrogatepass")
        yield f"nothing to {path}", path, js, b""
    yield "JSON of 24 MB of base64", segment, js, b'{"input": {"npz": "' + b"A" * 24_000_000 + b'"}}'
    yield "S3 of another host", segment, js, b'{"input": {"s3": "s3://../../x"}}'
    yield "10,000 parts", segment + "?boxes=1,1,5,5", form, multipart(10_000)
    yield "parts without an end", segment + "?boxes=1,1,5,5", form, multipart(3, end="")
    yield "parts without a name", segment + "?boxes=1,1,5,5", form, multipart(3, head="X: y")
    yield "part with a header of 1 MB", segment + "?boxes=1,1,5,5", form, multipart(1, head="X: " + "y" * 1_000_000)
    yield "form without a boundary", segment + "?boxes=1,1,5,5", {"Content-Type": "multipart/form-data"}, multipart(3)
    zeros = gzip.compress(bytes(1 << 30), 1)
    yield "gzip of 1 GiB", segment, npz_gz, zeros
    yield "gzip of gzip of 1 GiB", segment, npz_gz, gzip.compress(zeros)
    yield "gzip that ends early", segment, npz_gz, gzip.compress(CASE)[:-20]
    yield "gzip, 100,000 members", segment, npz_gz, gzip.compress(b"") * 100_000 + gzip.compress(CASE)
    yield "gzip that is none", segment, npz_gz, CASE
    yield "brotli", segment, {"Content-Type": "application/x-npz", "Content-Encoding": "br"}, CASE
    for box in ("NaN,NaN,NaN,NaN", "1e308,0,1e309,5", "-5,-5,-1,-1", ",,,", "1,2,3", "0x1,0,5,5", "1;2;3;4", "%00", "5,5,1,1"):
        body = png(32, 32, bytes(33 * 32))
        yield f"?boxes={box}", f"{segment}?boxes={box}", {"Content-Type": "image/png"}, body
    names = ("format=%00", "format=npz&format=json", "model=../../etc", "rules=%27")
    for query in (*names, "threshold=NaN", "threshold=1e999", "window=NaN,NaN", "window=5,1"):
        yield f"?{query}", f"{segment}?{query}", {"Content-Type": "application/x-npz"}, CASE


def raw() -> Iterator[tuple[str, bytes]]:
    """Name and bytes of requests that HTTP does not foresee."""
    yield "two lengths that differ", POST + b"Content-Length: 5\r\nContent-Length: 900\r\n\r\nhello"
    yield "length and chunks", POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    yield "length of -1", POST + b"Content-Length: -1\r\n\r\n"
    yield "length of 10^30", POST + b"Content-Length: 1" + b"0" * 30 + b"\r\n\r\n"
    yield "chunk of 2^64-1", POST + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx"
    yield "chunk of -5", POST + b"Transfer-Encoding: chunked\r\n\r\n-5\r\nx"
    yield (
        "chunks of one byte",
        POST + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + b"".join(b"1\r\n%c\r\n" % byte for byte in CASE) + b"0\r\n\r\n",
    )
    yield "chunk with an extension of 1 MB", POST + b"Transfer-Encoding: chunked\r\n\r\n1;" + b"x" * 1_000_000 + b"\r\nx\r\n0\r\n\r\n"
    yield "trailers of 1 MB", POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n" + b"A: b\r\n" * 150_000 + b"\r\n"
    yield "expects 200-ok", POST + b"Content-Length: 5\r\nExpect: 200-ok\r\nConnection: close\r\n\r\nhello"
    yield "100 GETs at once", b"GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n" * 100
    yield "POST and GET at once", POST + b"Content-Length: %d\r\n\r\n" % len(CASE) + CASE + b"GET /v1/models HTTP/1.1\r\nHost: a\r\n\r\n"
    get = b"GET /v1/models HTTP/1.1\r\nHost: a\r\n"
    key = b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
    yield "websocket", get + b"Connection: Upgrade\r\nUpgrade: websocket\r\n" + key + b"\r\n"
    h2c = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"
    yield "h2c", get + h2c + b"\r\n"
    yield "h2c for a POST", POST + h2c + b"Content-Length: 5\r\n\r\nhello"
    yield "HTTP/2 at once", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\x00\x00\x00\x04\x00\x00\x00\x00\x00" * 5000
    yield "TLS", b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03" + bytes(154)
    yield "noise", bytes(range(256)) * 40
    yield "a line without an end", b"GET /" + b"a" * 200_000
    yield "HTTP/1.0", b"GET /v1/models HTTP/1.0\r\n\r\n"
    yield "HTTP/9.9", b"GET /v1/models HTTP/9.9\r\nHost: a\r\n\r\n"
    yield "no host", b"GET /v1/models HTTP/1.1\r\nConnection: close\r\n\r\n"
    yield "whole address", b"GET http://elsewhere.example/v1/models HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    yield "2,000 headers", b"GET /v1/models HTTP/1.1\r\nHost: a\r\n" + b"A: b\r\n" * 2000 + b"\r\n"
    yield "header without a colon", b"GET /v1/models HTTP/1.1\r\nHost: a\r\nwhat\r\n\r\n"
    yield "header with a nought byte", b"GET /v1/models HTTP/1.1\r\nHost: a\r\nX: \x00\r\n\r\n"
    for method in (b"HEAD", b"OPTIONS", b"TRACE", b"PUT", b"DELETE", b"PATCH", b"CONNECT", b"WHAT", b"get"):
        for path in (b"/v1/segmentations", b"/v1/models", b"/v1/images/x", b"*"):
            yield (method + b" " + path).decode(), method + b" " + path + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    for path in (
        b"//",
        b"/%zz",
        b"/%00",
        b"/v1/../v1/models",
        b"/v1/models/",
        b"/v1/images/..%2f..%2fetc",
        b"/q/../etc",
        b"/v1/segmentations;a=b",
    ):
        yield "GET " + path.decode(), b"GET " + path + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


class Table:
    """Prints each answer and keeps what is wrong with it."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.count = 0
        self.slowest = (0.0, "")

    def add(self, name: str, status: object, seconds: float, detail: str, kind: str | None = None) -> None:
        self.count += 1
        self.slowest = max(self.slowest, (seconds, name))
        print(f"{status!s:>12} {seconds:6.2f} s  {name[:60]:60} {detail[:150]}", flush=True)
        if isinstance(status, int) and status >= 500 and status != 503:
            self.faults.append(f"{status}: {name}")
        if seconds > SLOWEST_S:
            self.faults.append(f"slow: {name}")
        if kind is not None and kind != "application/problem+json":
            self.faults.append(f"no problem+json ({kind}): {name}")

    def end(self) -> int:
        print(f"{self.count} inputs, the slowest {self.slowest[0]:.1f} s ({self.slowest[1]})")
        for fault in self.faults:
            print("FAULT " + fault)
        return 1 if self.faults else 0


def send(server: Server, path: str, headers: dict[str, str], body: bytes) -> tuple[object, str, str | None]:
    connection = http.client.HTTPConnection("localhost", server.port, timeout=60)
    try:
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        answer, kind = response.read(), response.getheader("Content-Type", "")
        if response.status < 300:
            return response.status, f"{kind} {len(answer)} bytes", None
        detail = answer.decode("utf-8", "replace")
        if kind == "application/problem+json":
            detail = json.loads(answer).get("detail", "")
        # Plug-ins of others are told in words that they show.
        foreign = path.startswith(("/sam", "/slicer", "/nninteractive", "/label-studio"))
        return response.status, detail, None if foreign else kind
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__, "", None
    finally:
        connection.close()


def speak(server: Server, request: bytes) -> tuple[object, str]:
    with socket.create_connection(("localhost", server.port), timeout=8) as connection:
        answer = b""
        try:
            connection.sendall(request)
            connection.settimeout(2)
            while part := connection.recv(65536):
                answer += part
        except OSError:
            pass
    statuses = re.findall(rb"HTTP/1\.[01] (\d\d\d)", answer)
    if not statuses:
        return "closed" if not answer else "other", ""
    detail = re.search(rb'"detail":"([^"]*)', answer)
    return int(statuses[0]), f"{len(statuses)} answers" + (": " + detail.group(1).decode() if detail else "")


def served(table: Table, jar: Path, heap: str, only: str) -> None:
    server = Server(jar, [f"-Xmx{heap}"])
    try:
        for _ in range(5):
            server.request("POST", "/v1/segmentations", GOOD)
        for name, path, headers, body in bodies():
            if only in name:
                start = time.perf_counter()
                status, detail, kind = send(server, path, headers, body)
                table.add(name, status, time.perf_counter() - start, detail, kind)
                good(table, server, name)
        for name, request in raw():
            if only in name:
                start = time.perf_counter()
                status, detail = speak(server, request)
                table.add(name, status, time.perf_counter() - start, detail)
                good(table, server, name)
        print(f"peak RSS {server.rss_mib('VmHWM'):.0f} MiB with a heap of {heap}, {server.threads()} threads, {server.files()} files")
        if '"ERROR"' in server.text():
            table.faults.append("an ERROR in the log (hostile.log)")
    finally:
        server.process.kill()
        Path("hostile.log").write_text(server.text())


def good(table: Table, server: Server, name: str) -> None:
    start = time.perf_counter()
    try:
        status: object = server.request("POST", "/v1/segmentations", GOOD)
    except OSError as error:
        status = type(error).__name__
    took = time.perf_counter() - start
    if status != 200 or took > GOOD_S:
        table.faults.append(f"a good case after {name}: {status}, {took:.1f} s")


def through_lambda(table: Table, only: str) -> None:
    sys.path.insert(0, str(ROOT / "infra/tests"))
    from local_aws import LocalFunction

    with tempfile.TemporaryDirectory() as task:
        zipfile.ZipFile(ROOT / "src/function/target/function.zip").extractall(task)
        function = LocalFunction(Path(task), ROOT / "src/function/target/lambda-runtime", "segment", {}, timeout_s=30)
        try:
            budget = [(file.stem, file.read_bytes(), "") for file in sorted(BUDGET.glob("*.npz"))]
            for name, npz_bytes, _ in [("good", GOOD, ""), *budget, *cases(), *pictures(), *volumes(), ("good again", GOOD, "")]:
                event = json.dumps({"input": {"npz": base64.b64encode(npz_bytes).decode()}, "output": {"inline": True}}).encode()
                if only not in name or len(event) > 6 << 20:
                    continue
                start = time.perf_counter()
                answer, failed = function.invoke(event)
                outcome = json.loads(answer)
                kind = outcome.get("errorType", "").rpartition("$")[2] if failed else "answered"
                table.add(name, kind, time.perf_counter() - start, outcome.get("errorMessage", ""))
                if kind in ("Internal", "ExitError", "") or kind.startswith(("Sandbox", "Runtime")):
                    table.faults.append(f"{kind}: {name}")
                if name.startswith("good") and failed:
                    table.faults.append(name)
        finally:
            Path("hostile-lambda.log").write_text(function.log)
            function.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jar", type=Path, default=ROOT / "src/function/target/medficientsam-function-runner.jar")
    parser.add_argument("--heap", default="1g")
    parser.add_argument("--lambda", action="store_true", dest="through_lambda")
    parser.add_argument("--only", default="")
    asked = parser.parse_args()
    table = Table()
    if asked.through_lambda:
        through_lambda(table, asked.only)
    else:
        served(table, asked.jar, asked.heap, asked.only)
    return table.end()


if __name__ == "__main__":
    sys.exit(main())
