"""The elements of an SPDX 3 document and their relationships: each once, under an id of its own."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.render.document import Json
from auditor.render.uris import encoded

CREATION = "_:creation"


class Graph:
    """The elements of a document by their ids, each once."""

    def __init__(self, namespace: str) -> None:
        self._namespace = namespace
        self.elements: dict[str, Json] = {}

    def id(self, *names: str) -> str:
        """The id of an element of the document, from names that may hold anything."""
        return self._namespace + ":".join(encoded(name) for name in names)

    def add(self, type_: str, id_: str, **fields: object) -> str:
        """Put an element into the document, without the fields that are empty; the first of an id stays."""
        known = {name: value for name, value in fields.items() if value not in (None, "", [], ())}
        self.elements.setdefault(id_, {"type": type_, "spdxId": id_, "creationInfo": CREATION, **known})
        return id_

    def relate(self, from_: str, kind: str, to: Iterable[str], **fields: object) -> None:
        """Put a relationship into the document: one of a kind from an element to several, or one to each end."""
        ends = sorted(set(to))
        named = [end.removeprefix(self._namespace) for end in (from_, *(ends if len(ends) == 1 else ()))]
        id_ = self._namespace + ":".join(["relationship", kind, *(encoded(name) for name in named)])
        type_ = "LifecycleScopedRelationship" if "scope" in fields else "Relationship"
        self.add(type_, id_, **{"from": from_, "relationshipType": kind, "to": ends}, **fields)
