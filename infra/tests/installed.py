"""The program that is unpacked from the archive, and how to run it."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "src/samples/2D_sample_lesion.npz"


def run(*command: object, **options) -> subprocess.CompletedProcess:
    return subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, timeout=300, **options
    )


def program(home: Path) -> Path:
    return home / "bin/medficientsam"
