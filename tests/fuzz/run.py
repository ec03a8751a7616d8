"""Fuzz every target, one process after the other: `python -m tests.fuzz.run [--inputs N] [--seconds S] [TARGET...]`.

Needs the extra `fuzz`. Inputs that grew coverage stay in `.fuzz/corpus` and are begun with the next time; what a target
raised lies in `.fuzz/found` with its traceback; a line for each target goes to `.fuzz/record.tsv`.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.fuzz.corpus import ROOT, beginnings, dictionary
from tests.fuzz.targets import TARGETS

_HOME = ROOT / ".fuzz"
_LONGEST = {"snapshot-compiled": 65_536, "report": 8_192}  # bytes of an input


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m tests.fuzz.run", description=__doc__)
    asked.add_argument("--inputs", type=int, default=10_000, help="for each target")
    asked.add_argument("--seconds", type=int, default=120, help="for each target at most")
    asked.add_argument("--home", type=Path, default=_HOME)
    asked.add_argument("targets", nargs="*", default=list(TARGETS))
    told = asked.parse_args()
    for name in told.targets:
        line = _fuzzed(name, told.home, told.inputs, told.seconds)
        print(line, flush=True)
        with open(told.home / "record.tsv", "a", encoding="utf-8") as record:
            record.write(line + "\n")


def _fuzzed(name: str, home: Path, inputs: int, seconds: int) -> str:
    """Target, inputs, seconds, edges covered, inputs kept, different failures; how the process ended where not well."""
    corpus, found = home / "corpus" / name, home / "found" / name
    corpus.mkdir(parents=True, exist_ok=True)
    found.mkdir(parents=True, exist_ok=True)
    for data in beginnings(name):
        (corpus / hashlib.sha1(data, usedforsecurity=False).hexdigest()).write_bytes(data)
    words = home / "words.dict"
    words.write_text(dictionary(), "ascii")
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "tests.fuzz.one", name, os.fspath(found)),
                *(f"-runs={inputs}", f"-max_total_time={seconds}", f"-dict={words}", f"-artifact_prefix={found}/"),
                *(
                    f"-max_len={_LONGEST.get(name, 4096)}",
                    "-timeout=60",
                    "-rss_limit_mb=3000",
                    "-print_final_stats=1",
                    os.fspath(corpus),
                ),
            ],
            cwd=ROOT,
            env=os.environ | {"TMPDIR": scratch},
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    took = time.monotonic() - begun
    ran = max(
        (int(n) for n in re.findall(r"^(?:stat::number_of_executed_units:\s*|#)(\d+)", done.stderr, re.M)), default=0
    )
    covered = re.findall(r" cov: (\d+)", done.stderr)
    failures = len(list(found.glob("*.txt"))) + len(
        [*found.glob("crash-*"), *found.glob("timeout-*"), *found.glob("oom-*")]
    )
    kept = len(list(corpus.iterdir()))
    ended = "" if done.returncode == 0 else f"\tended with {done.returncode}: {done.stderr.strip().splitlines()[-1:]}"
    return f"{name}\t{ran}\t{took:.0f}\t{covered[-1] if covered else 0}\t{kept}\t{failures}{ended}"


if __name__ == "__main__":
    main()
