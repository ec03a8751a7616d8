"""Manifests written in TOML (pyproject.toml, Pipfile, Cargo.toml) -> Dependency."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import tomli

from auditor.detect.package_names import exact_version, normalise, pinned, python_requirement
from auditor.detect.places import find_key, find_quoted
from auditor.detect.text import Lines, read
from auditor.domain.fact import Dependency
from auditor.domain.source import SourceFile, Span

_LIMIT = 4 * 1024 * 1024
_Table = dict[str, Any]  # decoded TOML, checked where it is read


def pyproject(file: SourceFile) -> Iterator[Dependency]:
    """What a pyproject.toml asks for; what its build needs is left out, since the product never runs it.

    *Source*: PEP 621, PEP 735, and the tables of Poetry, PDM, uv and Hatch. *Raises* tomli.TOMLDecodeError, ValueError.
    """
    page = _Page(read(file, _LIMIT))
    project = _table(page.document, "project")
    yield from page.strings("[project]", project.get("dependencies"), "")
    for group, wishes in _table(project, "optional-dependencies").items():
        yield from page.strings("optional-dependencies", wishes, group)
    for group, wishes in _table(page.document, "dependency-groups").items():
        yield from page.strings("[dependency-groups]", wishes, group)
    tool = _table(page.document, "tool")
    yield from page.strings("[tool.uv]", _table(tool, "uv").get("dev-dependencies"), "dev")
    for group, wishes in _table(_table(tool, "pdm"), "dev-dependencies").items():
        yield from page.strings("[tool.pdm.dev-dependencies]", wishes, group)
    for name, environment in _table(_table(_table(tool, "hatch"), "envs")).items():
        for key in ("dependencies", "extra-dependencies"):
            yield from page.strings(f"[tool.hatch.envs.{name}", _table(environment).get(key), name)
    yield from _poetry(page, _table(tool, "poetry"))


def pipfile(file: SourceFile) -> Iterator[Dependency]:
    """What a Pipfile asks for. *Raises* tomli.TOMLDecodeError, ValueError."""
    page = _Page(read(file, _LIMIT))
    for header, group in (("packages", ""), ("dev-packages", "dev")):
        for name, wish in _table(page.document, header).items():
            requirement = _version(wish)
            yield page.named(
                "pypi", f"[{header}]", name, requirement=requirement, exact=pinned(requirement), group=group
            )


def cargo(file: SourceFile) -> Iterator[Dependency]:
    """What a Cargo.toml asks for, per target too. *Raises* tomli.TOMLDecodeError, ValueError."""
    page = _Page(read(file, _LIMIT))
    tables = [page.document, _table(page.document, "workspace"), *_table(page.document, "target").values()]
    for table in tables:
        for header, group in (("dependencies", ""), ("dev-dependencies", "dev"), ("build-dependencies", "build")):
            for name, wish in _table(_table(table), header).items():
                settings = _table(wish)
                optional = "optional" if settings.get("optional") is True else ""
                real = str(settings.get("package", name))  # a renamed crate
                yield page.named("cargo", header, real, requirement=_version(wish), exact="", group=group or optional)


class _Page:
    """A TOML text with what it says, and a cursor for each table, so that names are found in file order."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.document: _Table = tomli.loads(text)
        self.lines = Lines(text)
        self.cursors: dict[str, int] = {}

    def strings(self, header: str, wishes: object, group: str) -> Iterator[Dependency]:
        """PEP 508 strings of an array; includes of other groups are tables, and are skipped."""
        for wish in wishes if isinstance(wishes, list) else ():
            one = python_requirement(wish) if isinstance(wish, str) else None
            if one is not None:
                span = self.span(header, one.name, quoted=True)
                yield Dependency("pypi", normalise("pypi", one.name), one.requirement, one.exact, span, group)

    def named(self, ecosystem: str, header: str, name: str, *, requirement: str, exact: str, group: str) -> Dependency:
        span = self.span(header, name, quoted=False)
        return Dependency(ecosystem, normalise(ecosystem, name), requirement, exact, span, group)

    def span(self, header: str, name: str, *, quoted: bool) -> Span:
        """Where the name stands. *Shape*: the first line when the file writes it in a way that we cannot find."""
        start = self.cursors.get(header, max(self.text.find(header), 0))
        find = find_quoted if quoted else find_key
        found = find(self.text, name, start) or find(self.text, name, 0) or find_quoted(self.text, name, start)
        if found is None:
            return self.lines.span(0, 0)
        self.cursors[header] = found[1]
        return self.lines.span(*found)


def _poetry(page: _Page, poetry: _Table) -> Iterator[Dependency]:
    extras = {
        normalise("pypi", name): extra
        for extra, names in _table(poetry, "extras").items()
        for name in names
        if isinstance(name, str)
    }
    groups = [("[tool.poetry.dependencies", "", poetry.get("dependencies"))]
    groups.append(("[tool.poetry.dev-dependencies", "dev", poetry.get("dev-dependencies")))
    for name, group in _table(poetry, "group").items():
        shown = "" if name == "main" else name
        groups.append((f"[tool.poetry.group.{name}.dependencies", shown, _table(group).get("dependencies")))
    for header, group, wishes in groups:
        for name, wish in _table(wishes).items():
            if name == "python":
                continue
            requirement = _version(wish[0] if isinstance(wish, list) and wish else wish)
            optional = extras.get(normalise("pypi", name), "optional") if _table(wish).get("optional") is True else ""
            exact = pinned(requirement) or exact_version(requirement if requirement[:1].isdigit() else "")
            yield page.named("pypi", header, name, requirement=requirement, exact=exact, group=group or optional)


def _version(wish: object) -> str:
    if isinstance(wish, str):
        return "" if wish == "*" else wish
    settings = _table(wish)
    found = settings.get("version") or settings.get("git") or settings.get("url") or settings.get("path") or ""
    return "" if found == "*" else re.sub(r"\s+", " ", str(found))


def _table(value: object, key: str = "") -> _Table:
    """A table, or its member that is one; empty for anything else."""
    if key:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}
