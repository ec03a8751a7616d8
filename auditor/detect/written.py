"""Weights, known by their path alone, that are nobody's model: the target writes them itself, or they are a part of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from auditor.domain.fact import Argument, Bound, Literal
from auditor.domain.reference import Scheme
from auditor.domain.sighting import FileFacts, Sighting
from auditor.rulebook.index import CallIndex
from auditor.rulebook.types import Reads, Rulebook


def without_output(files: Sequence[FileFacts], rulebook: Rulebook) -> Sequence[FileFacts]:
    """The files without sightings of weights that some call of the target writes, or that lie in a folder that is given."""
    paths = set(_written(files, CallIndex(rulebook.calls)))
    return [_kept(file, paths) if any(map(_is_path, file.sightings)) else file for file in files]


def _written(files: Iterable[FileFacts], calls: CallIndex) -> Iterator[str]:
    for file in files:
        if not any(_is_path(sighting) for sighting in file.sightings):
            continue
        symbols = {read.name for read in file.reads if _writes(calls, file.language, read.place)}
        for sighting in file.sightings:
            fact = sighting.fact
            if isinstance(fact, Literal) and _is_path(sighting):
                kept = isinstance(fact.place, Bound) and fact.place.symbol in symbols
                if kept or _writes(calls, file.language, fact.place):
                    yield sighting.name.reference.name


def _writes(calls: CallIndex, language: str, place: object) -> bool:
    if not isinstance(place, Argument):
        return False
    rule = calls.rule(language, place.callee, place.position, place.keyword)
    return rule is not None and rule.reads is Reads.OUTPUT


def _is_path(sighting: Sighting) -> bool:
    return sighting.name.tentative and sighting.name.reference.scheme is Scheme.FILE


def _is_part(sighting: Sighting) -> bool:
    """Whether a file lies in a folder that only a run knows: it is a part of whatever model lies there."""
    fact = sighting.fact
    return isinstance(fact, Literal) and fact.dynamic and "/" not in sighting.name.reference.name


def _kept(file: FileFacts, paths: set[str]) -> FileFacts:
    files = {path.rpartition("/")[2] for path in paths}
    folders = tuple(f"{path}/" for path in paths)

    def is_output(name: str) -> bool:
        return name.rpartition("/")[2] in files or name.startswith(folders)

    kept = tuple(s for s in file.sightings if not (_is_path(s) and (_is_part(s) or is_output(s.name.reference.name))))
    return file if len(kept) == len(file.sightings) else replace(file, sightings=kept)
