"""Runs over a folder with the installed program: killed, resumed, shared."""

from __future__ import annotations

import shutil
import signal
import subprocess
import time
from pathlib import Path

from installed import ROOT, SAMPLE, program, run


def test_run_that_is_killed_goes_on_and_does_nothing_twice(installed: Path, out: Path, tmp_path: Path) -> None:
    cases = tmp_path / "cases"
    cases.mkdir()
    count = 80
    for number in range(count):
        shutil.copy(ROOT / "src/samples/2D_sample_lesion.npz", cases / f"{number:03}.npz")
    (cases / "bad.npz").write_bytes(b"no zip")
    command = [program(installed), "segment", cases, "-o", out, "--resume", "--jobs", "2", "-q"]
    kept: dict[str, int] = {}
    kills = 0
    for delay in (0.9, 1.3, 1.7, 1.1):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(delay)
        kills += process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.wait()
        for file in out.glob("*.npz"):
            kept.setdefault(file.name, file.stat().st_mtime_ns)

    done = run(*command)

    assert kills >= 2
    assert done.returncode == 1  # bad.npz
    assert f"{count} of {count + 1} cases" in done.stdout and "failed: bad.npz" in done.stdout
    whole = run(program(installed), "segment", SAMPLE, "-o", tmp_path / "whole.npz", "-q")
    assert whole.returncode == 0
    expected = (tmp_path / "whole.npz").read_bytes()
    assert sorted(file.name for file in out.glob("*.npz")) == [f"{number:03}.npz" for number in range(count)]
    assert all(file.read_bytes() == expected for file in out.glob("*.npz"))
    assert not list(out.glob("*.part"))
    for name, written in kept.items():
        assert (out / name).stat().st_mtime_ns == written, f"{name} was done twice"
    rows = [line.split(",") for line in (out / "cases.csv").read_text().splitlines()[1:]]
    segmented = [row[0] for row in rows if row[1] == "segmented"]
    assert len(segmented) == len(set(segmented))


def test_shards_share_a_folder_and_another_model_is_refused(installed: Path, out: Path, tmp_path: Path) -> None:
    cases = tmp_path / "cases"
    cases.mkdir()
    for number in range(5):
        shutil.copy(SAMPLE, cases / f"{number}.npz")
    for shard, names in (("1/2", {"0.npz", "2.npz", "4.npz"}), ("2/2", {"1.npz", "3.npz"})):
        before = {file.name for file in out.glob("*.npz")}
        done = run(program(installed), "segment", cases, "-o", out, "--resume", "--shard", shard, "-q")
        assert done.returncode == 0, done.stderr
        assert {file.name for file in out.glob("*.npz")} - before == names
    other = run(
        program(installed), "segment", cases, "-o", out, "--resume", "--shard", "1/2", "--rules", "medficientsam", "-q"
    )
    assert other.returncode == 2 and "alone to be resumed" in other.stderr
    assert run(program(installed), "segment", cases, "-o", out, "--shard", "3/2").returncode == 2
