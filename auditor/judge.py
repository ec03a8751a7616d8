"""Where a model comes from, judged for one jurisdiction: the verdict, how sure it is, and why."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from auditor.domain.model import Evidence, Flag, Origin, Publisher, Record, Relation, Resolution, Verdict, Weights
from auditor.domain.reference import Confidence, Reference, Scheme
from auditor.domain.report import Ancestor, Finding, Judgement, Jurisdiction
from auditor.reason import Shares, why
from auditor.rulebook.makers import CLOSED_MARK, makers
from auditor.rulebook.types import FamilyRule, Rulebook

_REPACKAGES = frozenset({"repackager", "host"})
_TRAINS = frozenset({"developer", "fine-tuner"})
_STATING = frozenset({"curated", "override"})
_RULE = "rule:"
_ASIDE = frozenset({Relation.COMPONENT, Relation.DISTILLED})


def judge(resolution: Resolution, jurisdiction: Jurisdiction, rulebook: Rulebook) -> Finding:
    """The model that a reference names, with its origin as the jurisdiction asks for it.

    *Shape*: the id is a Hub id, provider:name, file:path or family:name, else scheme:name; no occurrences.
    """
    lineage = resolution.lineage
    model = _id(resolution)
    family = _family(resolution, rulebook)
    records = {record.id: record for record in resolution.records}
    own = records.get(model)
    publisher = resolution.origins[0].publisher if resolution.origins else None
    hub_id = model if lineage is not None and CLOSED_MARK not in model else None
    return Finding(
        id=model,
        reference=resolution.reference,
        hub_id=hub_id,
        name=(hub_id or model.partition(CLOSED_MARK)[2] or model).rpartition("/")[2],
        family=family.name if family else "",
        modality=_modality(own, family),
        weights=_weights(resolution, family, hub_id),
        license=own.license if own and own.license else family.license if family and own is None else "",
        publisher=publisher or _organisation(hub_id),
        judgement=_judgement(resolution, jurisdiction),
        edges=lineage.edges if lineage else (),
        complete=lineage.complete if lineage else False,
        flags=_flags(resolution, rulebook),
        occurrences=(),
        told=_told(own),
    )


def _told(own: Record | None) -> tuple[Evidence, ...]:
    """The curated word on a model that starts with itself, or whose base is withheld: elsewhere its edges carry it."""
    if own is None or own.parents or not own.evidence.source.startswith(_RULE):
        return ()
    return (own.evidence,)


def _id(resolution: Resolution) -> str:
    if resolution.lineage is not None:
        return resolution.lineage.model
    reference = resolution.reference
    name = f"{reference.name}:{reference.version}" if reference.version and _tagged(reference) else reference.name
    match reference.scheme:
        case Scheme.HUGGINGFACE:
            return reference.name
        case Scheme.API:
            return f"{reference.provider or Scheme.API.value}{CLOSED_MARK}{name}"
        case Scheme.FILE:
            return f"{Scheme.FILE.value}{CLOSED_MARK}{reference.name or reference.digest[:12] or 'unnamed'}"
        case scheme:
            return f"{scheme.value}{CLOSED_MARK}{name}"


def _tagged(reference: Reference) -> bool:
    return reference.scheme in (Scheme.OLLAMA, Scheme.DOCKER)


def _family(resolution: Resolution, rulebook: Rulebook) -> FamilyRule | None:
    """The family of the model, else of the nearest ancestor that has one, else the one that its name was recognised by."""
    known = makers(rulebook)
    lineage = resolution.lineage
    for model in (lineage.model, *lineage.ancestors) if lineage else ():
        if (rule := known.family(model)) is not None:
            return rule
    return known.family_rule(resolution.reference.family) if resolution.reference.family else None


def _modality(own: Record | None, family: FamilyRule | None) -> str:
    """What the model works on: by its curated record, its family, then the task that a catalogue files it under."""
    if own is not None and own.modality and (family is None or own.evidence.source in _STATING):
        return own.modality
    return family.modality if family is not None else ""


def _weights(resolution: Resolution, family: FamilyRule | None, hub_id: str | None) -> Weights:
    own = resolution.records[0] if resolution.records and resolution.records[0].id == _id(resolution) else None
    if own is not None and own.weights is not Weights.UNKNOWN:
        return own.weights
    if hub_id is not None or resolution.reference.scheme is Scheme.FILE:
        return Weights.OPEN
    return family.weights if family is not None else Weights.UNKNOWN


def _organisation(hub_id: str | None) -> Publisher | None:
    org, slash, _ = (hub_id or "").partition("/")
    return Publisher(org, org, "unknown", ()) if slash else None


def _judgement(resolution: Resolution, jurisdiction: Jurisdiction) -> Judgement:
    if resolution.lineage is None:
        return _nothing_known(resolution.reference)
    shares = _shares(resolution)
    asked = _Asked(resolution, jurisdiction)
    verdict, confidence, deciding = _verdict(resolution, shares, asked)
    return Judgement(
        verdict=verdict,
        confidence=confidence,
        why=why(resolution, shares, asked.countries, verdict, deciding),
        roots=tuple(asked.ancestor(model) for model in shares.roots),
        root_countries=asked.union(shares.roots),
        derived_countries=asked.union(shares.changed),
        component_countries=asked.union(shares.components),
        teacher_countries=asked.union(shares.teachers),
        makers=tuple(asked.ancestor(model) for model in shares.all),
    )


def _nothing_known(reference: Reference) -> Judgement:
    reason = f"no source knows the name {reference.name}" if reference.name else "the weights carry no name"
    return Judgement(Verdict.UNKNOWN, Confidence.LOW, reason, (), (), (), (), ())


def _shares(resolution: Resolution) -> Shares:
    """Who has a share in the weights. A repackager has none, and one that only quantises has none either."""
    lineage = resolution.lineage
    assert lineage is not None
    parents: dict[str, list[Relation]] = {}
    for edge in lineage.edges:
        if edge.relation not in _ASIDE:
            parents.setdefault(edge.child, []).append(edge.relation)
    kinds = {origin.model: origin.publisher.kind if origin.publisher else "" for origin in resolution.origins}

    def made(model: str) -> bool:
        relations = parents.get(model, [])
        if not relations:  # published as its own
            return kinds.get(model) in _TRAINS
        return kinds.get(model) not in _REPACKAGES and any(relation.changes_weights for relation in relations)

    def makers_of(models: Iterable[str]) -> tuple[str, ...]:
        return tuple(m for m in models if made(m))

    trunk = (lineage.model, *lineage.ancestors)
    return Shares(
        roots=lineage.roots,
        changed=makers_of(m for m in trunk if m not in lineage.roots),
        components=makers_of(lineage.components),
        teachers=makers_of(lineage.teachers),
    )


def _verdict(resolution: Resolution, shares: Shares, asked: _Asked) -> tuple[Verdict, Confidence, str]:
    """The verdict, its confidence, and the model that decides it ("" when none does).

    A verdict that the jurisdiction does not count must not hide that the rest is not known: whoever reads it would take
    the model for clean.
    """
    ranked = (
        (Verdict.ROOT, shares.roots),
        (Verdict.DERIVED, shares.changed),
        (Verdict.COMPONENT, shares.components),
        (Verdict.TEACHER, shares.teachers),
    )
    settled = _settled(resolution, shares, asked)
    for verdict, models in ranked:
        held = [(asked.held(model), model) for model in models]
        sure = max((confidence for confidence, _ in held if confidence is not None), default=None)
        if sure is not None and (settled or asked.counts(verdict)):
            return verdict, sure, next(model for confidence, model in held if confidence is sure)
    if settled:
        return Verdict.NO, min(asked.sure(model) for model in shares.counted), ""
    return Verdict.UNKNOWN, Confidence.LOW, ""


def _settled(resolution: Resolution, shares: Shares, asked: _Asked) -> bool:
    """Whether all that went into the weights is known, and where its makers are."""
    lineage = resolution.lineage
    assert lineage is not None
    # A likeness of names may raise a suspicion; it clears nobody.
    guessed = any(edge.evidence.source == "inferred" and edge.confidence is Confidence.LOW for edge in lineage.edges)
    known = lineage.complete and not guessed and bool(shares.roots)
    return known and all(asked.countries(model) for model in shares.counted)


class _Asked:
    """The jurisdiction's questions to the origins of one resolution."""

    def __init__(self, resolution: Resolution, jurisdiction: Jurisdiction) -> None:
        self._jurisdiction = jurisdiction
        self._origins: dict[str, Origin] = {origin.model: origin for origin in resolution.origins}
        self._reach = _reach(resolution)

    def counts(self, verdict: Verdict) -> bool:
        """Whether that verdict means yes."""
        return verdict in self._jurisdiction.counted

    def held(self, model: str) -> Confidence | None:
        """How sure it is that the model's maker is in the jurisdiction; None when it is not known to be."""
        claims = [sure for country, sure in self._claims(model) if self._jurisdiction.holds(country)]
        return min(max(claims), self._link(model)) if claims else None

    def sure(self, model: str) -> Confidence:
        """How sure the maker's place is at all."""
        return min(max((sure for _, sure in self._claims(model)), default=Confidence.LOW), self._link(model))

    def countries(self, model: str) -> tuple[str, ...]:
        return tuple(sorted({country for country, _ in self._claims(model)}))

    def union(self, models: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted({country for model in models for country in self.countries(model)}))

    def ancestor(self, model: str) -> Ancestor:
        origin = self._origins.get(model)
        publisher = origin.publisher if origin else None
        if publisher is None:
            return Ancestor(model, "", ())
        return Ancestor(model, publisher.name, self.countries(model), publisher.claims)

    def _claims(self, model: str) -> list[tuple[str, Confidence]]:
        origin = self._origins.get(model)
        publisher = origin.publisher if origin else None
        claims = publisher.claims if publisher else ()
        return [(claim.country, claim.confidence) for claim in claims if claim.counts(self._jurisdiction.bases)]

    def _link(self, model: str) -> Confidence:
        origin = self._origins.get(model)
        return min(self._reach.get(model, Confidence.LOW), origin.confidence if origin else Confidence.LOW)


def _reach(resolution: Resolution) -> dict[str, Confidence]:
    """How surely each model is reached from the reference: the best path, each as sure as its weakest link."""
    lineage = resolution.lineage
    assert lineage is not None
    reach = {lineage.model: resolution.answers[0].confidence}
    changed = True
    while changed:
        changed = False
        for edge in lineage.edges:
            through = min(reach.get(edge.child, 0), edge.confidence)
            if through > reach.get(edge.parent, 0):
                reach[edge.parent] = Confidence(through)
                changed = True
    return reach


def _flags(resolution: Resolution, rulebook: Rulebook) -> tuple[Flag, ...]:
    """The flags of everyone and everything on the lineage. *Shape*: in rule order, each once."""
    publishers = {origin.publisher.id for origin in resolution.origins if origin.publisher}
    models = {origin.model.casefold() for origin in resolution.origins}
    licenses = {record.license.casefold() for record in resolution.records if record.license}
    return tuple(
        dict.fromkeys(
            rule.flag
            for rule in rulebook.flags
            if publishers & set(rule.publishers)
            or any(fnmatchcase(model, glob.casefold()) for glob in rule.models for model in models)
            or licenses & {name.casefold() for name in rule.licenses}
        )
    )
