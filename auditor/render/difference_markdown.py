"""What changed between two reports, as a short comment on a pull request: what the question is about first, the rest folded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.domain.inventory import Change, Difference, Item
from auditor.domain.model import Verdict
from auditor.render import words
from auditor.render.difference import KINDS, MADE_OTHERWISE, by_relevance, moves, of_kind
from auditor.render.gfm import bold, code, fitted, folded, marker, said, table

_SHORT = 10


def render(difference: Difference) -> str:
    """The difference as GitHub Flavored Markdown. *Shape*: at most 65,536 bytes of UTF-8, begins with a hidden marker
    that is the same for a jurisdiction and the target that the newer report is about."""
    return fitted(lambda most: _lines(difference, most))


def _lines(difference: Difference, most: int) -> Iterator[str]:
    old, new = difference.old, difference.new
    yield marker("diff", new.jurisdiction, new.target)
    moved = f"{old.verdict} → **{new.verdict}**" if old.verdict is not new.verdict else f"still **{new.verdict}**"
    yield f"### Models: {moved}"
    yield ""
    used = [change for change in difference.changes if not change.mere_mention]
    told = [f"{len(found)} {title.lower()}" for title, _ in KINDS if (found := of_kind(used, title))]
    summary = ", ".join(told) or "the same models are used in the same way, with the same verdicts"
    yield f"From {_named(old.label, old.commit)} to {_named(new.label, new.commit)}: {said(summary)}."
    yield ""
    several = len({one[0] for one in (*old.products, *new.products)}) > 1
    for title, _ in KINDS:
        found = sorted(of_kind(used, title), key=lambda change: by_relevance(change, new))
        asked = [change for change in found if _is_asked(change, difference)]
        if asked:
            yield bold(
                f"{title}: {words.number(len(asked), 'model')} that the question is about, or whose origin is unknown"
            )
            yield ""
            yield from _table(asked, most, several)
        if others := [change for change in found if not _is_asked(change, difference)]:
            more = "others" if asked else words.number(len(others), "model")
            yield from folded(
                f"{title}: {len(others)} {more}" if asked else f"{title}: {more}", _table(others, most, several)
            )
    mentions = [change for change in difference.changes if change.mere_mention]
    if mentions:
        counts = ((len(of_kind(mentions, title)), title.lower()) for title, _ in KINDS)
        yield f"Only mentioned: {', '.join(f'{n} {title}' for n, title in counts if n)}."
        yield ""
    if old.made_with != new.made_with:
        yield f"<sub>{said(MADE_OTHERWISE)}</sub>"


def _is_asked(change: Change, difference: Difference) -> bool:
    """Whether the question is about it, before or now, or nobody knows whether it is."""
    verdicts = {item.verdict for item in (change.before, change.after) if item}
    return Verdict.UNKNOWN in verdicts or not verdicts.isdisjoint(difference.new.counted)


def _table(changes: Sequence[Change], most: int, several: bool) -> Iterator[str]:
    titles = ("Model", "What", "Origin", *(("Product",) if several else ()), "Where")
    yield from table(titles, [_row(change, several) for change in changes[:most]], left_out=len(changes) - most)


def _row(change: Change, several: bool) -> tuple[str, ...]:
    item = change.item
    product = (code(item.product),) if several else ()
    where = code(f"{item.path}:{item.line}", keep_end=True)
    entire = change.before is None or change.after is None
    what = words.ROLE[item.roles[0]] if entire else "; ".join(moves(change))
    return code(item.model), said(what), _origin(item), *product, where


def _origin(item: Item) -> str:
    return f"**{item.verdict.value}**, {words.confidence(item.confidence)}: {said(item.origin)}"


def _named(label: str, commit: str) -> str:
    return f"{code(label)} ({commit[:_SHORT]})" if commit else code(label)
