"""A report made earlier, read back as far as later ones are compared with it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from auditor.domain.inventory import Basis, Inventory, Item
from auditor.domain.model import Verdict
from auditor.domain.reference import Confidence, Role, Usage
from auditor.domain.report import Outcome, ProductVerdict
from auditor.errors import AuditError

SCHEMA_VERSION = "1"
_MOST_BYTES = 1 << 30


def read(file: Path) -> Inventory:
    """The inventory of a report in JSON. *Raises*: AuditError when it is none, or one of another schema version."""
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise AuditError(f"{file} is too large for a report")
        document = json.loads(file.read_bytes())
    except OSError as error:
        raise AuditError(f"cannot read {file}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise AuditError(f"{file} is no report: it is not JSON", hint=_HINT) from error
    version = document.get("schema_version") if isinstance(document, dict) else None
    if version is None:
        raise AuditError(f"{file} is no report: it states no schema_version", hint=_HINT)
    if version != SCHEMA_VERSION:
        raise AuditError(
            f"{file} is a report of schema version {version!r}, and this program reads {SCHEMA_VERSION!r}",
            hint="make it again with this version: auditor scan -o FILE.json",
        )
    try:
        return inventory(document)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise AuditError(f"{file} is no complete report: {error}", hint=_HINT) from error


def inventory(document: Mapping[str, Any]) -> Inventory:
    """The inventory of a report's document. *Raises*: what a document of another shape causes."""
    tool, target = document["tool"], document["target"]
    waived = {d["model"] for d in document["decisions"] if d["outcome"] == Outcome.WAIVED}
    products = [(p["path"], p["name"], ProductVerdict(p["verdict"])) for p in document["products"]]
    items = [item for model in document["models"] for item in _items(model, waived)]
    return Inventory(
        label=target["location"],
        target=target["location"],
        commit=target["commit"] or "",
        jurisdiction=document["jurisdiction"]["id"],
        counted=tuple(Verdict(verdict) for verdict in document["jurisdiction"]["counted"]),
        made_with=Basis(tool["version"], tool["rules"], tool["snapshot"]["id"]),
        verdict=ProductVerdict(document["summary"]["verdict"]),
        products=tuple(sorted(products)),
        items=tuple(sorted(items, key=lambda item: (item.product, item.model))),
    )


def known(earlier: Inventory) -> frozenset[tuple[str, Usage, str]]:
    """What an earlier report had found, for a policy that is to fail on what is new.

    What was waived is left out: it must not outlive its waiver by having been there.
    """
    return frozenset((item.model, item.usage, item.product) for item in earlier.items if not item.waived)


def _items(model: Mapping[str, Any], waived: set[str]) -> Iterator[Item]:
    """One for each product that the model occurs in."""
    origin = model["origin"]
    places = [(Role(place["role"]), place) for place in model["occurrences"]]
    order = list(Role)
    for product in sorted({place["product"] for _, place in places}):
        here = [(role, place) for role, place in places if place["product"] == product]
        usage = min((role.usage for role, _ in here), key=lambda one: one.rank)
        roles = sorted({role for role, _ in here if role.usage is usage}, key=order.index)
        best = min((p for r, p in here if r is roles[0]), key=lambda p: (-_sure(p).value, p["path"], p["line"]))
        yield Item(
            model=model["id"],
            product=product,
            usage=usage,
            roles=tuple(roles),
            verdict=Verdict(origin["verdict"]),
            confidence=_sure(origin),
            origin=origin["why"],
            path=best["path"],
            line=int(best["line"]),
            why=best["why"],
            waived=model["id"] in waived,
        )


def _sure(of: Mapping[str, Any]) -> Confidence:
    return Confidence[of["confidence"].upper()]


_HINT = "a report is made by: auditor scan -o FILE.json"
