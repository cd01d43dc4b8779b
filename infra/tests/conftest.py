"""What is installed from the archive. Needs what `mvn package` leaves in infra/distribution/target."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from installed import ROOT, program, run


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked archive, in a folder with a space and without archives of classes."""
    archives = sorted((ROOT / "infra/distribution/target").glob("*-linux-x64.tar.gz"))
    assert archives, "mvn package must have made the distribution"
    folder = tmp_path_factory.mktemp("installed here")
    # Anybody may read it: pytest's own folders are private.
    for parent in (folder, *folder.parents):
        if parent.owner() == folder.owner() and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o055)
    with tarfile.open(archives[-1]) as tar:
        tar.extractall(folder, filter="tar")
    (unpacked,) = folder.iterdir()
    return unpacked


@pytest.fixture(scope="session")
def installed(home: Path) -> Path:
    done = run(program(home), "install")
    assert done.returncode == 0, done.stderr
    names = sorted(file.name.split("-")[0] for file in (home / "archive").iterdir())
    assert names == ["checked", "graphs", "segment", "serve"]
    return home


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder that anybody may write to."""
    for parent in (tmp_path, *tmp_path.parents[:2]):
        parent.chmod(0o755)
    folder = tmp_path / "out"
    folder.mkdir()
    folder.chmod(0o777)
    return folder
