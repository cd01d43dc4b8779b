#!/usr/bin/env python3
"""Whether one client can take the service from the others: every script here that tries, one after the other, and one table.

    python3 src/function/src/test/python/budget.py [--short] [--out FOLDER]

Takes 75 minutes on two idle processors, 15 with --short (the same clients for less long; its memory says little). Needs what
`mvn verify` leaves in src/function/target, and numpy. The logs lie in FOLDER (budget-runs). Ends with 1 if one of them does.
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
RUNS: dict[str, tuple[list[str], list[str]]] = {  # name: (whole, short)
    "good clients beside bad ones": (["load.py", "--seconds", "60"], ["load.py", "--seconds", "10", "--idle", "10"]),
    "TERM under each input": (["term.py"], ["term.py"]),
    "inputs and requests of others": (["hostile.py"], ["hostile.py"]),
    "the same through Lambda": (["hostile.py", "--lambda"], ["hostile.py", "--lambda"]),
    "what is left, as the launcher starts it": (
        ["soak.py"],
        ["soak.py", "--switches", "20", "--abandoned", "50", "--bodies", "200", "--idle", "30"],
    ),
    "what is left, bare java -jar": (
        ["soak.py", "--arenas", "0"],
        ["soak.py", "--arenas", "0", "--switches", "20", "--abandoned", "50", "--bodies", "200", "--idle", "30"],
    ),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--out", type=Path, default=Path("budget-runs"))
    asked = parser.parse_args()
    rows = []
    for name, (whole, short) in RUNS.items():
        script, *options = short if asked.short else whole
        folder = asked.out / name.replace(" ", "-").replace(",", "")
        folder.mkdir(parents=True, exist_ok=True)
        start = time.monotonic()
        with (folder / "output.txt").open("w") as output:
            status = subprocess.run(
                [sys.executable, HERE.resolve() / script, *options], cwd=folder, stdout=output, stderr=subprocess.STDOUT
            ).returncode
        minutes = (time.monotonic() - start) / 60
        lines = (folder / "output.txt").read_text().splitlines()
        faults = [line for line in lines if line.startswith(("FAULT", "failed"))]
        said = "; ".join(faults) or (lines[-1] if lines else "")
        rows.append((name, "holds" if status == 0 else "FAILS", minutes, said))
        print(f"{rows[-1][1]}: {name}, {minutes:.1f} min", flush=True)
    print("\n| what | | min | said |\n| --- | --- | ---: | --- |")
    for name, verdict, minutes, said in rows:
        print(f"| {name} | {verdict} | {minutes:.1f} | {said} |")
    return 0 if all(verdict == "holds" for _, verdict, _, _ in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
