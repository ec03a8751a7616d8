"""What a report found, reduced to what two of them can be compared by: which product uses which model, and how."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.domain.model import Verdict
from auditor.domain.reference import Confidence, Role, Usage
from auditor.domain.report import ProductVerdict


@dataclass(frozen=True, slots=True)
class Item:
    """One model in one product: its strongest usage there, the roles that give it, and one of their places.

    `product` is the path. *Shape*: roles in the order of `Role`, never empty.
    """

    model: str
    product: str
    usage: Usage
    roles: tuple[Role, ...]
    verdict: Verdict
    confidence: Confidence
    origin: str  # why that verdict, in words
    path: str
    line: int
    why: str
    waived: bool = False


@dataclass(frozen=True, slots=True)
class Basis:
    """What a report was made with. Where two differ in it, a difference between them may be ours."""

    version: str
    rules: str
    snapshot: str


@dataclass(frozen=True, slots=True)
class Inventory:
    """*Shape*: products sorted, as path, name and verdict; items sorted by product and model."""

    label: str
    target: str  # the name of what was audited, which no file's name or revision changes
    commit: str
    jurisdiction: str
    counted: tuple[Verdict, ...]
    made_with: Basis
    verdict: ProductVerdict
    products: tuple[tuple[str, str, ProductVerdict], ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A model that entered a product, left it, or is used or judged otherwise. One of the two is there."""

    before: Item | None
    after: Item | None

    @property
    def item(self) -> Item:
        """As it is now, or was last."""
        item = self.after or self.before
        assert item is not None
        return item

    @property
    def mere_mention(self) -> bool:
        """Whether the product neither used the model before nor does now."""
        return all(item is None or item.usage is Usage.MENTIONS for item in (self.before, self.after))


@dataclass(frozen=True, slots=True)
class Difference:
    """*Shape*: changes sorted by product and model; those products whose verdict moved, as path, old and new."""

    old: Inventory
    new: Inventory
    changes: tuple[Change, ...]
    verdicts: tuple[tuple[str, ProductVerdict | None, ProductVerdict | None], ...]
