"""What changed between two reports, for a terminal and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from auditor.domain.inventory import Change, Difference, Inventory, Item
from auditor.domain.model import Verdict
from auditor.render import words
from auditor.render.console import printed, rows
from auditor.render.escape import visible

SCHEMA_VERSION = "1"
_SHORT = 10
_MOST_ROWS = 15
MADE_OTHERWISE = "made with different rules, lineage data or versions: a moved verdict may be a change in these"
KINDS = (("In", "+"), ("Out", "-"), ("Moved", "~"))


def render(difference: Difference, *, width: int, color: bool) -> str:
    """The difference for a terminal of `width` cells, ending in a line break. Mere mentions are counted."""
    return printed(_parts(difference, width), width=width, color=color)


def render_json(difference: Difference) -> str:
    """The difference as one JSON document with every change, ending in a line break."""
    changes = {title.lower(): of_kind(difference.changes, title) for title, _ in KINDS}
    document = {
        "schema_version": SCHEMA_VERSION,
        "old": _inventory(difference.old),
        "new": _inventory(difference.new),
        "same_knowledge": difference.old.made_with == difference.new.made_with,
        "products": [{"path": path, "old": old, "new": new} for path, old, new in difference.verdicts],
        "in": [_item(change.item) for change in changes["in"]],
        "out": [_item(change.item) for change in changes["out"]],
        "moved": [
            {
                "model": change.item.model,
                "product": change.item.product,
                "old": _item(change.before),
                "new": _item(change.after),
            }
            for change in changes["moved"]
            if change.before and change.after
        ],
    }
    return json.dumps(document, indent=2) + "\n"


def _parts(difference: Difference, width: int) -> Iterator[RenderableType]:
    old, new = difference.old, difference.new
    yield Text.assemble((f"{_label(old)} → {_label(new)}", "bold"))
    moved = "" if old.verdict is new.verdict else f"{old.verdict} → "
    yield Text(f"verdict: {moved}{new.verdict}", style="bold" if moved else "dim")
    used = [change for change in difference.changes if not change.mere_mention]
    for title, sign in KINDS:
        found = sorted(of_kind(used, title), key=lambda change: by_relevance(change, new))
        if found:
            yield Text()
            yield Text.assemble((title, "bold"), (f"  {words.number(len(found), 'model')}", "dim"))
            table = [_row(change, sign, difference) for change in found[:_MOST_ROWS]]
            limits = (1, width * 34 // 100, width * 16 // 100, width * 28 // 100)
            yield from rows(table, limits=limits, width=width, keep_end=True)
            if len(found) > _MOST_ROWS:
                yield Text(f"  +{len(found) - _MOST_ROWS} more, see --format json", style="dim")
    if not used:
        yield Text("the same models are used in the same way, with the same verdicts")
    mentions = [change for change in difference.changes if change.mere_mention]
    if mentions:
        counts = ((len(of_kind(mentions, title)), title.lower()) for title, _ in KINDS)
        yield Text()
        yield Text(f"only mentioned: {', '.join(f'{n} {title}' for n, title in counts if n)}", style="dim")
    if old.made_with != new.made_with:
        yield Text()
        yield Text(MADE_OTHERWISE)


def by_relevance(change: Change, inventory: Inventory) -> tuple[bool, bool, int, str, str]:
    """What the question is about first, then what is used most."""
    items = [item for item in (change.before, change.after) if item]
    counted = any(item.verdict in inventory.counted for item in items)
    unknown = any(item.verdict is Verdict.UNKNOWN for item in items)
    return not counted, not unknown, min(item.usage.rank for item in items), items[0].product, items[0].model


def _row(change: Change, sign: str, difference: Difference) -> list[Text]:
    item = change.item
    asked_of = item.verdict in difference.new.counted
    doubtful = item.verdict is Verdict.UNKNOWN
    several = len({one[0] for one in (*difference.old.products, *difference.new.products)}) > 1
    return [
        Text(sign),
        Text(visible(item.model), style="red" if asked_of else "yellow" if doubtful else ""),
        Text(visible(item.product) if several else "", style="dim"),
        Text("; ".join(moves(change))),
        Text(f"{visible(item.path)}:{item.line}", style="dim"),
    ]


def moves(change: Change) -> Iterator[str]:
    """How it is used and what its verdict is, or how these moved."""
    before, after = change.before, change.after
    if before is None or after is None:
        yield f"{words.ROLE[change.item.roles[0]]}; {change.item.verdict}"
        return
    if before.usage is not after.usage:
        yield f"{before.usage} → {after.usage}"
    elif before.roles != after.roles:
        yield f"{_roles(before)} → {_roles(after)}"
    if before.verdict is not after.verdict:
        yield f"{before.verdict} → {after.verdict}"


def _roles(item: Item) -> str:
    return "+".join(role.value for role in item.roles)


def of_kind(changes: Sequence[Change], title: str) -> list[Change]:
    """Those that came in, went out or moved, by the titles of `KINDS`."""
    return [change for change in changes if _kind(change) == title]


def _kind(change: Change) -> str:
    if change.before is None:
        return "In"
    return "Out" if change.after is None else "Moved"


def _label(inventory: Inventory) -> str:
    label = visible(inventory.label)
    return f"{label} ({inventory.commit[:_SHORT]})" if inventory.commit else label


def _inventory(inventory: Inventory) -> dict[str, object]:
    basis = inventory.made_with
    return {
        "label": inventory.label,
        "commit": inventory.commit or None,
        "jurisdiction": inventory.jurisdiction,
        "verdict": inventory.verdict.value,
        "tool": {"version": basis.version, "rules": basis.rules, "snapshot": basis.snapshot},
    }


def _item(item: Item) -> dict[str, object]:
    return {
        "model": item.model,
        "product": item.product,
        "usage": item.usage.value,
        "roles": [role.value for role in item.roles],
        "verdict": item.verdict.value,
        "confidence": item.confidence.label,
        "origin": item.origin,
        "path": item.path,
        "line": item.line,
        "why": item.why,
    }
