"""Locks of JavaScript's package managers -> exact Dependency."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from auditor.detect.graph import Graph
from auditor.detect.places import json_keys, strict_json
from auditor.detect.text import Lines, read
from auditor.domain.fact import Dependency
from auditor.domain.source import SourceFile

_LIMIT = 128 * 1024 * 1024
_MODULES = "node_modules/"
_DEEPEST = 60  # levels of nesting in a version 1 lock that are followed
_WANTED = (("dependencies", ""), ("optionalDependencies", "optional"), ("devDependencies", "dev"))
_Table = dict[str, Any]  # decoded JSON, checked where it is read


def npm(file: SourceFile) -> Iterator[Dependency]:
    """What npm locked (package-lock.json and npm-shrinkwrap.json, versions 1 to 3). *Raises* ValueError."""
    text = read(file, _LIMIT)
    document = _table(json.loads(text))
    packages = _table(document.get("packages"))
    yield from _npm_flat(text, packages) if packages else _npm_nested(text, _table(document.get("dependencies")))


def bun(file: SourceFile) -> Iterator[Dependency]:
    """What Bun locked in text form. *Raises* ValueError."""
    text = strict_json(read(file, _LIMIT))
    document = _table(json.loads(text))
    packages = {key: entry for key, entry in _table(document.get("packages")).items() if _bun_name(entry)[0]}
    graph = Graph()
    for workspace in _table(document.get("workspaces")).values():
        for section, group in _WANTED:
            for wish in _table(_table(workspace).get(section)):
                graph.root(wish, group)
    for key, entry in packages.items():
        graph.label(key, _bun_name(entry)[0])
        facts = next((part for part in entry if isinstance(part, dict)), {})
        for section in ("dependencies", "optionalDependencies", "peerDependencies"):
            for wish in _table(facts.get(section)):
                graph.edge(key, f"{key}/{wish}" if f"{key}/{wish}" in packages else wish)
    lines = Lines(text)
    for path, start, end in json_keys(text, 2):
        if len(path) == 2 and path[0] == "packages" and path[1] in packages:
            name, version = _bun_name(packages[path[1]])
            if version.startswith(("workspace:", "link:", "file:")):
                continue
            start = end - len(name) if path[1].endswith(name) else start
            span = lines.span(start, end)
            yield Dependency("npm", name, version, version, span, graph.group(path[1]), graph.parents(path[1]))


def _npm_flat(text: str, packages: _Table) -> Iterator[Dependency]:
    graph = Graph()
    for key, entry in packages.items():
        entry = _table(entry)
        graph.label(key, _npm_name(key, entry))
        if entry.get("link") is True:
            continue
        sections = (*_WANTED, ("peerDependencies", "peer"))
        for section, group in sections:
            for wish in _table(entry.get(section)):
                target = _npm_target(packages, key, wish)
                if target is None:
                    continue
                if _MODULES in key:
                    graph.edge(key, target)
                else:  # the project itself, or one of its workspaces
                    graph.root(target, group)
    lines = Lines(text)
    for path, start, end in json_keys(text, 2):
        key = path[-1]
        if len(path) != 2 or path[0] != "packages" or _MODULES not in key:
            continue
        entry = _table(packages.get(key))
        if entry.get("link") is True:
            continue
        version = str(entry.get("version", ""))
        span = lines.span(start + key.rindex(_MODULES) + len(_MODULES), end)
        group = graph.group(key) or _flag(entry)
        yield Dependency("npm", _npm_name(key, entry), version, version, span, group, graph.parents(key))


def _npm_name(key: str, entry: _Table) -> str:
    """The package's name; an alias is installed under another one, and then says its own."""
    own = entry.get("name")
    return own if isinstance(own, str) else key.rpartition(_MODULES)[2]


def _npm_target(packages: _Table, key: str, wish: str) -> str | None:
    """The entry that Node finds for `wish` from `key`: the nearest node_modules on the way up."""
    base = key
    while True:
        candidate = f"{base}/{_MODULES}{wish}" if base else f"{_MODULES}{wish}"
        if candidate in packages:
            return candidate
        if not base:
            return None
        base = base.rpartition(_MODULES)[0].rstrip("/") if _MODULES in base else ""


def _npm_nested(text: str, dependencies: _Table) -> Iterator[Dependency]:
    graph = Graph()
    entries: dict[tuple[str, ...], _Table] = {}
    waiting: list[tuple[tuple[str, ...], _Table]] = [((), dependencies)]
    while waiting:
        above, table = waiting.pop()
        for name, entry in table.items():
            path, entry = (*above, "dependencies", name), _table(entry)
            entries[path] = entry
            for wish in _table(entry.get("requires")):
                graph.edge(name, wish)
            if len(path) < 2 * _DEEPEST:
                waiting.append((path, _table(entry.get("dependencies"))))
    # The lock does not say which are the project's own wishes: what nobody else asks for is one.
    graph.orphans_are_roots(name for name in dependencies)
    lines = Lines(text)
    for path, start, end in json_keys(text, 2 * _DEEPEST):
        found = entries.get(path)
        if found is not None:
            version, name = str(found.get("version", "")), path[-1]
            yield Dependency("npm", name, version, version, lines.span(start, end), _flag(found), graph.parents(name))


def _flag(entry: _Table) -> str:
    if entry.get("dev") is True:
        return "dev"
    return "optional" if entry.get("optional") is True or entry.get("devOptional") is True else ""


def _bun_name(entry: object) -> tuple[str, str]:
    head = entry[0] if isinstance(entry, list) and entry and isinstance(entry[0], str) else ""
    name, _, version = head[1:].partition("@")
    return head[:1] + name, version


def _table(value: object) -> _Table:
    return value if isinstance(value, dict) else {}
