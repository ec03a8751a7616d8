"""Read again every input that grew coverage: `coverage run --branch --source=auditor -m tests.fuzz.replay [HOME]`."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

from tests.fuzz.corpus import ROOT
from tests.fuzz.targets import TARGETS


def main() -> None:
    home = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / ".fuzz"
    for name, run in TARGETS.items():
        for path in sorted((home / "corpus" / name).glob("*")):
            with suppress(Exception):  # what fails is kept where it was found
                run(path.read_bytes())


if __name__ == "__main__":
    main()
