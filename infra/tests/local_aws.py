"""AWS on this machine, as far as it goes: S3, SQS, IAM and Step Functions by moto, and Lambda for real.

moto answers every service but one: ``Invoke`` of a deployed function goes to the unzipped function.zip, running under
AWS's own runtime interface client against the Runtime API served here. So what a test sees is our zip, our state
machine text and our harness; only the services around them are stand-ins.

Run by hand: ``python -m local_aws --zip src/function/target/function.zip --client DIR_OF_RUNTIME_CLIENT_JARS``.
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import re
import subprocess
import tempfile
import threading
import time
import uuid
import zipfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from unittest.mock import patch
from urllib.parse import unquote

HANDLER = "org.medficientsam.function.lambda.SegmentHandler::handleRequest"
RUNTIME_CLIENT_MAIN = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda"
_INVOKE = re.compile(r"^/2015-03-31/functions/([^/]+)/invocations$")
_RUNTIME = "/2018-06-01/runtime/"


@dataclass
class _Invocation:
    payload: bytes
    deadline_ms: int
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    done: threading.Event = field(default_factory=threading.Event)
    answer: bytes = b""
    failed: bool = False


class LocalFunction:
    """One execution environment of one function: the JVM, and the Runtime API it polls.

    Lambda gives an environment one invocation at a time; so does the queue here.
    """

    def __init__(self, task_root: Path, runtime_client: Path, export: str, env: dict[str, str], timeout_s: float = 120):
        if not any(runtime_client.glob("aws-lambda-java-runtime-interface-client-*.jar")):
            raise FileNotFoundError(f"{runtime_client} must hold AWS' runtime interface client: run mvn verify -DskipTests")
        self.timeout_s = timeout_s
        self._pending: queue.Queue[_Invocation] = queue.Queue()
        self._running: dict[str, _Invocation] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        port = self._server.server_address[1]
        self._log = tempfile.NamedTemporaryFile(prefix=f"lambda-{export}-", suffix=".log", delete=False)
        class_path = os.pathsep.join([f"{task_root}/", f"{task_root}/lib/*", f"{runtime_client}/*"])
        self.process = subprocess.Popen(
            ["java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx1g", "-cp", class_path, RUNTIME_CLIENT_MAIN, HANDLER],
            cwd=task_root,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            env={
                **os.environ,
                "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{port}",
                "LAMBDA_TASK_ROOT": str(task_root),
                "_HANDLER": HANDLER,
                "AWS_LAMBDA_FUNCTION_NAME": export,
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1769",
                "QUARKUS_FUNQY_EXPORT": export,
                **env,
            },
        )

    @property
    def log(self) -> str:
        return Path(self._log.name).read_text(errors="replace")

    def invoke(self, payload: bytes) -> tuple[bytes, bool]:
        """Runs one event; returns the answer's bytes and whether it is an error object."""
        invocation = _Invocation(payload, int((time.time() + self.timeout_s) * 1000))
        self._pending.put(invocation)
        while not invocation.done.wait(0.5):
            if self.process.poll() is not None:
                # An answer, as AWS gives it: a failed request would be sent again, for minutes in all.
                return _error("Runtime.ExitError", f"exit status {self.process.returncode}:\n{self.log[-4000:]}"), True
            if time.time() * 1000 > invocation.deadline_ms + 1000:
                return _error("Sandbox.Timedout", "Task timed out"), True
        return invocation.answer, invocation.failed

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self._server.shutdown()
        self._log.close()
        os.unlink(self._log.name)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        function = self

        class RuntimeApi(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args: object) -> None:
                pass

            def do_GET(self) -> None:
                if self.path != _RUNTIME + "invocation/next":
                    self._answer(404)
                    return
                invocation = function._pending.get()
                function._running[invocation.request_id] = invocation
                self._answer(
                    200,
                    invocation.payload,
                    {
                        "Lambda-Runtime-Aws-Request-Id": invocation.request_id,
                        "Lambda-Runtime-Deadline-Ms": str(invocation.deadline_ms),
                        "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:us-east-1:123456789012:function:local",
                        "Lambda-Runtime-Trace-Id": "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0",
                    },
                )

            def do_POST(self) -> None:
                body = self._body()
                self._answer(202, b'{"status":"OK"}')
                *_, request_id, verb = self.path.split("/")
                invocation = function._running.pop(request_id, None)
                if invocation is not None:
                    invocation.answer, invocation.failed = body, verb == "error"
                    invocation.done.set()

            def _body(self) -> bytes:
                if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
                    return self.rfile.read(int(self.headers.get("Content-Length", 0)))
                body = b""
                while size := int(self.rfile.readline().split(b";")[0], 16):
                    body += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
                return body

            def _answer(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
                self.send_response(status)
                for name, value in (headers or {}).items():
                    self.send_header(name, value)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        return RuntimeApi


class LocalAws:
    """An endpoint for AWS_ENDPOINT_URL. Functions are deployed by name with :meth:`deploy`."""

    def __init__(self) -> None:
        # Imported here, so that deploying alone does not need moto.
        from moto.server import DomainDispatcherApplication, create_backend_app
        from moto.core.config import default_user_config
        from werkzeug.serving import make_server

        from moto.stepfunctions.parser.backend.execution import Execution
        from moto.stepfunctions.parser.models import StepFunctionsParserBackend

        self.functions: dict[str, LocalFunction] = {}
        self.invocations: list[str] = []
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._server = make_server("127.0.0.1", 0, self._route, threaded=True)
        # moto's switches are the process's; whoever uses moto after us finds them as they were.
        self._switches = ExitStack()
        for switch in (
            patch.dict(default_user_config, stepfunctions={"execute_state_machine": True}),
            # An execution works on a deep copy of its state machine, which holds its backend and the executions before it, with
            # locks that cannot be copied. Without this a state machine runs once.
            patch.object(Execution, "__deepcopy__", lambda self, memo: self, create=True),
            patch.object(StepFunctionsParserBackend, "__deepcopy__", lambda self, memo: self, create=True),
            # The Step Functions interpreter calls back over HTTP and asks this variable where.
            patch.dict(os.environ, MOTO_PORT=str(self._server.port)),
        ):
            self._switches.enter_context(switch)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.port}"

    def deploy(self, name: str, function: LocalFunction) -> None:
        self.functions[name] = function

    def close(self) -> None:
        for function in self.functions.values():
            function.close()
        self._server.shutdown()
        self._switches.close()

    def _route(self, environ: dict, start_response):  # noqa: ANN001, ANN202 - WSGI
        match = _INVOKE.match(environ["PATH_INFO"])
        function = self.functions.get(_name(unquote(match.group(1)))) if match else None
        if function is None:
            return self._moto(environ, start_response)
        payload = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        self.invocations.append(payload.decode())
        answer, failed = function.invoke(payload or b"{}")
        headers = [("Content-Type", "application/json"), ("X-Amz-Executed-Version", "$LATEST")]
        if failed:
            headers.append(("X-Amz-Function-Error", "Unhandled"))
        start_response("200 OK", headers)
        return [answer]


def _error(kind: str, message: str) -> bytes:
    return json.dumps({"errorType": kind, "errorMessage": message}).encode()


def _name(function: str) -> str:
    """The bare name of a function given by name, ARN, or either with an alias."""
    parts = function.split(":")
    return parts[6] if parts[0] == "arn" else parts[0]


def unzip(function_zip: Path) -> Path:
    task_root = Path(tempfile.mkdtemp(prefix="task-"))
    with zipfile.ZipFile(function_zip) as archive:
        archive.extractall(task_root)
    return task_root


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--zip", type=Path, required=True)
    parser.add_argument("--client", type=Path, required=True)
    arguments = parser.parse_args()
    aws = LocalAws()
    aws.deploy(
        "segment",
        LocalFunction(unzip(arguments.zip), arguments.client.resolve(), "segment", {"AWS_ENDPOINT_URL": aws.url}),
    )
    print(f"export AWS_ENDPOINT_URL={aws.url}", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
