"""A small made-up world of makers, families and models, for tests of resolution and judgement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from auditor.domain.model import Basis, Claim, Edge, Evidence, Publisher, Record, Relation, Verdict, Weights
from auditor.domain.reference import Confidence, Reference, Scheme
from auditor.domain.report import Jurisdiction
from auditor.resolve.catalog import Alias
from auditor.rulebook.patterns import NamePattern
from auditor.rulebook.types import FamilyRule, ModelRule, Origin, ProviderRule, PublisherRule, Rulebook

HERE = Jurisdiction("xx", "Xanadu", "Xanadian", ("XX",), ("headquarters",), (Verdict.ROOT, Verdict.DERIVED))
EVIDENCE = Evidence("snapshot", "made up")


def _origin(id: str) -> Origin:
    return Origin(id, "https://example.com/", "2026-11-24", (), ())


def publisher(
    id: str, country: str = "", *, kind: str = "developer", pretrains: bool = False, sure: Confidence = Confidence.HIGH
) -> PublisherRule:
    claims = (Claim(country, Basis.HEADQUARTERS, sure, EVIDENCE),) if country else ()
    return PublisherRule(_origin(f"pub-{id}"), Publisher(id, id.title(), kind, claims, pretrains), hub=(id,))


def family(
    name: str,
    publisher: str,
    *,
    hub: tuple[str, ...] = (),
    root: bool = False,
    provider: str = "",
    sure: Confidence = Confidence.LOW,
) -> FamilyRule:
    weights = Weights.CLOSED if provider else Weights.OPEN
    patterns = (NamePattern(rf"{name}(?:[-:.\d][a-z0-9._:-]*)?"),)
    return FamilyRule(
        _origin(f"fam-{name}"), name, publisher, "text", weights, patterns, hub, root, provider, confidence=sure
    )


def edge(
    child: str,
    parent: str,
    relation: Relation = Relation.FINETUNE,
    sure: Confidence = Confidence.HIGH,
    source: str = "snapshot",
) -> Edge:
    return Edge(child, parent, relation, sure, Evidence(source, "made up"))


def record(id: str, *parents: Edge, root: bool = False, undisclosed: bool = False, publisher: str = "") -> Record:
    return Record(id, parents, root, undisclosed, publisher=publisher, evidence=EVIDENCE)


def curated(record: Record, *names: str) -> ModelRule:
    return ModelRule(_origin(f"model-{record.id}"), record, names)


def provider(id: str, *prefixes: str, first_party: str = "") -> ProviderRule:
    return ProviderRule(_origin(id), id, "", prefixes=prefixes, first_party=first_party)


def hub(name: str) -> Reference:
    return Reference(Scheme.HUGGINGFACE, name)


class Book:
    """Names and records in memory, as the snapshot answers them."""

    def __init__(self, records: Iterable[Record], aliases: Mapping[str, tuple[Alias, ...]] | None = None) -> None:
        self._records = {r.id.casefold(): r for r in records}
        self._aliases = aliases or {}

    def record(self, name: str) -> Record | None:
        return self._records.get(name.casefold())

    def hub_id(self, name: str) -> str | None:
        found = self.record(name)
        return found.id if found else None

    def alias(self, name: str, scheme: str = "") -> tuple[Alias, ...]:
        return tuple(a for a in self._aliases.get(name.casefold(), ()) if scheme in ("", a.scheme))

    def named(self, basename: str) -> tuple[str, ...]:
        def plain(name: str) -> str:
            return name.rpartition("/")[2].casefold().replace("_", "-").replace(".", "-")

        return tuple(sorted(r.id for r in self._records.values() if plain(r.id) == plain(basename)))

    def author_known(self, org: str) -> bool:
        return any(key.partition("/")[0] == org.casefold() for key in self._records)


RULES = Rulebook(
    digest="world",
    publishers=(
        publisher("xana", "XX", pretrains=True),
        publisher("ypsi", "YY", pretrains=True),
        publisher("tuner", "YY", kind="fine-tuner"),
        publisher("xtuner", "XX", kind="fine-tuner"),
        publisher("packer", "XX", kind="repackager"),
        publisher("nowhere"),
    ),
    families=(
        family("xala", "xana", hub=("xana/xala*",), root=True),
        family("yama", "ypsi", hub=("ypsi/yama*",), root=True),
        family("closix", "xana", provider="xana", sure=Confidence.MEDIUM),
        family("shut", "nowhere", provider="nowhere", sure=Confidence.MEDIUM),
    ),
    providers=(provider("hoster", "hoster/", "host_er/"), provider("xana-api", first_party="xana")),
)
