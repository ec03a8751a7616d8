"""The answer to "who made these weights?" at a terminal: a sentence, the tree behind it, and where to check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text
from rich.tree import Tree

from auditor.domain.model import Claim, Edge, Verdict
from auditor.domain.reference import Confidence
from auditor.domain.report import Explained, Finding, Jurisdiction
from auditor.render import words
from auditor.render.console import labelled, printed
from auditor.render.escape import visible


def render_explained(explained: Iterable[Explained], *, jurisdiction: Jurisdiction, width: int, color: bool) -> str:
    """One passage a name, in the order asked, for a terminal of `width` cells."""
    parts: list[RenderableType] = []
    for one in explained:
        if parts:
            parts.append(Text())
        parts.extend(_unheard_of(one) if one.finding is None else _told(one, one.finding, jurisdiction))
    return printed(parts, width=width, color=color)


def _unheard_of(one: Explained) -> Iterator[RenderableType]:
    yield Text.assemble(("UNKNOWN", "bold yellow"), "  ", (f"nothing is known of {visible(one.query)}", "bold"))
    yield from _candidates(one)


def _told(one: Explained, finding: Finding, jurisdiction: Jurisdiction) -> Iterator[RenderableType]:
    judged = finding.judgement
    label, style, sentence = _verdict(finding, jurisdiction)
    yield Text.assemble((label, style), "  ", (sentence, "bold"))
    yield Text(f"{visible(judged.why)} ({words.confidence(judged.confidence)})")
    if one.query not in (finding.id, finding.id.rpartition(":")[2]):
        yield Text(f"{visible(one.query)} is taken for {visible(finding.id)}", style="dim")
    yield Text()
    tree = Tree(_named(finding.id, finding, jurisdiction), guide_style="dim")
    _grow(tree, finding.id, finding, jurisdiction, {finding.id})
    if not finding.complete:
        tree.add(Text("no source says what this was made from: not known is not clean", style="yellow"))
    yield Padding(tree, (0, 0, 0, 2))
    yield Text()
    yield labelled(_traits(finding, jurisdiction), indent=2)
    yield from _checks(finding)
    yield from _candidates(one)


def _verdict(finding: Finding, jurisdiction: Jurisdiction) -> tuple[str, str, str]:
    """Label, style and sentence. What rests on a likeness or on memory alone is not said as a fact."""
    verdict = finding.judgement.verdict
    name, origin = visible(finding.id), f"{visible(jurisdiction.adjective)} origin"
    sure = finding.judgement.confidence is not Confidence.LOW
    if verdict in jurisdiction.counted:
        is_ = "is" if sure else "seems to be"
        return "YES", "bold red", f"{name} {is_} of {origin} ({verdict.value})"
    if verdict is Verdict.UNKNOWN:
        return "UNKNOWN", "bold yellow", f"the origin of {name} is not known"
    if verdict is Verdict.NO:
        is_not = "is not" if sure else "does not seem to be"
        return "NO", "bold green", f"{name} {is_not} of {origin}"
    return "NO", "bold yellow", f"{name} is not counted as of {origin} ({verdict.value})"


def _grow(tree: Tree, model: str, finding: Finding, jurisdiction: Jurisdiction, told: set[str]) -> None:
    """Hang the parents under a model. What has been told once, as in a merge or a cycle, is named again but not retold."""
    for edge in finding.edges:
        if edge.child != model:
            continue
        said = Text.assemble((f"{words.RELATION[edge.relation]} ", "dim"), _named(edge.parent, finding, jurisdiction))
        branch = tree.add(said.append_text(_source(edge)))
        if edge.parent not in told:
            told.add(edge.parent)
            _grow(branch, edge.parent, finding, jurisdiction, told)


def _named(model: str, finding: Finding, jurisdiction: Jurisdiction) -> Text:
    roots = {root.id: root for root in finding.judgement.roots}
    if model in roots:
        root = roots[model]
        return Text.assemble((visible(model), "bold"), f"  {words.maker(root.developer, root.countries)}")
    if model == finding.id:
        return Text.assemble((visible(model), "bold"), f"  {words.publisher(finding, jurisdiction.bases)}")
    return Text(visible(model), style="bold")


def _source(edge: Edge) -> Text:
    told = edge.evidence
    parts = (told.source, told.detail, told.as_of, words.confidence(edge.confidence), told.url)
    return Text("\n" + ", ".join(visible(part) for part in parts if part), style="dim")


def _traits(finding: Finding, jurisdiction: Jurisdiction) -> Iterator[tuple[str, RenderableType]]:
    yield "weights", Text(finding.weights.value)
    if finding.license:
        yield "license", Text(visible(finding.license))
    if finding.modality:
        yield "modality", Text(visible(finding.modality))
    for said in finding.told:
        yield (
            "told",
            Text(f"{visible(said.detail)} ({', '.join(part for part in (said.as_of, visible(said.url)) if part)})"),
        )
    own = [(finding.publisher.name, claim) for claim in finding.publisher.claims] if finding.publisher else []
    for role, claims in (("publisher", own), ("maker", [c for c in words.seats(finding.judgement) if c not in own])):
        for name, claim in claims:
            yield role, Text(f"{visible(name)}: {_seat(claim, jurisdiction)}")
    for flag in finding.flags:
        yield "flag", Text(f"{visible(flag.subject)}: {visible(flag.note)} ({flag.as_of}, {flag.url})", style="yellow")


def _seat(claim: Claim, jurisdiction: Jurisdiction) -> str:
    """Where a maker is, by which basis, and who says so: what was only remembered says that it is unverified."""
    moved = "".join(f" {word} {day}" for word, day in (("since", claim.since), ("until", claim.until)) if day)
    counts = "" if claim.counts(jurisdiction.bases) else ", does not count here"
    said = (words.confidence(claim.confidence), claim.evidence.detail, claim.evidence.as_of, claim.evidence.url)
    return (
        f"{claim.country} by {claim.basis.value}{moved}{counts} ({', '.join(visible(part) for part in said if part)})"
    )


def _checks(finding: Finding) -> Iterator[RenderableType]:
    """Where to read it oneself: every address that the answer rests on, once."""
    card = f"https://huggingface.co/{finding.hub_id}" if finding.hub_id else ""
    steps = [edge.evidence.url for edge in finding.edges]
    own = finding.publisher.claims if finding.publisher else ()
    claims = [claim.evidence.url for claim in (*own, *(claim for _, claim in words.seats(finding.judgement)))]
    told = [said.url for said in finding.told]
    addresses = [url for url in dict.fromkeys((card, *told, *steps, *claims)) if url.startswith("https://")]
    if addresses:
        yield Text()
        yield Text("Check it yourself", style="bold")
        yield from (Text(f"  {visible(address)}") for address in addresses)


def _candidates(one: Explained) -> Iterator[RenderableType]:
    if one.candidates:
        yield Text()
        yield Text(f"near names: {', '.join(visible(name) for name in one.candidates)}", style="dim")
