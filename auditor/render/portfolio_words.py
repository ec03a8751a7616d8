"""How readings are said in words, for every format that people read. Plain enough for a partner meeting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from auditor.domain.claim import Axes, Conclusion, Group, Level, Meaning, Op, Threshold
from auditor.domain.model import Verdict
from auditor.domain.portfolio import Audited, Claimed, ModelFacts, Portfolio, Reading, Sample, Use, Variant
from auditor.domain.reference import Usage
from auditor.domain.report import ProductVerdict
from auditor.render.escape import visible
from auditor.render.words import maker

OF = {
    Group.AUDITED: "all companies",
    Group.AI_USERS: "companies that use AI models",
    Group.OPEN_WEIGHT_USERS: "companies that use open weights",
    Group.GENERATIVE_USERS: "companies that use a generative model",
    Group.ORIGIN: "companies on such open weights",
    Group.ORIGIN_ANY: "companies on such models",
    Group.PRIMARY_ORIGIN: "companies whose main model is such",
}
USAGE = {
    Level.NAMED: "only models that they name and run",
    Level.IMPLIED: "models that they run, also through a dependency",
    Level.OFFERED: "models that they run or offer to choose from",
}
MEANING = {
    Meaning.BROAD: "pretrained or changed there",
    Meaning.STRICT: "pretrained there only",
    Meaning.PUBLISHER: "published from there",
}
CONCLUSION = {
    Conclusion.SUPPORTED: "supported by this sample",
    Conclusion.REFUTED: "refuted for this sample",
    Conclusion.UNDECIDED: "undecided",
}
_FEW = 30


def number(count: int, noun: str, plural: str = "") -> str:
    """`1 company`, `2 companies`."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def percent(share: float | None) -> str:
    """A share as people read it: whole per cent, with a decimal below ten."""
    if share is None:
        return "none"
    value = 100 * share
    return f"{value:.1f}%" if 0 < value < 10 and value != round(value) else f"{value:.0f}%"


def claimed(threshold: Threshold) -> str:
    """What is claimed of a share: `at least 80%`."""
    match threshold.op:
        case Op.AT_LEAST:
            return f"at least {percent(threshold.value)}"
        case Op.OVER:
            return f"over {percent(threshold.value)}"
        case Op.AT_MOST:
            return f"at most {percent(threshold.value)}"
        case Op.UNDER:
            return f"under {percent(threshold.value)}"
        case Op.WITHIN:
            return f"{percent(threshold.value)} to {percent(threshold.upper)}"


def concluded(reading: Reading) -> str:
    """The conclusion in words. Few companies never confirm anything."""
    whole = reading.interval is not None and reading.interval.level == 1
    if whole and reading.conclusion is not Conclusion.UNDECIDED:
        return f"{reading.conclusion.value} for this portfolio"
    if reading.conclusion is Conclusion.SUPPORTED and reading.tally.denominator < _FEW:
        return "consistent with this sample"
    return CONCLUSION[reading.conclusion]


def found(reading: Reading) -> str:
    """`7 of 42, 17% (95% interval 8% to 31%; with the unknown 17% to 24%)`."""
    tally = reading.tally
    if reading.share is None or reading.interval is None:
        return "there is no such company here"
    told = f"{tally.numerator} of {tally.denominator}, {percent(reading.share)}"
    doubts = []
    if reading.interval.level < 1:
        low, high = percent(reading.interval.low), percent(reading.interval.high)
        doubts.append(f"{percent(reading.interval.level)} interval {low} to {high}")
    if tally.unknown:
        doubts.append(f"{tally.unknown} unknown: {percent(reading.bounds[0])} to {percent(reading.bounds[1])}")
    return f"{told} ({'; '.join(doubts)})" if doubts else told


def axes(choice: Axes) -> str:
    narrow = ", without embeddings, rerankers and OCR" if choice.narrow else ""
    return f"{USAGE[choice.usage]}; {MEANING[choice.meaning]}{narrow}"


def answer(claim: Claimed) -> str:
    """The claim's answer in one or two sentences: each conclusion with the readings that have it."""
    by_conclusion = {
        conclusion: [reading for reading in claim.readings if reading.conclusion is conclusion]
        for conclusion in Conclusion
    }
    parts = []
    for conclusion, word in (
        (Conclusion.REFUTED, "refuted"),
        (Conclusion.SUPPORTED, "supported"),
        (Conclusion.UNDECIDED, "undecided"),
    ):
        held = by_conclusion[conclusion]
        if held:
            names = ", ".join(reading.rule.label or reading.rule.id for reading in held)
            parts.append(f"{word} as read in {names}")
    sentence = "; ".join(parts)
    return f"{sentence[:1].upper()}{sentence[1:]}."


def spread(claim: Claimed) -> str:
    """How far the numbers lie apart by the counting rule alone; "" where there is one number."""
    shares = [r.share for r in claim.readings if r.share is not None and r.rule.count in _ORIGIN]
    shares += [v.share for r in claim.readings if r.rule.count in _ORIGIN for v in r.variants if v.share is not None]
    if len(set(shares)) < 2:
        return ""
    return f"By the counting rule alone the same companies give {percent(min(shares))} to {percent(max(shares))}."


_ORIGIN = (Group.ORIGIN, Group.ORIGIN_ANY, Group.PRIMARY_ORIGIN)


def turns(reading: Reading) -> list[str]:
    """What would change the answer, most telling first. *Shape*: whole sentences; empty when nothing seen would."""
    told = []
    if reading.conclusion is Conclusion.UNDECIDED and reading.needed and reading.share is not None:
        n = reading.tally.denominator
        if reading.needed > n:
            told.append(
                f"More companies: if the true share is {percent(reading.share)}, {number(reading.needed, 'member')} of the"
                f" denominator would decide with 90% power; there are {n}."
            )
    flips = [v for v in reading.variants if v.conclusion not in (reading.conclusion, Conclusion.UNDECIDED)]
    if flips:
        nearest = min(flips, key=lambda v: _distance(v.axes, reading.rule.axes))
        told.append(
            f"Another counting rule ({axes(nearest.axes)}): {nearest.tally.numerator} of {nearest.tally.denominator}"
            f" would be {CONCLUSION[nearest.conclusion]}."
        )
    unknown = reading.tally.unknown
    if unknown:
        low, high = reading.bounds
        told.append(
            f"What could not be established about {number(unknown, 'company', 'companies')}: the share could be {percent(low)} to {percent(high)}."
        )
    return told


def all_turns(claim: Claimed) -> list[tuple[str, str]]:
    """What would change the answers: the readings by label, and the sentence that holds for them."""
    grouped: dict[str, list[str]] = {}
    for reading in claim.readings:
        for turn in turns(reading):
            grouped.setdefault(turn, []).append(reading.rule.label or reading.rule.id)
    return [(", ".join(labels), turn) for turn, labels in grouped.items()]


def _distance(one: Axes, other: Axes) -> int:
    return (one.usage != other.usage) + (one.meaning != other.meaning) + (one.narrow != other.narrow)


def verdict_counts(products: Iterable[Audited]) -> dict[ProductVerdict, int]:
    held = [product for product in products if not product.error]
    return {verdict: sum(product.verdict is verdict for product in held) for verdict in ProductVerdict}


def deciding(product: Audited, counted: Sequence[Verdict]) -> list[Use]:
    """The uses that a product's verdict rests on, the strongest first."""
    wanted = {
        ProductVerdict.YES: (Usage.RUNS, set(counted)),
        ProductVerdict.SELECTABLE: (Usage.SELECTABLE, set(counted)),
        ProductVerdict.UNKNOWN: (Usage.RUNS, {Verdict.UNKNOWN}),
        ProductVerdict.NO: (Usage.RUNS, {Verdict.NO}),
    }
    usage, verdicts = wanted[product.verdict]
    held = [use for use in product.uses if use.level.usage is usage and use.model.verdict in verdicts]
    return sorted(held, key=lambda use: (list(Level).index(use.level), -use.model.confidence, use.model.id))


def limits(sample: Sample) -> list[str]:
    """What the numbers cannot say, in plain words."""
    failed = sum(bool(product.error) for product in sample.products)
    given = [
        "A scan reads what the repositories say. Models named only in a secret store, a console or a customer's settings"
        " are not seen: every share of users is a lower bound.",
        "A closed model whose maker does not say what it was made from is unknown, never a no.",
    ]
    if sample.frame.detector is None:
        given.append("The audit's own error rate on these products was not given; the shares are as it saw them.")
    if failed:
        counts = "counts" if failed == 1 else "count"
        given.append(f"{number(failed, 'product')} could not be audited, and {counts} as unknown.")
    if sample.frame.population:
        given.append(f"The whole has {number(sample.frame.population, 'company', 'companies')}.")
    given.append(
        f"Sampling: {sample.frame.sampling or 'not stated; nothing follows for companies beyond these'}.".replace(
            "..", "."
        )
    )
    return given


def headline(portfolio: Portfolio) -> str:
    """How many products, and how many of them run on such weights."""
    sample = portfolio.sample
    counts = verdict_counts(sample.products)
    companies = len({product.holding.company for product in sample.products})
    adjective = visible(sample.jurisdiction.adjective)
    rest = {
        f"{counts[ProductVerdict.SELECTABLE]} only offer them": counts[ProductVerdict.SELECTABLE],
        f"{counts[ProductVerdict.UNKNOWN]} cannot be told": counts[ProductVerdict.UNKNOWN],
    }
    told = "".join(f", {text}" for text, count in rest.items() if count)
    audited = sum(counts.values())
    return (
        f"{counts[ProductVerdict.YES]} of {number(audited, 'product')} of {number(companies, 'company', 'companies')}"
        f" run on {adjective}-origin weights{told}"
    )


def basis(portfolio: Portfolio) -> str:
    """What was audited, in what state."""
    sample = portfolio.sample
    failed = sum(bool(product.error) for product in sample.products)
    parts = [
        f"{number(len(sample.products) - failed, 'product')} audited",
        f"{failed} could not be" if failed else "",
        f"lineage data of {visible(sample.snapshot.built)}" if sample.snapshot.built else "",
    ]
    return " · ".join(part for part in parts if part)


def every(reading: Reading) -> list[Variant]:
    """The reading itself, then the same under every other choice."""
    own = Variant(reading.rule.axes, reading.tally, reading.share, reading.interval, reading.conclusion)
    return [own, *reading.variants]


def by_verdict(products: Iterable[Audited]) -> list[Audited]:
    """Those that were audited, the worst verdict first, then by company."""
    order = list(ProductVerdict)
    audited = [product for product in products if not product.error]
    return sorted(
        audited, key=lambda p: (order.index(p.verdict), p.holding.company.casefold(), p.holding.name.casefold())
    )


def whose(model: ModelFacts) -> str:
    """A model with whose weights it goes back to: `bge-m3: Meta (US), published by BAAI (CN)`."""
    roots = " + ".join(dict.fromkeys(maker(root.developer, root.countries) for root in model.roots))
    own = maker(model.publisher, model.publisher_countries) if model.publisher else ""
    if not roots:
        return f"{visible(model.name)}: {own + ', base not known' if own else 'origin not known'}"
    return f"{visible(model.name)}: {roots}{', published by ' + own if own and own != roots else ''}"


def portfolio_name(portfolio: Portfolio) -> str:
    return portfolio.sample.frame.name or "This portfolio"
