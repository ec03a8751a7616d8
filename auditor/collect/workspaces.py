"""What a workspace's manifest lists as its members."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping

import tomli


def members(name: str, text: str) -> list[str]:
    """Globs of member folders, in the manifest's order; one that starts with "!" takes back what it matches.

    *Raises*: ValueError or RecursionError for a manifest that cannot be parsed.
    """
    return list(WORKSPACE_MANIFESTS[name](text))


def _package_json(text: str) -> Iterator[str]:
    """npm, yarn, bun: a list, or a mapping with `packages`."""
    yield from _strings(json.loads(text), "workspaces")
    yield from _strings(json.loads(text), "workspaces", "packages")


def _pnpm(text: str) -> Iterator[str]:
    """The list under `packages:`, line by line: a YAML parser would unfold a hostile file's aliases."""
    inside = False
    for line in text.splitlines():
        if inside and (item := re.fullmatch(r"\s*-\s+(['\"]?)([^'\"#]+)\1\s*(?:#.*)?", line)):
            yield item[2].strip()
        elif line and not line[0].isspace() and not line.startswith(("#", "-")):
            inside = line.startswith("packages:")


def _lerna(text: str) -> Iterator[str]:
    yield from list(_strings(json.loads(text), "packages")) or ["packages/*"]


def _nx(_text: str) -> Iterator[str]:
    """Nx finds projects by their manifests wherever they are; these are the folders that it generates."""
    yield from ("apps/**", "libs/**", "packages/**")


def _turbo(_text: str) -> Iterator[str]:
    yield "apps/*"


def _deno(text: str) -> Iterator[str]:
    yield from _strings(json.loads(text), "workspace")


def _rush(text: str) -> Iterator[str]:
    """rush.json has comments, so it is not JSON."""
    yield from re.findall(r'"projectFolder"\s*:\s*"([^"\n]{1,200})"', text)


def _pyproject(text: str) -> Iterator[str]:
    document = tomli.loads(text)
    for tool in ("uv", "rye"):
        yield from _strings(document, "tool", tool, "workspace", "members")
        yield from (f"!{glob}" for glob in _strings(document, "tool", tool, "workspace", "exclude"))
    poetry = _at(document, "tool", "poetry")
    groups = _at(poetry, "group")
    tables = [_at(poetry, "dependencies")]
    tables += [_at(group, "dependencies") for group in (groups.values() if isinstance(groups, Mapping) else ())]
    for table in tables:
        for wanted in table.values() if isinstance(table, Mapping) else ():
            path = _at(wanted, "path")
            if isinstance(path, str):
                yield path


def _cargo(text: str) -> Iterator[str]:
    document = tomli.loads(text)
    yield from _strings(document, "workspace", "members")
    yield from (f"!{glob}" for glob in _strings(document, "workspace", "exclude"))


def _go_work(text: str) -> Iterator[str]:
    bare = re.sub(r"//[^\n]*", "", text)
    for block in re.findall(r"(?m)^use\s*\(([^)]*)\)", bare):
        yield from (line.strip().strip('"') for line in block.splitlines() if line.strip())
    yield from re.findall(r'(?m)^use[ \t]+"?([^\s("]+)', bare)


def _gradle(text: str) -> Iterator[str]:
    for line in re.findall(r"(?m)^[ \t]*include\b[ \t]*\(?([^\n)]*)", text):
        yield from (name.strip(":").replace(":", "/") for name in re.findall(r"['\"]([^'\"]+)['\"]", line))


def _maven(text: str) -> Iterator[str]:
    yield from re.findall(r"<module>\s*([^<\s]{1,200})\s*</module>", text)


WORKSPACE_MANIFESTS: Mapping[str, Callable[[str], Iterator[str]]] = {
    "package.json": _package_json,
    "pnpm-workspace.yaml": _pnpm,
    "lerna.json": _lerna,
    "nx.json": _nx,
    "turbo.json": _turbo,
    "deno.json": _deno,
    "rush.json": _rush,
    "pyproject.toml": _pyproject,
    "Cargo.toml": _cargo,
    "go.work": _go_work,
    "settings.gradle": _gradle,
    "settings.gradle.kts": _gradle,
    "pom.xml": _maven,
}


def _at(value: object, *keys: str) -> object:
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _strings(document: object, *keys: str) -> list[str]:
    found = _at(document, *keys)
    return [item for item in found if isinstance(item, str)] if isinstance(found, list) else []
