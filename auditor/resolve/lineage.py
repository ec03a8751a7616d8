"""What a model was made from, back to the models whose weights start there."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from auditor.domain.model import Edge, Lineage, Record, Relation

MOST = 64  # models of one lineage

Lookup = Callable[[str], Record | None]  # all that is known of a model, from every source
RootRule = Callable[[str, Record | None], bool]  # whether the rules call a model a root of its maker


class Part(IntEnum):
    """What an ancestor is to the model, nearest kind first."""

    TRUNK = 0
    COMPONENT = 1
    TEACHER = 2


def trace(model: str, lookup: Lookup, is_root: RootRule, *, most: int = MOST) -> Lineage:
    """Everything that the model was made from, breadth first; ends on any graph, at the latest after `most` models.

    A branch ends well in a root: a model that a source calls one, or that a rule does and no source gives parents. Where
    it ends in an unknown model, the nearest descendant on the branch that a rule calls a root of its maker stands for it.
    """
    walk = _walk(model, lookup, most)
    roots, complete = _roots(walk, is_root)
    return Lineage(
        model=walk.start,
        ancestors=walk.of(Part.TRUNK),
        edges=tuple(walk.edges),
        roots=tuple(m for m in (walk.start, *walk.of(Part.TRUNK)) if m in roots),
        components=walk.of(Part.COMPONENT),
        teachers=walk.of(Part.TEACHER),
        complete=complete,
    )


@dataclass(slots=True)
class _Walk:
    start: str
    parts: dict[str, Part]  # by model, in the order met
    edges: list[Edge]
    records: dict[str, Record | None]
    cut: set[str]  # models whose parents were not all followed

    def of(self, part: Part) -> tuple[str, ...]:
        return tuple(m for m, p in self.parts.items() if p is part and m != self.start)


def _walk(model: str, lookup: Lookup, most: int) -> _Walk:
    record = lookup(model)
    walk = _Walk(record.id if record else model, {}, [], {}, set())
    spelling = {walk.start.casefold(): walk.start}
    walk.parts[walk.start] = Part.TRUNK
    seen: set[tuple[str, str, Relation, str]] = set()
    queue = deque([walk.start])
    while queue:
        child = queue.popleft()
        part = walk.parts[child]
        if child not in walk.records:
            walk.records[child] = lookup(child)
        known = walk.records[child]
        for edge in known.parents if known else ():
            key = edge.parent.casefold()
            if key == child.casefold():
                continue
            if key not in spelling and len(walk.parts) >= most:
                walk.cut.add(child)
                continue
            parent = spelling.setdefault(key, edge.parent)
            if (child, parent, edge.relation, edge.evidence.source) not in seen:
                seen.add((child, parent, edge.relation, edge.evidence.source))
                walk.edges.append(Edge(child, parent, edge.relation, edge.confidence, edge.evidence))
            reached = max(part, _part(edge.relation))
            # A model met again in a nearer part is walked again, so that all behind it comes nearer too.
            if parent not in walk.parts or reached < walk.parts[parent]:
                walk.parts[parent] = reached
                queue.append(parent)
    return walk


def _part(relation: Relation) -> Part:
    match relation:
        case Relation.COMPONENT:
            return Part.COMPONENT
        case Relation.DISTILLED:
            return Part.TEACHER
        case _:
            return Part.TRUNK


def _roots(walk: _Walk, is_root: RootRule) -> tuple[set[str], bool]:
    """The roots, and whether every branch of trunk and components ends in one."""
    parents: dict[str, list[str]] = {}
    children: dict[str, list[str]] = {}
    for edge in walk.edges:
        if edge.relation is not Relation.DISTILLED and edge.relation is not Relation.COMPONENT:
            parents.setdefault(edge.child, []).append(edge.parent)
            children.setdefault(edge.parent, []).append(edge.child)
    looked_at = [m for m, part in walk.parts.items() if part is not Part.TEACHER]
    roots = {m for m in looked_at if _called_root(walk.records.get(m))}
    ruled = {m for m in looked_at if not _withheld(walk.records.get(m)) and is_root(m, walk.records.get(m))}
    roots |= {m for m in ruled if m not in parents and m not in walk.cut}
    ends = [m for m in looked_at if m not in parents and m not in roots]
    ends += _closed_loops(looked_at, parents, roots)
    ends += [m for m in looked_at if m in walk.cut or _withheld(walk.records.get(m))]
    complete = True
    for end in dict.fromkeys(ends):
        stand_ins = _nearest(end, children, ruled) if not _withheld(walk.records.get(end)) else set()
        roots |= stand_ins
        complete = complete and bool(stand_ins)
    return roots, complete


def _called_root(record: Record | None) -> bool:
    return record is not None and record.root and not record.undisclosed


def _withheld(record: Record | None) -> bool:
    return record is not None and record.undisclosed


def _closed_loops(models: list[str], parents: Mapping[str, list[str]], roots: set[str]) -> list[str]:
    """Models from which no end can be reached: they are only each other's ancestors."""
    grounded = {m for m in models if m not in parents or m in roots}
    changed = True
    while changed:
        fresh = {m for m in models if m not in grounded and any(p in grounded for p in parents.get(m, ()))}
        grounded |= fresh
        changed = bool(fresh)
    return [m for m in models if m not in grounded]


def _nearest(end: str, children: Mapping[str, list[str]], ruled: set[str]) -> set[str]:
    """The descendants that rules call roots, nearest to an unknown end; empty unless every way down meets one."""
    found: set[str] = set()
    seen = {end}
    level = [end]
    while level:
        below: list[str] = []
        for model in level:
            if model in ruled:
                found.add(model)
            elif not children.get(model):
                return set()  # a way down to the model asked about without a root on it
            else:
                below += [c for c in children[model] if c not in seen]
        seen.update(below)
        level = below
    return found
