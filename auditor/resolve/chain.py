"""The resolver chain: references to the models that they name, what those were made from, and who made them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from auditor.domain.model import Answer, Edge, Evidence, Lineage, Origin, Record, Relation, Resolution, Weights
from auditor.domain.reference import Confidence, Reference
from auditor.domain.source import Gap
from auditor.resolve.catalog import Catalog, Names, Online, StaticCatalog, merged
from auditor.resolve.lineage import trace
from auditor.resolve.names import Reader
from auditor.resolve.rehost import inferred
from auditor.resolve.widened import Widened
from auditor.rulebook.makers import CLOSED_MARK, makers
from auditor.rulebook.types import Rulebook

_T = TypeVar("_T")
_STAGE = "resolve"
_ASIDE = (Relation.COMPONENT, Relation.DISTILLED)
_OF_PARTS = ("image", "video")  # what is made of models of several makers, also where a rule calls it a root


class Resolver:
    """Resolves references over the rules, the snapshot and any further catalogues.

    `overrides` are the user's own records and come before everything; `online` is asked after the snapshot. A catalogue
    that fails leaves a gap, and the others are still asked; `gaps` are those of all calls so far, sorted.
    """

    def __init__(
        self, rulebook: Rulebook, snapshot: Names, *, overrides: Sequence[Catalog] = (), online: Online | None = None
    ) -> None:
        self._makers = makers(rulebook)
        self._snapshot = snapshot
        curated = StaticCatalog(rule.record for rule in rulebook.models)
        self._names = Widened(snapshot, (rule.record.id for rule in rulebook.models))
        self._stating: tuple[Catalog, ...] = (*overrides, curated)
        self._others: tuple[Catalog, ...] = (snapshot,) if online is None else (snapshot, online)
        self._online = online
        self._reader = Reader(rulebook, self._makers, snapshot)
        self._records: dict[str, Record | None] = {}
        self._gaps: dict[Gap, None] = {}

    @property
    def gaps(self) -> tuple[Gap, ...]:
        return tuple(sorted(self._gaps))

    def resolve(self, references: Iterable[Reference]) -> tuple[Resolution, ...]:
        """One resolution for each distinct reference, in order of first appearance."""
        return tuple(self._resolution(reference) for reference in dict.fromkeys(references))

    def record(self, name: str) -> Record | None:
        """All that is known of a model: what the user or the rules state of its origin stands, else the sources united."""
        key = name.casefold()
        if key not in self._records:
            self._records[key] = self._united(name)
        return self._records[key]

    def _resolution(self, reference: Reference) -> Resolution:
        answers = self._answers(reference)
        if not answers:
            return Resolution(reference, (), None, ())
        lineage = trace(answers[0].model, self.record, self._is_root)
        answers = (self._confirmed(replace(answers[0], model=lineage.model)), *answers[1:])
        members = (lineage.model, *lineage.ancestors, *lineage.components, *lineage.teachers)
        records = tuple(record for member in members if (record := self.record(member)) is not None)
        return Resolution(reference, answers, lineage, tuple(self._origin(m, lineage) for m in members), records)

    def _answers(self, reference: Reference) -> tuple[Answer, ...]:
        found: list[Answer] = []
        for answer in self._reader.opinions(reference):
            found.append(answer)
            if answer.confidence is Confidence.HIGH:
                break
        # Ties keep the order in which the sources were asked.
        found.sort(key=lambda answer: -answer.confidence)
        return tuple(found)

    def _confirmed(self, answer: Answer) -> Answer:
        """The answer, surer where it was taken from the reference alone and the Hub knows the id."""
        record = self.record(answer.model) if answer.evidence.source == "reference" else None
        if record is None or record.evidence.source != "hub":
            return answer
        return replace(answer, confidence=Confidence.HIGH, evidence=record.evidence)

    def _united(self, name: str) -> Record | None:
        stating = [r for catalog in self._stating if (r := self._ask(catalog, name)) is not None]
        stated = any(r.parents or r.root or r.undisclosed for r in stating)
        # What is stated, or a root by the rules, need not be asked of the Hub.
        ruled = self._is_root(name, None)
        asked = self._others[:1] if stated or ruled else self._others
        others = [r for catalog in asked if (r := self._ask(catalog, name)) is not None]
        if stated:
            others = [replace(r, parents=(), root=False, undisclosed=False) for r in others]
        record = merged((*stating, *others))
        if not stated and (not ruled or self._of_parts(name)):
            record = self._with_parts(name, record)
        settled = record is not None and (_trunk(record.parents) or record.root or record.undisclosed)
        if (
            settled
            or self._is_root(name, record)
            or (edge := inferred(record.id if record else name, self._names, self._makers)) is None
        ):
            return record
        if record is None:
            return Record(edge.child, (edge,), evidence=edge.evidence)
        return replace(record, parents=(edge, *record.parents))

    def _of_parts(self, name: str) -> bool:
        family = self._makers.family(name)
        return family is not None and family.modality in _OF_PARTS

    def _with_parts(self, name: str, record: Record | None) -> Record | None:
        """The record, with what the model's own files name where nobody states a base."""
        if self._online is None or (record is not None and record.parents):
            return record
        edges = self._try(name, self._online.parts)
        if not edges:
            return record
        known = record or Record(edges[0].child, evidence=edges[0].evidence)
        return replace(known, parents=edges)

    def _ask(self, catalog: Catalog, name: str) -> Record | None:
        return self._try(name, catalog.record)

    def _try(self, name: str, ask: Callable[[str], _T]) -> _T | None:
        try:
            return ask(name)
        except Exception as error:  # one source in trouble must not silence the others
            gap = Gap(_STAGE, name, "lookup-failed", f"{type(error).__name__}: {error}"[:200])
            self._gaps[gap] = None
            return None

    def _is_root(self, model: str, record: Record | None) -> bool:
        family = self._makers.family(model)
        if family is None and CLOSED_MARK not in model:
            return False
        if family is not None and family.weights is not Weights.CLOSED:
            return family.root
        publisher, _, _ = self._makers.publisher(model, record)
        return publisher is not None and publisher.pretrains

    def _origin(self, model: str, lineage: Lineage) -> Origin:
        """Who made one model, and how sure that is: for a root by rule alone, also how sure it is that it is one."""
        record = self.record(model)
        publisher, sure, evidence = self._makers.publisher(model, record)
        if model in lineage.roots and not (record is not None and record.root):
            family = self._makers.family(model)
            stated_parents = bool(_trunk(edge for edge in lineage.edges if edge.child == model))
            if stated_parents or (family is not None and family.weights is Weights.CLOSED):
                sure = min(sure, Confidence.MEDIUM)
            if family is not None:
                how = (
                    "does not disclose a base and is known to pretrain"
                    if family.weights is Weights.CLOSED
                    else "pretrained it"
                )
                evidence = Evidence(f"rule:{family.origin.id}", f"its maker {how}", evidence.url, family.origin.as_of)
        return Origin(model, publisher, sure, evidence)


def _trunk(edges: Iterable[Edge]) -> tuple[Edge, ...]:
    """Those that tell what the weights were made from: neither parts nor teachers."""
    return tuple(edge for edge in edges if edge.relation not in _ASIDE)
