"""What is installed from the archive works from anywhere, as anybody, where nothing may be written, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from installed import ROOT, SAMPLE, program, run

READ_ONLY = Path(__file__).with_name("readonly.sh")


def files(folder: Path) -> dict[Path, tuple[int, int]]:
    return {path: (s.st_size, s.st_mtime_ns) for path in sorted(folder.rglob("*")) if (s := path.lstat())}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_segments_read_only_as_another_user(installed: Path, out: Path) -> None:
    before, temporary = files(installed), set(Path("/tmp").iterdir())

    done = run(READ_ONLY, out, 12345, program(installed), "segment", SAMPLE, "-o", out / "segs.npz")

    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert [path.name for path in out.iterdir()] == ["segs.npz"]
    assert files(installed) == before
    assert not [path for path in set(Path("/tmp").iterdir()) - temporary if "onnxruntime" in path.name]
    plain = run("java", "-jar", installed / "lib/segment/medficientsam-segmenter.jar", SAMPLE, "-o", out / "plain.npz", "-q")
    assert plain.returncode == 0, plain.stderr
    assert (out / "plain.npz").read_bytes() == (out / "segs.npz").read_bytes()


@contextmanager
def serving(installed: Path, out: Path, port: int, spool: Path | None = None) -> Iterator[Callable[[str], bytes]]:
    """The service where nothing may be written, as another user; gives what a path answers. It must end without complaint, but for a
    place where large bodies may lie, if there is none."""
    process = subprocess.Popen(
        [READ_ONLY, out, "12345", program(installed), "serve"],
        env={
            **os.environ,
            "QUARKUS_HTTP_PORT": str(port),
            "QUARKUS_HTTP_HOST": "127.0.0.1",
            "MEDFICIENTSAM_JAVA_OPTIONS": f"-Djava.io.tmpdir={spool}" if spool else "",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        base = f"http://127.0.0.1:{port}"
        wait_for(process, base + "/q/health/ready")
        yield lambda path: urllib.request.urlopen(base + path, timeout=60).read()
    finally:
        process.terminate()
        log, _ = process.communicate(timeout=60)
    assert "Exception" not in log
    assert ("bodies above 1 MiB will be refused" in log) == (spool is None)


def test_serves_read_only_as_another_user(installed: Path, out: Path) -> None:
    port = free_port()
    with serving(installed, out, port) as get:
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/v1/segmentations", SAMPLE.read_bytes(), {"Content-Type": "application/x-npz"}
        )
        segs = urllib.request.urlopen(request, timeout=60).read()
        run(program(installed), "segment", SAMPLE, "-o", out / "segs.npz", "-q")
        assert segs == (out / "segs.npz").read_bytes()
        check_dashboard(get("/q/metrics").decode())


def test_serves_large_bodies_where_they_may_lie_and_leaves_nothing_there(installed: Path, out: Path, tmp_path: Path) -> None:
    case = tmp_path / "stored.npz"
    with zipfile.ZipFile(ROOT / "src/samples/3D_sample_organs.npz") as sample, zipfile.ZipFile(case, "w") as stored:
        for name in sample.namelist():
            stored.writestr(name, sample.read(name))
        head = "{'descr': '|u1', 'fortran_order': False, 'shape': (2097152,), }".ljust(117) + "\n"
        stored.writestr("notes.npy", b"\x93NUMPY\x01\x00\x76\x00" + head.encode() + bytes(2 << 20))
    assert case.stat().st_size > 2 << 20
    port = free_port()
    with serving(installed, out, port, spool=out):
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/v1/segmentations", case.read_bytes(), {"Content-Type": "application/x-npz"}
        )
        segs = urllib.request.urlopen(request, timeout=120).read()
    assert list(out.iterdir()) == []
    run(program(installed), "segment", ROOT / "src/samples/3D_sample_organs.npz", "-o", out / "segs.npz", "-q")
    assert segs == (out / "segs.npz").read_bytes()


def wait_for(process: subprocess.Popen, url: str) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise AssertionError(process.communicate()[0])
        try:
            urllib.request.urlopen(url, timeout=5)
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("does not serve")


def check_dashboard(metrics: str) -> None:
    """Every name that the dashboard asks for is one that the service gives after a case."""
    import re

    given = {re.split(r"[ {]", line)[0] for line in metrics.splitlines() if not line.startswith("#")}
    board = json.loads((ROOT / "infra/server/grafana/dashboard.json").read_text())
    asked = {
        name
        for panel in board["panels"]
        for target in panel["targets"]
        for name in re.findall(r"\b((?:medficientsam|jvm|http|process)_\w+)", target["expr"])
    }
    assert len(asked) >= 12
    assert asked <= given, asked - given


def test_evaluates_read_only_as_another_user(installed: Path, out: Path) -> None:
    done = run(
        READ_ONLY, out, 12345, program(installed), "eval", "phantoms", "--out", out / "phantoms", "--cases", 1, "--modality", "Dermoscopy"
    )
    assert done.returncode == 0, done.stderr
    data = f"path:{out / 'phantoms'}"
    jar = installed / "lib/serve/medficientsam-function-runner.jar"
    for target in ("cold", "warm"):
        done = run(
            READ_ONLY, out, 12345, program(installed), "eval", "run",
            "--dataset", data, "--target", f"{target}:{jar}", "--out", out / target,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
    (bundle,) = (installed / "models/bundles").iterdir()
    compared = run(
        READ_ONLY, out, 12345, program(installed), "eval", "evaluate", out / "phantoms", "--model", bundle.name, "--out", out / "compared"
    )
    assert compared.returncode == 0, compared.stdout + compared.stderr
    assert list((out / "compared").rglob("report.html"))


def test_evaluates_without_a_trace_in_the_temporary_folder(installed: Path, tmp_path: Path) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    environment = {**os.environ, "MEDFICIENTSAM_JAVA_OPTIONS": f"-Djava.io.tmpdir={temporary}"}
    done = run(program(installed), "eval", "phantoms", "--out", tmp_path / "phantoms", "--cases", 1, env=environment)
    assert done.returncode == 0, done.stderr
    assert list(temporary.iterdir()) == []


def test_first_run_makes_its_archive_where_it_may_and_says_nothing(home: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(home, copy, symlinks=True, ignore=shutil.ignore_patterns("archive"))
    link = tmp_path / "medficientsam"
    link.symlink_to("copy/bin/medficientsam")

    done = run(link, "segment", SAMPLE, "-o", tmp_path / "segs.npz", cwd=tmp_path)

    assert done.returncode == 0 and done.stderr == "", done.stderr
    made = files(copy / "archive")
    assert sorted(path.name.split("-")[0] for path in (copy / "archive").iterdir()) == ["checked", "graphs", "segment"]
    assert run(link, "segment", SAMPLE, "-o", tmp_path / "segs.npz").returncode == 0
    assert files(copy / "archive") == made


def test_bundle_that_was_changed_after_it_was_checked_is_refused(installed: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(installed, copy, symlinks=True)
    assert run(program(copy), "install", "segment").returncode == 0
    (encoder,) = copy.glob("models/bundles/*/encoder.onnx")
    before = encoder.stat()
    with encoder.open("r+b") as file:
        file.seek(before.st_size // 2)
        byte = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte[0] ^ 1]))
    os.utime(encoder, ns=(before.st_atime_ns, before.st_mtime_ns))

    done = run(program(copy), "segment", SAMPLE, "-o", tmp_path / "segs.npz")

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1 and "encoder.onnx must have sha256" in done.stderr, done.stderr
    assert not (tmp_path / "segs.npz").exists()


def test_plain_jars_leave_nothing_in_the_temporary_folder(tmp_path: Path) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    jars = tmp_path / "jars"
    shutil.copytree(ROOT / "src/segmenter/target/lib", jars / "lib", ignore=shutil.ignore_patterns("ai"))
    shutil.copy(ROOT / "src/segmenter/target/medficientsam-segmenter.jar", jars)

    for jar in (jars / "medficientsam-segmenter.jar", ROOT / "src/function/target/medficientsam-function-runner.jar"):
        done = run(
            "java", f"-Djava.io.tmpdir={temporary}", "-XX:-UsePerfData", "-jar", jar, "segment", SAMPLE, "-q",
            "--models", ROOT / "models/bundles", "-o", tmp_path / "segs.npz",
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert list(temporary.iterdir()) == []


def test_plain_jar_says_that_it_needs_a_temporary_folder(tmp_path: Path) -> None:
    jars = tmp_path / "jars"
    shutil.copytree(ROOT / "src/segmenter/target/lib", jars / "lib", ignore=shutil.ignore_patterns("ai"))
    shutil.copy(ROOT / "src/segmenter/target/medficientsam-segmenter.jar", jars)
    done = run(
        "java", "-Djava.io.tmpdir=/proc/nowhere", "-jar", jars / "medficientsam-segmenter.jar", SAMPLE, "-q",
        "--models", ROOT / "models/bundles", "-o", tmp_path / "segs.npz",
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1 and "java.io.tmpdir" in done.stderr


@pytest.mark.parametrize(
    "jar", ["src/segmenter/target/medficientsam-segmenter.jar", "src/function/target/medficientsam-function-runner.jar"]
)
def test_jar_copied_alone_says_in_one_line_what_it_lacks(jar: str, tmp_path: Path) -> None:
    shutil.copy(ROOT / jar, tmp_path / "alone.jar")
    for arguments in ([], ["segment", SAMPLE, "-o", tmp_path / "segs.npz"]):
        done = run("java", "-jar", tmp_path / "alone.jar", *arguments)
        assert done.returncode == 1
        assert done.stderr.count("\n") == 1 and "lib/ must lie beside it" in done.stderr, done.stderr


def test_models_are_found_from_anywhere_and_missing_ones_are_told(installed: Path, tmp_path: Path) -> None:
    missing = run(program(installed), "segment", SAMPLE, "-o", tmp_path / "x.npz", "--model", "none", cwd=tmp_path)
    assert missing.returncode == 2
    for place in ("models/bundles beside the program", "in the working directory", "--models", "MEDFICIENTSAM_BUNDLES"):
        assert place in missing.stderr
    assert str(installed) not in missing.stderr
    other = tmp_path / "bundles"
    shutil.copytree(installed / "models/bundles", other)
    environment = {**os.environ, "MEDFICIENTSAM_BUNDLES": str(other)}
    named = run(program(installed), "segment", SAMPLE, "-o", tmp_path / "x.npz", "--model", "none", env=environment)
    assert "MEDFICIENTSAM_BUNDLES" in named.stderr and "beside" not in named.stderr


@pytest.mark.parametrize(("platform", "machine"), [("linux-x64", 62), ("linux-aarch64", 183)])
def test_natives_are_of_their_platform(platform: str, machine: int) -> None:
    (jar,) = (ROOT / "src/segmenter/target/lib").glob("onnxruntime-*.jar")
    with zipfile.ZipFile(jar) as natives:
        for name in ("libonnxruntime.so", "libonnxruntime4j_jni.so"):
            header = natives.read(f"ai/onnxruntime/native/{platform}/{name}")[:20]
            # ELF, 64 bits, little-endian, e_machine.
            assert header[:6] == b"\x7fELF\x02\x01"
            assert int.from_bytes(header[18:20], "little") == machine
