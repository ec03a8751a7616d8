"""`python -m tests.faults.run [--write]` prints the table of faults; with --write it takes its place in docs/security-evidence.md."""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

from tests.evidence import put, table
from tests.faults.cases import CASES, NotHere, made


def main() -> None:
    rows = []
    for name, case in CASES.items():
        with tempfile.TemporaryDirectory(prefix="auditor-faults-") as folder:
            begun = time.monotonic()
            try:
                said = case(made(Path(folder)))
            except NotHere as reason:
                said = f"not tried: {reason}"
            except AssertionError as error:
                said = f"BROKEN: {error}"
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
            rows.append((name, said, f"{time.monotonic() - begun:.1f}", str(peak)))
            print(" | ".join(rows[-1]), flush=True)
    if "--write" in sys.argv:
        put("faults", table(("fault", "outcome", "s", "largest process so far, MB"), rows))


if __name__ == "__main__":
    main()
