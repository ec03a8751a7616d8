"""What each kind of rule says: one function a kind, from a TOML table to its frozen value."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from auditor.domain.model import Basis, Claim, Edge, Evidence, Flag, Publisher, Record, Relation, Verdict, Weights
from auditor.domain.reference import Confidence, Scheme
from auditor.domain.report import Jurisdiction
from auditor.rulebook.decode_default import default
from auditor.rulebook.defaults import Default
from auditor.rulebook.patterns import NamePattern, flaw
from auditor.rulebook.table import Table
from auditor.rulebook.types import (
    CallRule,
    CommandRule,
    FamilyRule,
    FlagRule,
    KeyRule,
    ModelRule,
    PackageRule,
    ProviderRule,
    PublisherRule,
    Reads,
    RegistryRule,
    Shorthand,
    StackRule,
    WordKind,
    WordRule,
)

_KINDS = ("developer", "fine-tuner", "repackager", "host", "unknown")
_NAMES = ("hub", "api", "ollama", "any", "address", "none")
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
_PACKAGE = re.compile(r"[a-z]+:\S+", re.ASCII)


def publisher(t: Table) -> PublisherRule:
    origin = t.origin()
    claims = tuple(_claim(c) for c in t.tables("claim", "claims"))
    maker = Publisher(origin.id, t.text("name"), t.one_of("kind", _KINDS), claims, t.boolean("pretrains"))
    rule = PublisherRule(origin, maker, t.texts("hub"), t.texts("modelscope"), t.texts("slugs"))
    if not (rule.hub or rule.modelscope or rule.slugs):
        raise t.error("hub", "is missing: a publisher is known by an organisation")
    return rule


def family(t: Table) -> FamilyRule:
    origin = t.origin()
    return FamilyRule(
        origin,
        name=t.text("name"),
        publisher=t.text("publisher"),
        modality=t.text("modality", ""),
        weights=t.choice("weights", Weights),
        names=_patterns(t, "names"),
        hub=t.texts("hub"),
        root=t.boolean("root"),
        provider=t.text("provider", ""),
        confidence=t.confidence(origin.source, Confidence.LOW),
        license=t.text("license", ""),
        ordinary=t.boolean("ordinary"),
    )


def model(t: Table) -> ModelRule:
    origin = t.origin()
    id = t.text("model")
    evidence = Evidence(f"rule:{origin.id}", t.text("note", ""), origin.source, origin.as_of)
    record = Record(
        id,
        parents=tuple(_parent(p, id, evidence) for p in t.tables("parents", "parent")),
        root=t.boolean("root"),
        undisclosed=t.boolean("undisclosed"),
        license=t.text("license", ""),
        modality=t.text("modality", ""),
        weights=t.choice("weights", Weights, Weights.UNKNOWN),
        publisher=t.text("publisher", ""),
        note=t.text("note", ""),
        evidence=evidence,
    )
    if record.root and (
        record.undisclosed or any(e.relation.changes_weights for e in record.parents if e.relation in _WHOLE)
    ):
        raise t.error("root", "contradicts its parents or `undisclosed`")
    return ModelRule(origin, record, t.texts("names"))


def provider(t: Table) -> ProviderRule:
    origin = t.origin()
    return ProviderRule(
        origin,
        name=t.text("name"),
        country=_country(t, "country", required=False),
        hosts=t.texts("hosts"),
        keys=t.texts("keys"),
        packages=_packages(t),
        prefixes=t.texts("prefixes"),
        first_party=t.text("first-party", ""),
        confidence=t.confidence(origin.source, Confidence.LOW),
        suffixes=t.texts("suffixes"),
    )


def registry(t: Table) -> RegistryRule:
    origin = t.origin()
    prefixes = t.texts("prefixes", required=True)
    parts = t.number("parts", 2)
    if parts < 1:
        raise t.error("parts", "must be at least 1")
    return RegistryRule(origin, t.choice("scheme", Scheme), prefixes, parts, t.texts("skip"), t.texts("reserved"))


def call(t: Table) -> CallRule:
    origin = t.origin(hits=t.text("names", "") != "none")
    rule = CallRule(
        origin,
        languages=t.texts("languages", required=True),
        callee=t.texts("callee", required=True),
        position=t.number("position", -1),
        keywords=t.texts("keywords"),
        names=t.one_of("names", _NAMES),
        reads=t.choice("reads", Reads, Reads.WEIGHTS),
        provider=t.text("provider", ""),
        confidence=t.confidence(origin.source, Confidence.HIGH),
        short=_shorthand(t),
        unless=t.texts("unless"),
        constants=t.pairs("constants"),
    )
    if rule.position < 0 and not rule.keywords and not rule.constants:
        raise t.error("position", "or keywords must tell which argument names the model")
    return rule


def key(t: Table) -> KeyRule:
    origin = t.origin(hits=t.text("names", "") != "none")
    return KeyRule(
        origin,
        keys=t.texts("keys", required=True),
        names=t.one_of("names", _NAMES),
        reads=t.choice("reads", Reads, Reads.WEIGHTS),
        files=t.texts("files"),
        confidence=t.confidence(origin.source, Confidence.MEDIUM),
        short=_shorthand(t),
    )


def command(t: Table) -> CommandRule:
    origin = t.origin(hits=t.text("names", "") != "none")
    rule = CommandRule(
        origin,
        words=t.texts("words", required=True),
        position=t.number("position", -1),
        flags=t.texts("flags"),
        names=t.one_of("names", _NAMES),
        reads=t.choice("reads", Reads, Reads.WEIGHTS),
        confidence=t.confidence(origin.source, Confidence.HIGH),
        short=_shorthand(t),
        unless=t.texts("unless"),
    )
    if rule.position < 0 and not rule.flags:
        raise t.error("position", "or flags must tell which word names the model")
    return rule


def word(t: Table) -> WordRule:
    return WordRule(t.origin(misses=False), t.choice("kind", WordKind), t.texts("words", required=True))


def package(t: Table) -> PackageRule:
    origin = t.origin()
    return PackageRule(
        origin,
        ecosystem=t.text("ecosystem"),
        name=t.text("name"),
        defaults=tuple(default(d) for d in t.tables("default", "defaults")) or _missing(t, "default"),
        confidence=t.confidence(origin.source, Confidence.HIGH),
    )


def stack(t: Table) -> StackRule:
    return StackRule(t.origin(), t.text("name"), t.text("vendor"), _packages(t), t.texts("imports"), t.texts("images"))


def flag(t: Table) -> FlagRule:
    origin = t.origin(misses=False)
    notice = Flag(t.text("flag"), t.text("subject"), t.text("note"), t.source("url", origin.source), origin.as_of)
    rule = FlagRule(origin, notice, t.texts("publishers"), t.texts("models"), t.texts("licenses"))
    if not (rule.publishers or rule.models or rule.licenses):
        raise t.error("publishers", "models or licenses must say what the flag is about")
    return rule


def jurisdiction(t: Table) -> Jurisdiction:
    origin = t.origin(misses=False)
    countries = t.texts("countries", required=True)
    for country in (*countries, *(e.text for e in (*origin.hit, *origin.miss))):
        if not _COUNTRY.fullmatch(country):
            raise t.error("countries", f"must be ISO 3166-1 alpha-2 codes, not {country!r}")
    if not {e.text for e in origin.hit} <= set(countries) or {e.text for e in origin.miss} & set(countries):
        raise t.error("hit", "and miss contradict the countries")
    bases = tuple(basis.value for basis in t.choices("bases", Basis))
    counted = t.choices("counted", Verdict)
    return Jurisdiction(origin.id, t.text("name"), t.text("adjective"), tuple(sorted(countries)), bases, counted)


DECODERS: Final[dict[str, Callable[[Table], object]]] = {
    "publisher": publisher,
    "family": family,
    "model": model,
    "provider": provider,
    "registry": registry,
    "call": call,
    "key": key,
    "command": command,
    "word": word,
    "package": package,
    "stack": stack,
    "flag": flag,
    "jurisdiction": jurisdiction,
}

_WHOLE = frozenset(Relation) - {Relation.COMPONENT, Relation.DISTILLED}  # relations that hand the weights on


def _claim(t: Table) -> Claim:
    source = t.source()
    claim = Claim(
        _country(t, "country", required=True),
        t.choice("basis", Basis, Basis.HEADQUARTERS),
        t.confidence(source, Confidence.LOW),
        Evidence("curated", t.text("note", ""), source, t.date("as-of")),
        t.date("since", ""),
        t.date("until", ""),
    )
    t.close()
    return claim


def _parent(t: Table, child: str, record: Evidence) -> Edge:
    source = t.source("source", record.url)
    evidence = Evidence(
        record.source, t.text("detail", t.text("note", record.detail)), source, t.date("as-of", record.as_of)
    )
    confidence = t.confidence(source, Confidence.HIGH)
    edge = Edge(child, t.text("model"), t.choice("relation", Relation), confidence, evidence)
    t.close()
    return edge


def _shorthand(t: Table) -> Shorthand:
    template = t.text("template", "")
    if template and (template.count("{}") != 1 or "/" not in template):
        raise t.error("template", f"must be a Hub id with one {{}} in it, not {template!r}")
    return Shorthand(template, t.pairs("means"))


def _patterns(t: Table, key: str) -> tuple[NamePattern, ...]:
    patterns = t.texts(key)
    for pattern in patterns:
        problem = flaw(pattern)
        if problem:
            raise t.error(key, f"{problem}: {pattern!r}")
    return tuple(map(NamePattern, patterns))


def _packages(t: Table) -> tuple[str, ...]:
    packages = t.texts("packages")
    for name in packages:
        if not _PACKAGE.fullmatch(name):
            raise t.error("packages", f"must be written ecosystem:name, not {name!r}")
    return packages


def _country(t: Table, key: str, *, required: bool) -> str:
    value = t.text(key, None if required else "")
    if value and not _COUNTRY.fullmatch(value):
        raise t.error(key, f"must be an ISO 3166-1 alpha-2 code, not {value!r}")
    return value


def _missing(t: Table, key: str) -> tuple[Default, ...]:
    raise t.error(key, "is missing")
