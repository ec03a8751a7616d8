"""The measurements as a page: goals beside what was reached."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from tests.bench.cases import Scan
from tests.bench.clock import Spread

_GOALS = {"few": 1.5, "middle": 4.0, "dense": 7.0}  # times ripgrep
_MEMORY = 100.0  # MiB of a process
_HITS, _WARM, _HOOK, _HISTORY = 1.4, 1.2, 60.0, 1.5


def page(
    day: date,
    machine: Mapping[str, str],
    scans: Sequence[Scan],
    hook: Mapping[str, tuple[Spread, Spread]],
    history: Mapping[Path, tuple[Spread, Spread]],
    portfolio: Sequence[tuple[int, int, Spread]],
) -> str:
    return "\n".join(
        [
            "# What an audit costs",
            "",
            "```sh",
            'make bench REPOS="~/src/one ~/src/two"',
            "```",
            "",
            f"Measured on {day} by `make bench`. Each number is the middle of several rounds, with the lowest and the highest",
            "behind it; the two sides of a ratio ran in the same minute on the same files. \"ripgrep\" is `rg -j2 -F -c` with",
            "every word that the rules could speak of. A cold scan finds nothing of an earlier one but compiled rules.",
            "",
            *(f"- {name}: {value}" for name, value in machine.items()),
            "",
            "Where the load is higher than the number of cores, seconds are those of a machine that others used as well, and",
            "processor time tells more than the clock. \"reached\" goes by the clock.",
            "",
            "## Whole scans",
            "",
            *_table(
                ("repository", "files", "MB", "files with a model", "cold, s", "processor, s",
                 "times ripgrep", "by processor time", "goal", "reached"),
                (_cold(scan) for scan in scans),
            ),
            "",
            "![Seconds against size](benchmarks.svg)",
            "",
            "## Finding hits, scanning again, memory",
            "",
            *_table(
                ("repository", "finding hits, times ripgrep", f"goal {_HITS}", "after one changed file, s",
                 "times `git status` and start-up", "by processor time", f"goal {_WARM}", "largest process, MiB", f"goal {_MEMORY:.0f}"),
                (_warm(scan) for scan in scans),
            ),
            "",
            "## A hook on three staged files",
            "",
            *_table(
                ("staged", "ms over bare Python", "ms of the processor", "goal", "reached"),
                (
                    (name, str(took), str(worked), f"{_HOOK:.0f}", _yes(took.middle <= _HOOK))
                    for name, (took, worked) in hook.items()
                ),
            ),
            "",
            "## History and portfolios",
            "",
            *_table(
                ("history of", "times `git cat-file --batch` of every blob", "by processor time", "goal", "reached"),
                (
                    (path.parent.name, str(took), str(worked), str(_HISTORY), _yes(took.middle <= _HISTORY))
                    for path, (took, worked) in history.items()
                ),
            ),
            "",
            *_table(
                ("products", "at a time", "seconds", "seconds a product"),
                ((str(n), str(jobs), str(took), f"{took.middle / n:.2f}") for n, jobs, took in portfolio),
            ),
            "",
            "## Where the time goes",
            "",
            "Processor seconds of a cold scan in one process; the largest twelve over all repositories above.",
            "",
            *_stages(scans),
            "",
        ]
    )  # fmt: skip


def _cold(scan: Scan) -> tuple[str, ...]:
    goal = _GOALS[scan.kind]
    return (
        scan.copy.name.replace("+", "/"),
        f"{len(scan.copy.files):,}",
        f"{scan.copy.megabytes:.1f}",
        f"{scan.dense:.0%}",
        str(scan.seconds),
        str(scan.processor),
        str(scan.to_ripgrep),
        str(scan.cpu_to_ripgrep),
        f"{goal:g} ({scan.kind})",
        _yes(scan.to_ripgrep.middle <= goal),
    )


def _warm(scan: Scan) -> tuple[str, ...]:
    return (
        scan.copy.name.replace("+", "/"),
        str(scan.hits_to_ripgrep),
        _yes(scan.hits_to_ripgrep.middle <= _HITS),
        str(scan.warm),
        str(scan.warm_to_status),
        str(scan.warm_cpu_to_status),
        _yes(scan.warm_to_status.middle <= _WARM),
        f"{scan.peak:.0f}",
        _yes(scan.peak <= _MEMORY),
    )


def _stages(scans: Sequence[Scan]) -> Iterator[str]:
    total: Counter[str] = Counter()
    for scan in scans:
        total.update(scan.stages)
    whole = sum(total.values()) or 1.0
    yield from _table(
        ("stage", "seconds", "share"), ((name, f"{s:.2f}", f"{s / whole:.0%}") for name, s in total.most_common(12))
    )


def _table(head: Sequence[str], rows: Iterator[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _yes(reached: bool) -> str:
    return "yes" if reached else "no"
