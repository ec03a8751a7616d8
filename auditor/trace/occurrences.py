"""Every sighting of a target with the part that it plays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from auditor.domain.fact import Artifact, Command, Literal, Prose, Setting
from auditor.domain.reference import Confidence, Occurrence, Role, Scheme
from auditor.domain.sighting import FileFacts, Sighting
from auditor.domain.source import Part as ProductPart
from auditor.domain.source import Scope
from auditor.rulebook.index import CallIndex, KeyIndex
from auditor.rulebook.types import Rulebook
from auditor.trace.alternatives import Alternatives
from auditor.trace.chosen import Chosen
from auditor.trace.code import CodeRoles, Part, by_scope
from auditor.trace.extras import Extras
from auditor.trace.flow import Flow
from auditor.trace.implied import Recognise, implied
from auditor.trace.outline import outline
from auditor.trace.picked import Picked
from auditor.trace.settings import SettingRoles
from auditor.trace.shorthand import Short, shorthand
from auditor.trace.surroundings import Surroundings
from auditor.trace.vocabulary import Vocabulary


def occurrences(
    files: Sequence[FileFacts],
    paths: Sequence[str],
    products: Sequence[ProductPart],
    rulebook: Rulebook,
    recognise: Recognise,
    short: Short,
) -> tuple[Occurrence, ...]:
    """All places of all references. *Shape*: sorted by path and span; one for each reference and span."""
    traced = _Trace(files, paths, rulebook)
    found = [o for file in files for s in file.sightings for o in traced.occurrence(s, file)]
    found += [o for file, s in shorthand(files, rulebook, traced.flow, short) for o in traced.occurrence(s, file)]
    found += implied(files, rulebook, traced.alternatives, recognise)
    best: dict[tuple[object, ...], Occurrence] = {}
    for occurrence in found:
        key = (occurrence.reference, occurrence.path, occurrence.span)
        other = best.get(key)
        if other is None or (occurrence.usage.rank, -occurrence.confidence) < (other.usage.rank, -other.confidence):
            best[key] = occurrence
    folders = sorted((p.path for p in products), key=len, reverse=True)
    placed = (replace(o, product=_product(o.path, folders)) for o in best.values())
    return tuple(sorted(placed, key=lambda o: (o.path, o.span, o.reference, o.rule)))


class _Trace:
    def __init__(self, files: Sequence[FileFacts], paths: Sequence[str], rulebook: Rulebook) -> None:
        keys = KeyIndex(rulebook.keys)
        words = Vocabulary(rulebook)
        chosen = Chosen(files, words)
        around = Surroundings(files, keys, words)
        self.alternatives = Alternatives(files, paths, words, chosen)
        self.flow = Flow(files, CallIndex(rulebook.calls), keys)
        self._code = CodeRoles(self.flow, around, self.alternatives, chosen, keys, Extras(files))
        self._settings = SettingRoles(rulebook, around, chosen, keys, words, _defaulted(files), Picked(files, words))
        self._read = frozenset[str]().union(*(outline(file).read_names for file in files))

    def occurrence(self, sighting: Sighting, file: FileFacts) -> Iterator[Occurrence]:
        part = self._part(sighting, file)
        if part is not None:
            name = sighting.name
            rule = name.rule
            yield Occurrence(
                name.reference,
                rule,
                file.path,
                sighting.span,
                file.scope,
                part.role,
                part.why,
                sighting.as_written,
                min(name.confidence, part.confidence),
                name.served_by,
            )

    def _part(self, sighting: Sighting, file: FileFacts) -> Part | None:
        match sighting.fact:
            case Literal() as fact:
                return self._code.part(sighting, fact, file)
            case Setting() as fact:
                return self._settings.setting(fact, file, fact.path[-1].lower() in self._read)
            case Command() as fact:
                return self._settings.command(fact, file)
            case Prose(where="document"):
                return by_scope(file.scope) or Part(Role.DOCUMENTATION, "stands in a document", Confidence.HIGH)
            case Prose(where="output"):
                return by_scope(Scope.OUTPUT)
            case Prose(where="test"):
                return by_scope(Scope.TEST)
            case Prose(where=where):
                return by_scope(file.scope) or Part(Role.COMMENT, f"stands in a {where}", Confidence.HIGH)
            case Artifact() as fact:
                decided = by_scope(file.scope)
                what = (
                    "weights in the repository" if sighting.name.reference.scheme is Scheme.FILE else "its file header"
                )
                return decided or Part(Role.BUNDLED, f"{fact.format} file: {what}", Confidence.MEDIUM)
            case _:
                return None


def _defaulted(files: Sequence[FileFacts]) -> frozenset[str]:
    """The environment variables that code has a default for."""
    facts = (s.fact for file in files if file.scope is Scope.RUNTIME for s in file.sightings)
    return frozenset(fact.env for fact in facts if isinstance(fact, Literal) and fact.env)


def _product(path: str, folders: Sequence[str]) -> str:
    return next((f for f in folders if f != "." and path.startswith(f"{f}/")), ".")
