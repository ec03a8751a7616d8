"""How findings are said in words, for every format that people read. All text is safe to show on one line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from auditor.domain.model import Claim, Edge, Relation, Verdict
from auditor.domain.reference import Confidence, Occurrence, Role
from auditor.domain.report import Finding, Judgement, Jurisdiction
from auditor.render.escape import visible

_MOST_PARENTS = 3
_LONG_NAME = 28


NOT_KNOWN = "origin not known"

# What a child is to its parent, to be followed by the parent's name.
RELATION = {
    Relation.FINETUNE: "fine-tune of",
    Relation.ADAPTER: "adapter on",
    Relation.QUANTIZED: "quantised from",
    Relation.MERGE: "merge of",
    Relation.DISTILLED: "taught by",
    Relation.CONVERTED: "converted from",
    Relation.REUPLOAD: "copy of",
    Relation.COMPONENT: "contains",
    Relation.UNSTATED: "made from",
}

# How a model is used at a place.
ROLE = {
    Role.DEFAULT: "by default",
    Role.CONFIGURED: "by configuration",
    Role.IMPLIED: "by a dependency's own default",
    Role.BUNDLED: "as bundled weights",
    Role.OPTIONAL: "in an optional part",
    Role.CATALOG: "on a menu",
    Role.TRAINING: "as the base of a training",
    Role.EVALUATION: "in evaluations",
    Role.EXAMPLE: "in examples",
    Role.TEST: "in tests",
    Role.CI: "in CI",
    Role.DOCUMENTATION: "in documentation",
    Role.COMMENT: "in comments",
    Role.OUTPUT: "in recorded output",
    Role.VENDORED: "in vendored code",
    Role.METADATA: "in metadata",
    Role.TOKENIZER: "as a tokenizer only",
    Role.ARCHITECTURE: "as an architecture name only",
}


def verdict(value: Verdict, jurisdiction: Jurisdiction) -> str:
    """The origin of a model in a few words, for those who do not know our terms: `Chinese base`."""
    adjective = visible(jurisdiction.adjective)
    return {
        Verdict.ROOT: f"{adjective} base",
        Verdict.DERIVED: f"{adjective} training",
        Verdict.COMPONENT: f"{adjective} part inside",
        Verdict.TEACHER: f"{adjective} teacher",
        Verdict.NO: f"not {adjective}",
        Verdict.UNKNOWN: "not known",
    }[value]


def confidence(value: Confidence) -> str:
    return f"{value.label} confidence"


def maker(name: str, countries: Collection[str]) -> str:
    """`Meta (US)`; the country is a question mark when nobody knows it."""
    return f"{visible(name) or '?'} ({'/'.join(sorted(countries)) or '?'})"


def publisher(finding: Finding, bases: Sequence[str]) -> str:
    """Who publishes a model and where they are: `BAAI (CN)`."""
    if finding.publisher is None:
        return "publisher not known"
    return maker(short_name(finding), finding.publisher.countries(bases))


def short_name(finding: Finding) -> str:
    """The publisher's name; where that is long, the organisation that it publishes as, or its id; "" when not known."""
    known = finding.publisher
    if known is None or len(known.name) <= _LONG_NAME:
        return known.name if known else ""
    organisation = finding.id.partition("/")[0]
    return organisation if organisation.casefold() == known.id.casefold() else min(known.id, known.name, key=len)


def seats(judgement: Judgement) -> tuple[tuple[str, Claim], ...]:
    """What is said of where the makers are who have a share in the weights, by developer. *Shape*: each once, nearest first."""
    makers = (*judgement.makers, *judgement.roots)
    return tuple(dict.fromkeys((made.developer, claim) for made in makers for claim in made.claims))


def whose(finding: Finding, bases: Sequence[str]) -> str:
    """Whose weights these are, in a few words: the makers of the roots, and who changed them."""
    verdict = finding.judgement.verdict
    if verdict is Verdict.UNKNOWN:
        return NOT_KNOWN
    makers = list(dict.fromkeys(maker(root.developer, root.countries) for root in finding.judgement.roots))
    roots = " + ".join(makers[:_MOST_PARENTS])
    if verdict is Verdict.DERIVED and finding.publisher is not None:
        return f"{publisher(finding, bases)} on {roots or 'a base not known'}"
    return roots or publisher(finding, bases)


def lineage(finding: Finding, bases: Sequence[str]) -> str:
    """The way back to the roots on one line: `bge-m3 (BAAI, CN) <- fine-tune of xlm-roberta-large (Meta, US)`."""
    makers = {root.id: (root.developer, root.countries) for root in finding.judgement.roots}
    if finding.publisher is not None:
        makers.setdefault(finding.id, (short_name(finding), finding.publisher.countries(bases)))
    aside = {Relation.COMPONENT, Relation.DISTILLED}
    steps = [_named(finding.id, makers)]
    seen = {finding.id}
    level = [finding.id]
    while True:
        edges = [e for e in finding.edges if e.child in level and e.relation not in aside and e.parent not in seen]
        level = list(dict.fromkeys(edge.parent for edge in edges))
        if not level:
            break
        seen.update(level)
        steps.append(_step(edges, level, makers))
    if not finding.complete:
        steps.append("base not known")
    beside = [f"{RELATION[e.relation]} {_named(e.parent, makers)}" for e in finding.edges if e.relation in aside]
    return "; ".join([" ← ".join(steps), *beside[:_MOST_PARENTS]])


def best_places(places: Iterable[Occurrence]) -> list[Occurrence]:
    """The places in the order in which they convince: strongest role, then surest, then by path. One a line of a file."""
    order = list(Role)
    ranked = sorted(places, key=lambda o: (order.index(o.role), -o.confidence, o.path, o.span))
    return list({(place.path, place.span.line): place for place in reversed(ranked)}.values())[::-1]


def where(place: Occurrence) -> str:
    return f"{visible(place.path)}:{place.span.line}"


def mention_counts(findings: Iterable[Finding]) -> list[tuple[int, str]]:
    """How many models are mentioned mostly in what: each model once, most first."""
    counts: Counter[Role] = Counter()
    for finding in findings:
        roles = Counter(place.role for place in finding.occurrences)
        if roles:
            counts[max(roles, key=lambda r: (roles[r], -list(Role).index(r)))] += 1
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], list(Role).index(pair[0])))
    return [(count, ROLE[kind]) for kind, count in ordered]


def origin_counts(findings: Collection[Finding], jurisdiction: Jurisdiction) -> str:
    """`3 of Chinese origin, 2 of unknown origin`; says none when there is none."""
    counted = sum(finding.judgement.verdict in jurisdiction.counted for finding in findings)
    unknown = sum(finding.judgement.verdict is Verdict.UNKNOWN for finding in findings)
    told = f"{counted or 'none'} of {visible(jurisdiction.adjective)} origin"
    return f"{told}, {unknown} of unknown origin" if unknown else told


def number(count: int, noun: str) -> str:
    """`1 model`, `2 models`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _step(edges: Sequence[Edge], parents: Sequence[str], makers: dict[str, tuple[str, tuple[str, ...]]]) -> str:
    relations = {edge.relation for edge in edges}
    said = RELATION[relations.pop() if len(relations) == 1 else Relation.UNSTATED]
    names = " + ".join(_named(parent, makers) for parent in parents[:_MOST_PARENTS])
    more = f" + {len(parents) - _MOST_PARENTS} more" if len(parents) > _MOST_PARENTS else ""
    return f"{said} {names}{more}"


def _named(model: str, makers: dict[str, tuple[str, tuple[str, ...]]]) -> str:
    name = visible(model.rpartition("/")[2] or model)
    if model not in makers:
        return name
    developer, countries = makers[model]
    return f"{name} ({visible(developer) or '?'}, {'/'.join(countries) or '?'})"
