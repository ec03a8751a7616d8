"""Where the time of one scan goes: `python -m tests.bench.stages FOLDER` prints processor seconds by stage, as JSON."""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from tests.bench.clock import timed
from tests.bench.yard import Copy, Yard


def stages(yard: Yard, copy: Copy) -> dict[str, float]:
    """Processor seconds of a cold scan in one process, by stage."""
    environment = {**yard.env, "PYTHONPATH": str(Path(__file__).parent.parent.parent)}
    run = timed([sys.executable, "-m", __spec__.name, str(copy.folder)], cwd=yard.folder, env=environment)
    return {str(name): float(seconds) for name, seconds in json.loads(run.out).items()}


def _measured(folder: str) -> dict[str, float]:
    spent: defaultdict[str, float] = defaultdict(float)
    began = time.process_time()

    def lap(stage: str) -> None:
        nonlocal began
        now = time.process_time()
        spent[stage] += now - began
        began = now

    from auditor import audit
    from auditor.collect import opened
    from auditor.config import Options
    from auditor.detect import scan
    from auditor.detect.match import Matcher
    from auditor.domain.fact import Fact
    from auditor.domain.sighting import Sighting
    from auditor.domain.source import SourceFile, Target

    lap("start: imports")
    inside: defaultdict[str, float] = defaultdict(float)

    def clocked(parser: scan.Parser) -> scan.Parser:
        def parse(file: SourceFile) -> Iterable[Fact]:
            since = time.process_time()
            try:
                facts = list(parser.parse(file))
            finally:
                inside[f"reading: {parser.name}"] += time.process_time() - since
            return facts

        return replace(parser, parse=parse)

    scan._COMPILED = tuple((clocked(parser), *patterns) for parser, *patterns in scan._COMPILED)  # type: ignore[misc]
    scan.PARSERS = tuple(parser for parser, *_ in scan._COMPILED)

    class Clocked(Matcher):
        def sightings(self, facts: Iterable[Fact], language: str, path: str) -> Iterator[Sighting]:
            since = time.process_time()
            found = list(super().sightings(facts, language, path))
            inside["reading: names in facts"] += time.process_time() - since
            return iter(found)

    setattr(audit, "Matcher", Clocked)  # noqa: B010 - what it imported is not its to give
    options = Options(jobs=1, cache=False)
    with audit.few_collections(), audit.knowledge(replace(options, cache=True)) as (rulebook, snapshot):
        lap("start: rules and lineage data")
        auditor = audit.Auditor(rulebook, snapshot, options, {})
        lap("start: rules made ready")
        with opened(Target(folder)) as collection:
            lap("listing files")
            report = auditor.report(collection, lambda stage, done, total: lap(_STAGES[stage]))
            lap("resolving and judging")
    from auditor.render.json import render

    render(report)
    lap("writing the report")
    spent["reading: the rest"] = spent.pop("reading") - sum(inside.values())
    return spent | inside


_STAGES = {"reading": "reading", "tracing": "reading", "resolving": "tracing roles"}


if __name__ == "__main__":
    print(json.dumps(_measured(sys.argv[1])))
