"""What the launcher itself does: which Java, which locale, help, versions, completion."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from installed import SAMPLE, program, run


def fake_java(folder: Path, release: str) -> dict[str, str]:
    """A Java that only says what it is, as its release file does."""
    (folder / "bin").mkdir(parents=True)
    (folder / "bin/java").write_text("#!/bin/sh\nexit 99\n")
    (folder / "bin/java").chmod(0o755)
    (folder / "release").write_text(release)
    return {**os.environ, "JAVA_HOME": str(folder)}


def test_wrong_javas_are_told_in_one_line(home: Path, tmp_path: Path) -> None:
    for name, release, words in (
        ("musl", 'JAVA_VERSION="21.0.1"\nLIBC="musl"\n', "needs glibc"),
        ("old", 'JAVA_VERSION="11.0.2"\n', "needs Java 17 or newer, found 11"),
    ):
        done = run(program(home), "segment", SAMPLE, "-o", tmp_path / "x.npz", env=fake_java(tmp_path / name, release))
        assert done.returncode == 1
        assert done.stderr.count("\n") == 1 and words in done.stderr
    none = run(program(home), "segment", env={**os.environ, "JAVA_HOME": str(tmp_path / "none")})
    assert none.returncode == 1 and "JAVA_HOME" in none.stderr


def test_completes_commands_and_options(home: Path) -> None:
    script = f"""
      eval "$('{program(home)}' completion)"
      COMP_WORDS=(medficientsam seg); COMP_CWORD=1; _complete_medficientsam; echo "${{COMPREPLY[@]}}"
      COMP_WORDS=(medficientsam segment --res); COMP_CWORD=2; _complete_medficientsam; echo "${{COMPREPLY[@]}}"
    """
    done = run("bash", "-c", script)
    assert done.stdout.split() == ["segment", "--resume"], done.stdout + done.stderr


def test_version_and_help_start_no_java(home: Path) -> None:
    environment = {**os.environ, "PATH": "/usr/bin:/bin", "JAVA_HOME": "/nowhere"}
    assert run(program(home), "--version", env=environment).stdout.startswith("medficientsam ")
    assert "segment" in run(program(home), "help", env=environment).stdout
    assert run(program(home), "fly", env=environment).returncode == 2
    for command in ("serve", "install", "completion"):
        assert run(program(home), command, "--help", env=environment).stdout.startswith("Usage: medficientsam ")
        refused = run(program(home), command, "--port=9", env=environment)
        assert refused.returncode == 2 and refused.stdout == "" and refused.stderr.count("\n") == 1
        assert "got --port=9" in refused.stderr


@pytest.mark.parametrize("command", [("segment",), ("eval",), ("eval", "run"), ("eval", "evaluate")])
def test_every_command_tells_its_version(home: Path, command: tuple[str, ...]) -> None:
    told = run(program(home), *command, "--version")
    assert f"medficientsam {told.stdout}" == run(program(home), "--version").stdout


@pytest.mark.parametrize("locale", [{}, {"LANG": "C"}, {"LC_ALL": "POSIX", "LANG": "en_US.UTF-8"}, {"LANG": "de_DE.utf8"}])
def test_names_in_any_script_are_read_whatever_the_locale(home: Path, tmp_path: Path, locale: dict[str, str]) -> None:
    environment = {key: value for key, value in os.environ.items() if key != "LANG" and not key.startswith("LC_")} | locale
    folder = tmp_path / "Bilder \u00e4"
    folder.mkdir()
    shutil.copy(SAMPLE, folder / "L\u00e4sion \u75c5.npz")
    one = run(program(home), "segment", folder / "L\u00e4sion \u75c5.npz", "-o", tmp_path / "\u00f6.npz", "-q", env=environment)
    assert one.returncode == 0, one.stderr
    many = run(program(home), "segment", folder, "-o", tmp_path / "out", "-q", env=environment)
    assert many.returncode == 0, many.stderr
    assert (tmp_path / "out/L\u00e4sion \u75c5.npz").read_bytes() == (tmp_path / "\u00f6.npz").read_bytes()
