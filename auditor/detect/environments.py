"""The settings of compose, Kubernetes and CI files: environment lists as maps, services with their profiles."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.detect import commands, tree
from auditor.detect.text import Lines
from auditor.detect.tree import Alias, Leaf, Mapping, Node, Scalar, Sequence, resolved
from auditor.domain.fact import Setting

_LISTS = frozenset(("env", "environment", "args", "envs", "env_vars"))
_ASSIGNED = re.compile(r"([A-Za-z_][\w.-]*)=(.*)", re.DOTALL)


def parse(root: Node, lines: Lines, kind: str) -> Iterator[Setting]:
    """Every one-line string of the tree that is no command.

    The parts of a deployment stand beside each other without being choices: only plain lists have siblings.
    """
    held = commands.keys(kind)
    profiles = _profiles(root) if kind == "compose" else {}
    for leaf in tree.leaves(_with_maps(root), maps=False):
        path = leaf.path
        if any(part in held for part in path[-2:]) and not _LISTS.intersection(path[:-1]) - set(held):
            continue
        beside = leaf.beside
        if len(path) > 1 and path[0] == "services" and path[1] in profiles:
            beside = (("profiles", profiles[path[1]]), *beside)[: tree.MAX_BESIDE]
        setting = tree.to_setting(Leaf(path, leaf.scalar, leaf.siblings, beside), lines.span, kind)
        if setting:
            yield setting


def _profiles(root: Node) -> dict[str, str]:
    services = root.get("services") if isinstance(root, Mapping) else None
    found: dict[str, str] = {}
    for name, node in services.items if isinstance(services, Mapping) else ():
        service = resolved(node)
        names = commands.scalars(service.get("profiles")) if isinstance(service, Mapping) else []
        if names:
            found[name] = ",".join(scalar.text for scalar in names)[:200]
    return found


def _with_maps(root: Node) -> Node:
    """The tree with `- NAME=value` and `{name: N, value: v}` lists under environment keys made maps."""
    match root:
        case Mapping():
            return Mapping([(key, _as_map(value) if key in _LISTS else _with_maps(value)) for key, value in root.items])
        case Sequence():
            return Sequence([_with_maps(item) for item in root.items])
        case Scalar() | Alias():
            return root


def _as_map(value: Node) -> Node:
    if not isinstance(value, Sequence):
        return _with_maps(value)
    found: list[tuple[str, Node]] = []
    for item in value.items:
        node = resolved(item)
        if isinstance(node, Scalar):
            # A name alone takes its value from outside.
            if assigned := _ASSIGNED.fullmatch(node.text):
                given = assigned.group(2)
                found.append((assigned.group(1), Scalar(given, node.end - len(given), node.end)))
        elif isinstance(node, Mapping) and isinstance(name := node.get("name"), Scalar):
            held = node.get("value")
            found.append((name.text, held if held is not None else _with_maps(node)))
        else:
            return _with_maps(value)
    return Mapping(found) if found else value
