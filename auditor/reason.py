"""A verdict of origin in one plain sentence: fit for a board, and for the lawyer of whoever is named in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from auditor.domain.model import Edge, Lineage, Origin, Record, Relation, Resolution, Verdict, Weights
from auditor.domain.reference import Confidence

Countries = Callable[[str], tuple[str, ...]]

_FAMILY = "family:"
_ASIDE = frozenset({Relation.COMPONENT, Relation.DISTILLED})


@dataclass(frozen=True, slots=True)
class Shares:
    """Who has a share in the weights, by kind: model ids, nearest first."""

    roots: tuple[str, ...]
    changed: tuple[str, ...]  # models whose makers trained on weights that start elsewhere, or nobody knows where
    components: tuple[str, ...]
    teachers: tuple[str, ...]

    @property
    def counted(self) -> tuple[str, ...]:
        """Whoever has a share in the weights themselves: all but teachers."""
        return (*self.roots, *self.changed, *self.components)

    @property
    def all(self) -> tuple[str, ...]:
        """Whoever has a share, each once."""
        return tuple(dict.fromkeys((*self.roots, *self.changed, *self.components, *self.teachers)))


def why(resolution: Resolution, shares: Shares, countries: Countries, verdict: Verdict, deciding: str) -> str:
    """The reason of a verdict. *Shape*: one sentence without a full stop, clauses joined by semicolons."""
    lineage = resolution.lineage
    assert lineage is not None
    teller = _Teller(resolution, lineage, shares, countries)
    clauses = [teller.making()]
    clauses += teller.on_the_way(deciding) if verdict is Verdict.DERIVED else []
    clauses += teller.aside(verdict, deciding)
    clauses += teller.doubts(verdict)
    return "; ".join(clause for clause in clauses if clause)


class _Teller:
    def __init__(self, resolution: Resolution, lineage: Lineage, shares: Shares, countries: Countries) -> None:
        self._resolution = resolution
        self._lineage = lineage
        self._shares = shares
        self._countries = countries
        self._origins: dict[str, Origin] = {origin.model: origin for origin in resolution.origins}
        self._records: dict[str, Record] = {record.id: record for record in resolution.records}
        self._own = [e for e in lineage.edges if e.child == lineage.model and e.relation not in _ASIDE]

    def making(self) -> str:
        """How the model itself came to be."""
        model = self._lineage.model
        if not self._own:
            return self._starting(model)
        # Sources may name the same parent by several relations: the first tells how.
        parents = list(dict.fromkeys(edge.parent for edge in self._own))
        return f"{_act(self._own[0])} {self._maker(model)} {_from(self._own[0])} {_list(parents)}{self._ends(parents)}"

    def on_the_way(self, deciding: str) -> list[str]:
        """Who changed the weights, where that is not the model's own maker."""
        if deciding in ("", self._lineage.model) or any(edge.parent == deciding for edge in self._own):
            return []
        return [f"{_short(deciding)} on the way is by {self._maker(deciding)}"]

    def aside(self, verdict: Verdict, deciding: str) -> list[str]:
        """Parts and teachers."""
        parts = list(self._shares.components[:1]) if verdict is not Verdict.COMPONENT else [deciding]
        taught = list(self._shares.teachers[:1]) if verdict is not Verdict.TEACHER else [deciding]
        return [f"contains {_short(m)} by {self._maker(m)}" for m in parts] + [
            f"trained on outputs of {_short(m)} by {self._maker(m)}" for m in taught
        ]

    def doubts(self, verdict: Verdict) -> list[str]:
        """What is not certain, said outright."""
        found = []
        guesses = [edge.confidence for edge in self._lineage.edges if edge.evidence.source == "inferred"]
        if Confidence.LOW in guesses:
            found.append("no parent is stated, only the name suggests it")
        elif guesses:
            found.append("the parent is inferred from the name")
        if any(
            edge.confidence is Confidence.LOW and edge.evidence.source != "inferred" for edge in self._lineage.edges
        ):
            found.append("a step on the way rests on weak evidence")
        if self._resolution.contested:
            found.append("sources differ on which model the name means")
        if any(record.undisclosed for record in self._records.values()) and self._own:
            found.append("a base on the way is not disclosed")
        elif not self._lineage.complete and self._own:
            found.append("where those weights come from in the end is not known")
        if verdict is Verdict.UNKNOWN and self._lineage.complete and Confidence.LOW not in guesses:
            found.append("the country of a maker is not known")
        return found

    def _starting(self, model: str) -> str:
        origin = self._origins.get(model)
        record = self._records.get(model)
        if record is not None and record.undisclosed:
            return (
                f"published by {self._maker(model)}; its base is not disclosed in what was read"
                if self._known(model)
                else "its base is not disclosed in what was read"
            )
        if model in self._lineage.roots:
            if origin is not None and record_closed(model, record):
                return f"closed weights by {self._maker(model)}, which trains its own models; no base is disclosed"
            if model.startswith("family:"):
                return f"named as one of {model.partition(':')[2]}, a family pretrained by {self._maker(model)}"
            return f"pretrained by {self._maker(model)}"
        if self._known(model):
            return f"published by {self._maker(model)}; no parent is stated and no source says who pretrained it"
        return "no parent is stated and no source says who pretrained it"

    def _ends(self, parents: list[str]) -> str:
        """Whose the weights are in the end, named once."""
        roots = self._lineage.roots
        if not roots or roots == (self._lineage.model,):
            return ""
        owners = _list(list(dict.fromkeys(self._owner(root) for root in roots)), short=False)
        if {_short(root).casefold() for root in roots} <= {_short(parent).casefold() for parent in parents}:
            return f", whose weights are {owners}"
        return f", which goes back to {_list(list(roots))}, whose weights are {owners}"

    def _owner(self, model: str) -> str:
        origin = self._origins.get(model)
        if origin is None or origin.publisher is None:
            return "of a maker not known"
        return f"{origin.publisher.name}'s{self._place(model)}"

    def _maker(self, model: str) -> str:
        origin = self._origins.get(model)
        if origin is not None and origin.publisher is not None:
            return f"{origin.publisher.name}{self._place(model)}"
        org, slash, _ = model.partition("/")
        return org if slash else "a maker not known"

    def _known(self, model: str) -> bool:
        origin = self._origins.get(model)
        return origin is not None and origin.publisher is not None

    def _place(self, model: str) -> str:
        countries = self._countries(model)
        return f" ({', '.join(countries)})" if countries else ""


def record_closed(model: str, record: Record | None) -> bool:
    """Whether nobody outside can look at the weights."""
    if record is not None and record.weights is not Weights.UNKNOWN:
        return record.weights is Weights.CLOSED
    return ":" in model and not model.startswith(("family:", "file:"))


def _act(edge: Edge) -> str:
    match edge.relation:
        case Relation.QUANTIZED:
            return "a quantisation by"
        case Relation.CONVERTED:
            return "a conversion by"
        case Relation.REUPLOAD:
            return "a copy by"
        case Relation.MERGE:
            return "merged by"
        case Relation.ADAPTER:
            return "an adapter by"
        case Relation.UNSTATED:
            return "made by"
        case _:
            return "trained by"


def _from(edge: Edge) -> str:
    match edge.relation:
        case Relation.QUANTIZED | Relation.CONVERTED | Relation.REUPLOAD:
            return "of"
        case Relation.ADAPTER:
            return "for"
        case _:
            return "from"


def _list(models: list[str], *, short: bool = True) -> str:
    names = [_short(m) for m in models] if short else models
    if len(names) > 3:
        names = [*names[:2], f"{len(names) - 2} more"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _short(model: str) -> str:
    if model.startswith(_FAMILY):
        return f"a model of the {model.removeprefix(_FAMILY)} family"
    return model.rpartition("/")[2]
