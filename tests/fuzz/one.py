"""One target under libFuzzer: `python -m tests.fuzz.one TARGET FOUND [options of libFuzzer] CORPUS`.

What a target raises is kept once for each place that raised it, and the run goes on; what ends the process (a crash, a hang,
too much memory) is left to libFuzzer, which keeps the input itself.
"""

from __future__ import annotations

import hashlib
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import atheris

_SLOW = 2.0  # seconds of CPU for one input of at most some kilobytes


def main() -> None:
    name, found, *options = sys.argv[1:]
    with atheris.instrument_imports(include=["auditor"]):
        from tests.fuzz.targets import TARGETS, world
    world()
    _once("auditor.trace.occurrences", "KeyIndex", "CallIndex", "Vocabulary")
    TARGETS[name](b"")  # what is made once is made now
    atheris.Setup([sys.argv[0], *options], _kept(TARGETS[name], Path(found)))
    atheris.Fuzz()


def _kept(run: Callable[[bytes], None], found: Path) -> Callable[[bytes], None]:
    seen: set[str] = set()

    def keep(data: bytes, what: str, told: str) -> None:
        if what in seen:
            return
        seen.add(what)
        found.mkdir(parents=True, exist_ok=True)
        place = found / hashlib.sha1(data, usedforsecurity=False).hexdigest()[:12]
        place.write_bytes(data)
        place.with_suffix(".txt").write_text(f"{what}\n\n{told}", "utf-8", "backslashreplace")

    def one(data: bytes) -> None:
        begun = time.process_time()
        try:
            run(data)
        except Exception as error:
            frames = [f for f in traceback.extract_tb(error.__traceback__) if "/auditor/" in f.filename]
            where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "the target"
            keep(data, f"{type(error).__name__} at {where}", traceback.format_exc())
        if (took := time.process_time() - begun) > _SLOW:
            keep(data, f"slow, {took:.0f} s", f"{len(data)} bytes")

    return one


def _once(module: str, *names: str) -> None:
    """What a trace makes of the rules alone is made once: it costs a hundred times what a small file does."""
    place = sys.modules[module]
    for name in names:
        setattr(place, name, _first(getattr(place, name)))


def _first(make: Callable[[Any], Any]) -> Callable[[Any], Any]:
    made: list[tuple[Any, Any]] = []

    def give(argument: Any) -> Any:
        for known, value in made:
            if known is argument:
                return value
        made.append((argument, make(argument)))
        return made[-1][1]

    return give


if __name__ == "__main__":
    main()
