"""Keeps requests as they came over the wire, for the tests to send again."""

import pathlib
import socket
import threading


class Anything:
    """Whatever a program that is not there would be; not called where it matters."""

    def __init__(self, *args, **kwargs):
        pass

    def __getattr__(self, name):
        return Anything()

    def __call__(self, *args, **kwargs):
        return Anything()


class Recorder:
    """An HTTP/1.1 server that answers `answer(path)`, which is (headers, content), and keeps what it was asked."""

    def __init__(self, answer):
        self.answer = answer
        self.requests = []  # (method, path, head, body)
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            connection, _ = self.listening.accept()
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        received = b""
        while True:
            while b"\r\n\r\n" not in received:
                part = connection.recv(65536)
                if not part:
                    return
                received += part
            head, received = received.split(b"\r\n\r\n", 1)
            lines = head.split(b"\r\n")
            headers = {k.strip().lower(): v.strip() for k, v in (line.split(b":", 1) for line in lines[1:])}
            length = int(headers.get(b"content-length", 0))
            while len(received) < length:
                received += connection.recv(65536)
            body, received = received[:length], received[length:]
            method, path, _ = lines[0].decode().split(" ")
            self.requests.append((method, path, head, body))
            answered, content = self.answer(path)
            answered = "".join(f"{k}: {v}\r\n" for k, v in answered.items())
            connection.sendall(f"HTTP/1.1 200 OK\r\n{answered}Content-Length: {len(content)}\r\n\r\n".encode() + content)

    def save(self, folder):
        """NN_NAME.http in the order they came, the port always 8080."""
        folder = pathlib.Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        for number, (_, path, head, body) in enumerate(self.requests):
            name = path.split("?")[0].strip("/").split("/")[-1]
            head = head.replace(str(self.port).encode(), b"8080")
            (folder / f"{number:02d}_{name}.http").write_bytes(head + b"\r\n\r\n" + body)
