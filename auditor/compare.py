"""Two inventories side by side: which models came and went, and what is used or judged otherwise."""

from __future__ import annotations

from auditor.domain.inventory import Change, Difference, Inventory, Item
from auditor.domain.report import ProductVerdict
from auditor.errors import AuditError


def difference(old: Inventory, new: Inventory) -> Difference:
    """What changed from one to the other. *Raises*: AuditError when they answer different questions."""
    if old.jurisdiction != new.jurisdiction:
        raise AuditError(
            f"the reports ask of different jurisdictions, {old.jurisdiction!r} and {new.jurisdiction!r}",
            hint=f"make the older one again: auditor scan --jurisdiction {new.jurisdiction} -o FILE.json",
        )
    before, after = _by_place(old), _by_place(new)
    changes = (Change(before.get(key), after.get(key)) for key in sorted(before.keys() | after.keys()))
    return Difference(old, new, tuple(change for change in changes if _moved(change)), _verdicts(old, new))


def _by_place(inventory: Inventory) -> dict[tuple[str, str], Item]:
    return {(item.product, item.model): item for item in inventory.items}


def _moved(change: Change) -> bool:
    """Whether anything but the place is another now: a line that moves is no change."""
    before, after = change.before, change.after
    if before is None or after is None:
        return True
    return (before.usage, before.roles, before.verdict) != (after.usage, after.roles, after.verdict)


def _verdicts(old: Inventory, new: Inventory) -> tuple[tuple[str, ProductVerdict | None, ProductVerdict | None], ...]:
    before = {path: verdict for path, _, verdict in old.products}
    after = {path: verdict for path, _, verdict in new.products}
    moved = sorted(path for path in before.keys() | after.keys() if before.get(path) is not after.get(path))
    return tuple((path, before.get(path), after.get(path)) for path in moved)
