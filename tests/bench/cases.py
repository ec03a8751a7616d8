"""What is measured, each against something that everybody knows the speed of, in the same minute."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench import clock
from tests.bench.clock import Run, Spread, over, ratio, several, spread, timed
from tests.bench.yard import Copy, Yard

_STAGED = 3  # files of a commit
_ENOUGH = 8  # products


@dataclass
class Scan:
    """One repository. `dense` is the share of its files that name a model."""

    copy: Copy
    dense: float
    seconds: Spread
    processor: Spread
    to_ripgrep: Spread
    cpu_to_ripgrep: Spread
    hits_to_ripgrep: Spread
    warm: Spread  # seconds
    warm_to_status: Spread  # in terms of `git status` and a start-up
    warm_cpu_to_status: Spread
    peak: float
    stages: dict[str, float] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return "dense" if self.dense >= 0.35 else "middle" if self.dense >= 0.08 else "few"


def scan(yard: Yard, copy: Copy, rounds: int) -> Scan:
    """Cold and warm scans of one repository."""
    cold, search, hits = several(rounds, lambda: yard.cold(copy), lambda: yard.ripgrep(copy), lambda: _hits(yard, copy))
    report = json.loads(cold[0].out)
    named = {place["path"] for model in report["models"] for place in model["occurrences"]}
    changed = copy.folder / next(path for path in copy.files if path.endswith((".py", ".ts", ".js", ".md")))

    def warm() -> Run:
        with changed.open("a", encoding="utf-8") as file:
            file.write("\n")
        return yard.audit(copy.folder)

    yard.audit(copy.folder)
    again, status, start = several(
        rounds, warm, lambda: yard.git(copy.folder, "status", "--porcelain"), lambda: yard.audit(yard.empty)
    )
    return Scan(
        copy,
        len(named) / max(1, len(copy.files)),
        spread([run.wall for run in cold]),
        spread([run.cpu for run in cold]),
        ratio(cold, search),
        ratio(cold, search, of="cpu"),
        ratio(hits, search),
        spread([run.wall for run in again]),
        spread([a.wall / (b.wall + c.wall) for a, b, c in zip(again, status, start, strict=True)]),
        spread([a.cpu / (b.cpu + c.cpu) for a, b, c in zip(again, status, start, strict=True)]),
        max(run.peak for run in cold),
    )


def _hits(yard: Yard, copy: Copy) -> Run:
    """Our own first look at the same files, in a process that has started already."""
    return timed_in_child(yard, "tests.bench.hits", os.fspath(copy.folder))


def timed_in_child(yard: Yard, module: str, *arguments: str) -> Run:
    """A run as the child itself measured it, without its start-up."""
    run = timed([sys.executable, "-m", module, *arguments], cwd=yard.folder, env=_importing(yard))
    wall, cpu = json.loads(run.out)
    return Run(wall, cpu, run.peak, b"")


def hook(yard: Yard, copy: Copy, rounds: int) -> dict[str, tuple[Spread, Spread]]:
    """Milliseconds, and of the processor, over a bare interpreter: three new files without a model, and with one."""

    plain = Path(clock.__file__).read_text("utf-8")
    yard.git(copy.folder, "add", ".")
    yard.git(copy.folder, "commit", "-q", "--allow-empty", "-m", "what other measurements changed")

    def staged(line: str) -> None:
        for n in range(_STAGED):
            (copy.folder / f"staged_{n}.py").write_text(plain + line, "utf-8")
        yard.git(copy.folder, "add", ".")

    def run() -> Run:
        argv = [sys.executable, "-m", "auditor", "scan", "--staged", "--quiet"]
        return timed(argv, cwd=copy.folder, env=_importing(yard))

    def bare() -> Run:
        return timed([sys.executable, "-c", "pass"])

    found = {}
    for name, line in (("nothing that could be a model", "\n"), ("a model", "\nMODEL = 'gpt-4.1-nano'\n")):
        staged(line)
        run()
        ours, theirs = several(max(rounds, 5), run, bare)
        found[name] = over(ours, theirs), over(ours, theirs, of="cpu")
    return found


def history(yard: Yard, repository: Path, rounds: int) -> tuple[Spread, Spread]:
    """All commits of a repository, in terms of reading every blob that they hold by git alone."""
    listed = yard.git(repository, "cat-file", "--batch-all-objects", "--batch-check")
    blobs = yard.folder / "blobs"
    blobs.write_bytes(b"".join(line.split()[0] + b"\n" for line in listed.out.splitlines() if b" blob " in line))

    def read() -> Run:
        return timed(
            ["sh", "-c", f"git -C '{repository}' cat-file --batch --buffer < '{blobs}' > /dev/null"], env=yard.env
        )

    def ours() -> Run:
        argv = [sys.executable, "-m", "auditor", "history", os.fspath(repository), "--quiet", "--format", "json"]
        return timed(argv, cwd=yard.folder, env=_importing(yard))

    walked, bare = several(rounds, ours, read)
    return ratio(walked, bare), ratio(walked, bare, of="cpu")


def portfolio(yard: Yard, copies: Sequence[Copy], rounds: int) -> Iterator[tuple[int, int, Spread]]:
    """(products, processes, seconds), each product being a copy of the smallest repository."""
    small = min(copies, key=lambda copy: copy.size)
    for n in range(_ENOUGH):
        shutil.copytree(small.folder, yard.folder / "products" / f"p{n}")
    for products, jobs in ((_ENOUGH // 2, 1), (_ENOUGH, 1), (_ENOUGH, 2)):
        manifest = yard.folder / "portfolio.toml"
        manifest.write_text(
            "".join(f'[[product]]\nname = "p{n}"\nsource = "products/p{n}"\n' for n in range(products)), "utf-8"
        )

        def run(jobs: int = jobs, manifest: Path = manifest) -> Run:
            shutil.rmtree(yard.folder / "store", ignore_errors=True)
            shutil.rmtree(yard.cache / "auditor" / "facts", ignore_errors=True)
            argv = ["portfolio", os.fspath(manifest), "--jobs", str(jobs), "--store", os.fspath(yard.folder / "store")]
            return timed(
                [sys.executable, "-m", "auditor", *argv, "--quiet", "--format", "json"],
                cwd=yard.folder,
                env=_importing(yard),
            )

        (runs,) = several(rounds, run)
        yield products, jobs, spread([one.wall for one in runs])


def machine() -> dict[str, str]:
    """What everything was measured on."""
    processor = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines()
            if "model name" in line
        ),
        "unknown",
    )
    memory = int(Path("/proc/meminfo").read_text("utf-8").split()[1]) / 1e6

    def version(*argv: str) -> str:
        return subprocess.run(argv, capture_output=True, text=True, check=True).stdout.splitlines()[0]

    return {
        "processor": f"{processor}, {os.cpu_count()} cores, {memory:.0f} GB",
        "load": f"{os.getloadavg()[1]:.1f} (five minutes, at the end)",
        "python": sys.version.split()[0],
        "git": version("git", "--version").removeprefix("git version "),
        "ripgrep": version("rg", "--version").removeprefix("ripgrep "),
    }


def _importing(yard: Yard) -> dict[str, str]:
    return {**yard.env, "PYTHONPATH": str(Path(__file__).parent.parent.parent)}
