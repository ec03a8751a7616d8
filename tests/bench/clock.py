"""What one run of a program costs, and how two programs compare when they run within the same minute."""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Run:
    """*Units*: seconds of wall clock and of all processors together; `peak` the largest process in MiB."""

    wall: float
    cpu: float
    peak: float
    out: bytes


@dataclass(frozen=True)
class Spread:
    """The middle of several measurements, and between what they lie."""

    middle: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{_short(self.middle)} ({_short(self.low)}-{_short(self.high)})"


def timed(argv: Sequence[str | Path], *, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Run:
    """One run to its end, with all that it started. *Raises*: RuntimeError when it fails."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        begun = time.perf_counter()
        process = subprocess.Popen(argv, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if process.returncode not in (0, 1):  # 1 is "nothing found" of ripgrep, and "denied" of ours
            raise RuntimeError(f"{argv[0]} ended with {process.returncode}: {err.read(500).decode('utf-8', 'replace')}")
        return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, out.read())


def several(count: int, *runs: Callable[[], Run]) -> tuple[list[Run], ...]:
    """Each of the runs `count` times, in turn, so that what else the machine does hits all alike."""
    rounds = [[run() for run in runs] for _ in range(count)]
    return tuple(list(column) for column in zip(*rounds, strict=True))


def spread(values: Sequence[float]) -> Spread:
    return Spread(statistics.median(values), min(values), max(values))


def ratio(ours: Sequence[Run], theirs: Sequence[Run], *, of: str = "wall") -> Spread:
    """How many times as long ours takes, round by round."""
    return spread([getattr(a, of) / max(getattr(b, of), 1e-4) for a, b in zip(ours, theirs, strict=True)])


def over(ours: Sequence[Run], theirs: Sequence[Run], *, of: str = "wall") -> Spread:
    """How many milliseconds longer ours takes, round by round."""
    return spread([1000 * (getattr(a, of) - getattr(b, of)) for a, b in zip(ours, theirs, strict=True)])


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
