"""Locks written in TOML (uv, Poetry, PDM, pylock, Cargo) -> exact Dependency."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import tomli

from auditor.detect.graph import Graph
from auditor.detect.package_names import normalise, python_requirement
from auditor.detect.text import Lines, read
from auditor.domain.fact import Dependency
from auditor.domain.source import SourceFile

_LIMIT = 64 * 1024 * 1024
_NAME = re.compile(
    r'^\[\[packages?\]\][ \t]*\n(?:(?!\[)[^\n]*\n)*?[ \t]*name[ \t]*=[ \t]*["\']([^"\'\n]+)["\']', re.MULTILINE
)
_OWN = frozenset({"editable", "virtual", "directory"})
_Package = dict[str, Any]  # decoded TOML, checked where it is read


def uv(file: SourceFile) -> Iterator[Dependency]:
    """What uv locked, with the way from the project (or a workspace member) to each package.

    *Raises* tomli.TOMLDecodeError, ValueError.
    """
    yield from _locked(file, "pypi", _uv_graph, _nobody)


def poetry(file: SourceFile) -> Iterator[Dependency]:
    """What Poetry locked. The lock does not name the project's own wishes: what nobody else asks for is one."""
    yield from _locked(file, "pypi", _python_graph, _poetry_group)


def pdm(file: SourceFile) -> Iterator[Dependency]:
    """What PDM locked; direct wishes as for Poetry."""
    yield from _locked(file, "pypi", _python_graph, _pdm_group)


def pylock(file: SourceFile) -> Iterator[Dependency]:
    """What a pylock.toml pins. *Source*: PEP 751, where the graph is optional."""
    yield from _locked(file, "pypi", _python_graph, _nobody)


def cargo(file: SourceFile) -> Iterator[Dependency]:
    """What Cargo locked; crates without a source are the project's own, and are not yielded."""
    yield from _locked(file, "cargo", _cargo_graph, _nobody)


def _locked(
    file: SourceFile,
    ecosystem: str,
    graph_of: Callable[[list[_Package]], tuple[Graph, set[str]]],
    group_of: Callable[[_Package], str],
) -> Iterator[Dependency]:
    text = read(file, _LIMIT).replace("\r\n", "\n")
    document = tomli.loads(text)
    listed = document.get("package", document.get("packages"))
    packages = [p for p in _list(listed) if isinstance(p, dict) and isinstance(p.get("name"), str)]
    graph, own = graph_of(packages)
    lines = Lines(text)
    places = _NAME.finditer(text)
    for package in packages:
        place = next((m for m in places if m[1] == package["name"]), None)
        name = normalise(ecosystem, package["name"])
        if package["name"] in own:
            continue
        span = lines.span(*place.span(1)) if place else lines.span(0, 0)
        group = group_of(package) or graph.group(name)
        version = str(package.get("version", ""))
        yield Dependency(ecosystem, name, version, version, span, group, graph.parents(name))


def _nobody(_: _Package) -> str:
    return ""


def _uv_graph(packages: list[_Package]) -> tuple[Graph, set[str]]:
    graph = Graph()
    own = {p["name"] for p in packages if _OWN & set(_mapping(p.get("source")))}
    for package in packages:
        wishes = [("", package.get("dependencies"))]
        wishes += list(_mapping(package.get("optional-dependencies")).items())
        wishes += list(_mapping(package.get("dev-dependencies")).items())
        for group, wanted in wishes:
            for name in _names(wanted):
                if package["name"] in own and name not in own:
                    graph.root(name, group)
                elif package["name"] not in own:
                    graph.edge(package["name"], name)
    return graph, own


def _python_graph(packages: list[_Package]) -> tuple[Graph, set[str]]:
    graph = Graph()
    for package in packages:
        name = normalise("pypi", package["name"])
        for wanted in _names(package.get("dependencies")):
            if wanted != name:
                graph.edge(name, wanted)
    graph.orphans_are_roots(normalise("pypi", p["name"]) for p in packages)
    return graph, set()


def _cargo_graph(packages: list[_Package]) -> tuple[Graph, set[str]]:
    graph = Graph()
    own = {p["name"] for p in packages if "source" not in p}
    for package in packages:
        for wish in _list(package.get("dependencies")):
            name = str(wish).split(" ", 1)[0]  # "name", "name version" or "name version (source)"
            if package["name"] not in own:
                graph.edge(package["name"], name)
            elif name not in own:
                graph.root(name)
    return graph, own


def _names(wanted: object) -> Iterator[str]:
    """Names in a list of tables (uv, pylock) or of requirements (PDM), or the keys of a table (Poetry)."""
    if isinstance(wanted, dict):
        yield from (normalise("pypi", str(name)) for name in wanted)
    for wish in _list(wanted):
        if isinstance(wish, dict) and isinstance(wish.get("name"), str):
            yield normalise("pypi", wish["name"])
        elif isinstance(wish, str) and (one := python_requirement(wish)):
            yield normalise("pypi", one.name)


def _poetry_group(package: _Package) -> str:
    groups = _list(package.get("groups"))
    if groups and "main" not in groups:
        return str(groups[0])
    category = package.get("category", "main")  # before Poetry 1.5
    if category != "main":
        return str(category)
    return "optional" if package.get("optional") is True else ""


def _pdm_group(package: _Package) -> str:
    groups = _list(package.get("groups"))
    return str(groups[0]) if groups and "default" not in groups else ""


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
