"""The snapshot as detection asks it."""

from __future__ import annotations

from auditor.resolve.snapshot import Snapshot


class Known:
    """One Hub id for a name, and only where the catalogues agree: the `KnownNames` of `auditor.domain.sighting`."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def hub_id(self, name: str) -> str | None:
        return self._snapshot.hub_id(name)

    def alias_of(self, name: str) -> str | None:
        found = {alias.hub_id for alias in self._snapshot.alias(name)}
        return found.pop() if len(found) == 1 else None
