"""One catalogue of names that also knows the ids of the curated records, which tables may never have met."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.domain.model import Record
from auditor.resolve.catalog import Alias, Names
from auditor.resolve.compile import normal


class Widened:
    """The names of a snapshot and further Hub ids. What both know is answered once, in the snapshot's spelling."""

    def __init__(self, names: Names, ids: Iterable[str]) -> None:
        self._within = names
        self._ids: dict[str, str] = {}
        self._based: dict[str, list[str]] = {}
        for hub_id in ids:
            if "/" in hub_id and hub_id.casefold() not in self._ids:
                self._ids[hub_id.casefold()] = hub_id
                self._based.setdefault(normal(hub_id.rpartition("/")[2]), []).append(hub_id)

    def record(self, name: str) -> Record | None:
        return self._within.record(name)

    def hub_id(self, name: str) -> str | None:
        return self._within.hub_id(name) or self._ids.get(name.casefold())

    def alias(self, name: str, scheme: str = "") -> tuple[Alias, ...]:
        return self._within.alias(name, scheme)

    def named(self, basename: str) -> tuple[str, ...]:
        found = self._within.named(basename)
        met = {hub_id.casefold() for hub_id in found}
        more = (i for i in self._based.get(normal(basename), ()) if i.casefold() not in met)
        return tuple(sorted((*found, *more)))

    def author_known(self, org: str) -> bool:
        return self._within.author_known(org)
