"""Run a hostile case as a user would, and watch what the program does: what it opens, starts, connects to and unpickles.

`python -m tests.hostile.run [--write]` prints the table of all cases, each scanned in a process of its own; with --write
the table takes its place in docs/security-evidence.md.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from auditor.cli.main import main as program
from tests.evidence import put, table
from tests.hostile import file_cases, git_cases, injection_cases, weight_cases
from tests.hostile.case import FOUND, HIDDEN, Case, Place

CASES: tuple[Case, ...] = (*git_cases.CASES, *file_cases.CASES, *weight_cases.CASES, *injection_cases.CASES)
FORMATS = ("json", "html", "md", "csv", "cdx.json", "spdx.json", "sarif")
_MACHINE = ("/etc/passwd", "/dev/zero", "/proc/self/mem")


@dataclass(slots=True)
class Outcome:
    """What came of it. `broken` are promises that were not kept, in words; empty when all were."""

    code: int
    said: str
    findings: list[str] = field(default_factory=list)
    gaps: list[tuple[str, str]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    seconds: float = 0.0
    megabytes: int = 0


def audited(case: Case, place: Place, *formats: str) -> Outcome:
    """The outcome of a case that was built at the place, with a report in each of the formats beside it."""
    arguments = [argument.replace("{}", os.fspath(place.top)) for argument in case.arguments]
    outputs = [word for one in formats for word in ("-o", os.fspath(place.top / f"report.{one}"))]
    with _watched() as events:
        done = CliRunner().invoke(program, ["scan", "--format", "json", "--quiet", *outputs, *arguments])
    outcome = Outcome(done.exit_code, done.stderr.strip())
    report: dict[str, Any] = json.loads(done.stdout) if done.stdout.startswith("{") else {}
    outcome.findings = [model["id"] for model in report.get("models", ())]
    outcome.gaps = [(gap["path"], gap["code"]) for gap in report.get("gaps", ())]
    outcome.broken = [*_unsaid(case, outcome, report), *_done(place, events)]
    return outcome


def _unsaid(case: Case, outcome: Outcome, report: dict[str, Any]) -> Iterator[str]:
    """What the report should have said and did not."""
    if case.refused:
        if outcome.code != 3 or case.refused not in outcome.said:
            yield f"not refused: {outcome.code}, {outcome.said}"
        return
    if outcome.code != 0:
        yield f"exit code {outcome.code}: {outcome.said}"
        return
    if HIDDEN in json.dumps(report):
        yield "what lies outside was read"
    yield from (f"not found: {model}" for model in (FOUND, *case.also) if model not in outcome.findings)
    yield from (f"not told: {gap}" for gap in case.gaps if gap not in outcome.gaps)
    used = {model["id"]: model["usage"] for model in report["models"]}
    if used.get(FOUND) != "runs":
        yield f"what runs is said to be {used.get(FOUND)}"


def _done(place: Place, events: list[tuple[str, tuple[Any, ...]]]) -> Iterator[str]:
    """What the program did and must not."""
    if place.trace.exists():
        yield "the evil program was run"
    for event, given in events:
        if event == "subprocess.Popen" and os.path.basename(os.fsdecode(given[0])) != "git":
            yield f"started {given[0]!r}"
        elif event in ("os.system", "os.exec", "os.posix_spawn", "os.startfile", "pty.spawn", "socket.connect"):
            yield f"{event} {given!r}"
        elif event == "pickle.find_class" and not str(given[0]).startswith(
            ("auditor.", "builtins", "functools", "pathlib")
        ):
            yield f"unpickled {given!r}"
        elif event == "open" and isinstance(given[0], str | bytes):
            path = os.path.realpath(os.fsdecode(given[0]))
            if path in _MACHINE or path.startswith(f"{os.path.realpath(place.outside)}/"):
                yield f"opened {path}"
    mine = f"{os.path.realpath(place.repo)}/"
    taken = [name for name, module in sys.modules.items() if (getattr(module, "__file__", None) or "").startswith(mine)]
    if taken:
        yield f"imported {taken}"


_EVENTS: list[list[tuple[str, tuple[Any, ...]]]] = []  # where events go, while anybody watches
_WATCHED = ("subprocess.", "os.", "pty.", "socket.", "pickle.", "open")


def _note(event: str, given: tuple[Any, ...]) -> None:
    if _EVENTS and event.startswith(_WATCHED):
        _EVENTS[-1].append((event, given))


sys.addaudithook(_note)


@contextmanager
def _watched() -> Iterator[list[tuple[str, tuple[Any, ...]]]]:
    events: list[tuple[str, tuple[Any, ...]]] = []
    _EVENTS.append(events)
    try:
        yield events
    finally:
        _EVENTS.pop()


def measured(case: Case) -> Outcome:
    """The outcome in a process of its own, with what it took."""
    with tempfile.TemporaryDirectory(prefix="auditor-hostile-") as folder:
        place = Place(Path(folder), whole=True).prepared()
        case.build(place)
        name = str(CASES.index(case))
        done = subprocess.run(
            [sys.executable, "-m", __spec__.name, "--one", name, folder], capture_output=True, check=False
        )
        flattened(folder)
    if done.returncode:
        return Outcome(
            done.returncode, "", broken=[f"the process ended with {done.returncode}: {done.stderr[-300:]!r}"]
        )
    outcome = Outcome(**json.loads(done.stdout))
    outcome.said = outcome.said.replace(folder, "…")
    return outcome


def _one(number: int, folder: str) -> None:
    begun = time.monotonic()
    outcome = audited(CASES[number], Place(Path(folder)), *FORMATS)
    outcome.seconds = time.monotonic() - begun
    peaks = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    outcome.megabytes = max(peaks) // 1024
    json.dump(asdict(outcome), sys.stdout)


def flattened(folder: str) -> None:
    """Folders too deep for one path are moved up until they can be removed."""
    deep = Path(folder, "repo", "deeper")
    while deep.exists() and (deep / "deeper").exists():
        (deep / "deeper").rename(deep.with_name("next"))
        for file in deep.iterdir():
            file.unlink()
        deep.rmdir()
        deep.with_name("next").rename(deep)


def _told(case: Case, outcome: Outcome) -> str:
    if outcome.broken:
        return "BROKEN: " + "; ".join(outcome.broken)
    if case.refused:
        return f"refused: {outcome.said.splitlines()[0].removeprefix('error: ')}"
    gaps = Counter(code for _, code in outcome.gaps)
    told = ", ".join(f"{count} {code}" for code, count in sorted(gaps.items()))
    return f"found {len(outcome.findings)}; gaps: {told or 'none'}"


def main() -> None:
    asked = argparse.ArgumentParser(prog=f"python -m {__spec__.name}", description=__doc__)
    asked.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    asked.add_argument("--only", default="", help="cases whose name has this text")
    asked.add_argument("--write", action="store_true")
    told = asked.parse_args()
    if told.one:
        _one(int(told.one[0]), told.one[1])
        return
    rows = []
    for case in CASES:
        if told.only in case.name:
            outcome = measured(case)
            rows.append((case.group, case.name, _told(case, outcome), f"{outcome.seconds:.1f}", str(outcome.megabytes)))
            print(" | ".join(rows[-1]), flush=True)
    if told.write:
        put("hostile", table(("group", "case", "outcome", "s", "MB"), rows))


if __name__ == "__main__":
    main()
