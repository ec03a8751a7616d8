"""Locks that are read line by line (yarn, pnpm, conda-lock, go.sum) -> exact Dependency.

Their YAML is written by one program in one shape; a scan by indentation reads it a hundred times faster than a YAML
parser, gives the places, and has no aliases to blow up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from auditor.detect.graph import Graph
from auditor.detect.package_names import normalise
from auditor.detect.text import Lines, read
from auditor.domain.fact import Dependency
from auditor.domain.source import SourceFile

_LIMIT = 128 * 1024 * 1024
_LINE = re.compile(
    r"( *)(?:'([^'\n]*)'|\"([^\"\n]*)\"|([^\s'\"#:][^\n]*?))(?:(:)(?: +([^\n]*?))?|[ \t]+([^\n]*?))?[ \t\r]*$"
)
_PNPM_KEY = re.compile(r"/?(@[^/@]+/[^/@]+|[^/@]+)[@/]([^_(]+)")
_GO_SUM = re.compile(r"^(\S+) (v[^\s/]+) h1:", re.MULTILINE)
_SECTIONS = {"dependencies": "", "optionalDependencies": "optional", "devDependencies": "dev"}


@dataclass(slots=True)
class _Entry:
    """One package of a lock while it is being read. *Units*: `start`, `end` are the name's offsets."""

    name: str
    start: int
    end: int
    version: str = ""
    own: bool = False
    flag: str = ""
    wanted: list[tuple[str, str]] = field(default_factory=list)


def yarn(file: SourceFile) -> Iterator[Dependency]:
    """What yarn locked (version 1 and Berry). Version 1 does not say which are the project's own wishes."""
    text = read(file, _LIMIT)
    entries: list[_Entry] = []
    specs: dict[str, int] = {}
    inside = ""
    for start, line in _lines(text):
        if line[0] in "#\r\n" or line.startswith("__metadata:"):
            continue
        if line[0] != " ":
            header = line.rstrip().rstrip(":")
            inside = ""
            for spec in header.replace('"', "").split(","):
                specs[spec.strip()] = len(entries)
            name = _spec_name(header.strip('"').split(",")[0].strip('" '))
            begin = start + line.index(name)
            own = "@workspace:" in header
            entries.append(_Entry(name, begin, begin + len(name), own=own))
        elif entries and line[2:3] != " ":
            key, _, value = line.strip().partition(" ")
            inside = key.rstrip(":")
            if inside == "version":
                entries[-1].version = value.strip('" ')
        elif entries and inside in ("dependencies", "optionalDependencies"):
            found = _LINE.match(line)
            if found:
                value = (found[6] or found[7] or "").strip("'\"")
                entries[-1].wanted.append((found[2] or found[3] or found[4], value))
    yield from _emit_yarn(text, entries, specs)


def pnpm(file: SourceFile) -> Iterator[Dependency]:
    """What pnpm locked (lockfile versions 5 to 9), with the way from each importer."""
    text = read(file, _LIMIT)
    graph = Graph()
    entries: list[_Entry] = []
    later: list[tuple[str, str]] = []
    for path, value, start in _yaml_lines(text):
        top = path[0]
        if top == "importers" or top in _SECTIONS:
            path = path[2:] if top == "importers" else path
            if len(path) >= 2 and path[0] in _SECTIONS and value and path[2:] in ((), ("version",)):
                later.append((_SECTIONS[path[0]], _pnpm_node(path[1], value)))
        elif top in ("packages", "snapshots") and len(path) >= 2:
            found = _PNPM_KEY.match(path[1])
            if found is None:
                continue
            node = f"{found[1]}@{found[2]}"
            if len(path) == 2 and top == "packages":
                begin = start + found.start(1)
                entries.append(_Entry(found[1], begin, begin + len(found[1]), found[2]))
                graph.label(node, found[1])
            elif len(path) == 3 and entries and value == "true" and path[2] in ("dev", "optional"):
                entries[-1].flag = entries[-1].flag or path[2]
            elif len(path) == 4 and path[2] in _SECTIONS:
                graph.edge(node, _pnpm_node(path[3], value))
    for group, node in later:
        graph.root(node, group)
    lines = Lines(text)
    for entry in entries:
        node = f"{entry.name}@{entry.version}"
        group = graph.group(node) or (entry.flag if entry.flag == "dev" else "")
        span = lines.span(entry.start, entry.end)
        yield Dependency("npm", entry.name, entry.version, entry.version, span, group, graph.parents(node))


def go_sum(file: SourceFile) -> Iterator[Dependency]:
    """Module versions whose content was checked. The file keeps versions that are no longer built; go.mod decides."""
    text = read(file, _LIMIT)
    lines = Lines(text)
    for found in _GO_SUM.finditer(text):
        yield Dependency("golang", found[1], found[2], found[2], lines.span(*found.span(1)))


def conda_lock(file: SourceFile) -> Iterator[Dependency]:
    """What conda-lock pinned for every platform; a package is told once."""
    text = read(file, _LIMIT)
    lines = Lines(text)
    told: set[tuple[str, str, str]] = set()
    item = re.compile(r"^- name: *['\"]?([\w.-]+)['\"]?[ \t]*\n((?:[ ]{2}[^\n]*\n)*)", re.MULTILINE | re.ASCII)
    value = re.compile(r"^  (version|manager|category): *['\"]?([^'\"\n]*?)['\"]?[ \t]*$", re.MULTILINE)
    for found in item.finditer(text):
        facts = {m[1]: m[2] for m in value.finditer(found[2])}
        ecosystem = "pypi" if facts.get("manager") == "pip" else "conda"
        version, category = facts.get("version", ""), facts.get("category", "main")
        key = (ecosystem, found[1], version)
        if key not in told:
            told.add(key)
            group = "" if category == "main" else category
            name = normalise(ecosystem, found[1])
            yield Dependency(ecosystem, name, version, version, lines.span(*found.span(1)), group)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for line in text.splitlines(keepends=True):
        yield start, line
        start += len(line)


def _emit_yarn(text: str, entries: list[_Entry], specs: dict[str, int]) -> Iterator[Dependency]:
    graph = Graph()
    for index, entry in enumerate(entries):
        graph.label(str(index), entry.name)
        for name, wish in entry.wanted:
            target = next((specs[s] for s in (f"{name}@{wish}", f"{name}@npm:{wish}") if s in specs), None)
            if target is None or entries[target].own:
                continue
            if entry.own:
                graph.root(str(target))
            else:
                graph.edge(str(index), str(target))
    if not any(entry.own for entry in entries):
        graph.orphans_are_roots(map(str, range(len(entries))))
    lines = Lines(text)
    for index, entry in enumerate(entries):
        if not entry.own:
            span = lines.span(entry.start, entry.end)
            yield Dependency("npm", entry.name, entry.version, entry.version, span, "", graph.parents(str(index)))


def _spec_name(spec: str) -> str:
    return spec[:1] + spec[1:].partition("@")[0]


def _yaml_lines(text: str) -> Iterator[tuple[tuple[str, ...], str, int]]:
    """Keys of an indented YAML text: path, scalar value, and where the key begins, without its quote."""
    stack: list[tuple[int, str]] = []
    for start, line in _lines(text):
        found = _LINE.match(line)
        if found is None or found[5] is None:
            continue
        indent, part = len(found[1]), 2 if found[2] is not None else 3 if found[3] is not None else 4
        while stack and stack[-1][0] >= indent:
            stack.pop()
        stack.append((indent, found[part]))
        value = (found[6] or "").strip("'\"")
        yield tuple(key for _, key in stack), value, start + found.start(part)


def _pnpm_node(name: str, version: str) -> str:
    """The node that a dependency's version names: `1.0.0(peer)`, `/other/1.0.0` or `other@1.0.0` for an alias."""
    if version.startswith("/") or "@" in re.split(r"[_(]", version, maxsplit=1)[0]:
        found = _PNPM_KEY.match(version)
        if found:
            return f"{found[1]}@{found[2]}"
    return f"{name}@{re.split(r'[_(]', version, maxsplit=1)[0]}"
