"""What an audit costs: `python -m tests.bench REPOSITORY... [--history REPOSITORY] [--rounds N] [--write]`.

Each REPOSITORY is a folder; its files are copied and measured there. Everything is told as a ratio to a program that was
run in the same minute, because seconds tell more of the machine. `--write` puts the page and the picture into docs/.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from datetime import date
from pathlib import Path

from tests.bench import cases
from tests.bench.page import page
from tests.bench.picture import drawn
from tests.bench.stages import stages
from tests.bench.yard import Yard

_DOCS = Path(__file__).parent.parent.parent / "docs"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__.splitlines()[0])
    parser.add_argument("repositories", nargs="+", type=Path, metavar="REPOSITORY")
    parser.add_argument("--history", type=Path, action="append", default=[], metavar="REPOSITORY")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="auditor-bench-") as folder:
        yard = Yard(Path(folder))
        copies = [yard.copy(source) for source in given.repositories]
        scans = []
        for copy in copies:
            print(f"{copy.name}: {len(copy.files)} files, {copy.megabytes:.1f} MB", file=sys.stderr)
            scans.append(cases.scan(yard, copy, given.rounds))
            scans[-1].stages = stages(yard, copy)
        result = page(
            date.today(),
            cases.machine(),
            sorted(scans, key=lambda scan: scan.dense),
            cases.hook(yard, sorted(copies, key=lambda copy: copy.size)[len(copies) // 2], given.rounds),
            {repository: cases.history(yard, repository, given.rounds) for repository in given.history},
            list(cases.portfolio(yard, copies, given.rounds)),
        )
    print(result)
    if given.write:
        (_DOCS / "benchmarks.md").write_text(result, "utf-8")
        (_DOCS / "benchmarks.svg").write_text(drawn(scans), "utf-8")


if __name__ == "__main__":
    main()
