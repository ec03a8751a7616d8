"""The packages that a manifest defines: what they load, their own repository names."""

from __future__ import annotations

import re
from collections.abc import Iterable

from auditor.detect.package_names import normalise
from auditor.detect.text import decode
from auditor.domain.fact import Fact, Setting
from auditor.domain.source import SourceFile

_LIMIT = 256 * 1024  # bytes
# Where manifests that are read as settings keep the name.
_KEYS = {
    "pyproject.toml": ("pypi", frozenset([("project", "name"), ("tool", "poetry", "name")])),
    "setup.cfg": ("pypi", frozenset([("metadata", "name")])),
    "package.json": ("npm", frozenset([("name",)])),
}
# How the others write it.
_PATTERNS = {
    "setup.py": ("pypi", re.compile(r"\bname\s*=\s*[\"']([\w.-]+)[\"']")),
    "cargo.toml": (
        "cargo",
        re.compile(r"^\[package\]\s*\n(?:[^\[\n][^\n]*\n|\n)*?name\s*=\s*\"([\w-]+)\"", re.MULTILINE),
    ),
    "go.mod": ("golang", re.compile(r"^module[ \t]+(\S+)", re.MULTILINE)),
    "composer.json": ("composer", re.compile(r"^\s*\{\s*\"name\"\s*:\s*\"([\w./-]+)\"")),
    "package.swift": ("swift", re.compile(r"\bPackage\(\s*name:\s*\"([\w.-]+)\"")),
    ".gemspec": ("gem", re.compile(r"\.name\s*=\s*[\"']([\w.-]+)[\"']")),
    ".csproj": ("nuget", re.compile(r"<(?:PackageId|AssemblyName)>\s*([\w.-]+)\s*<")),
}
_ASIDE = re.compile(r"<(parent|dependencies|build|profiles|dependencyManagement)>.*?</\1>", re.DOTALL)
_MAVEN = re.compile(r"<(groupId|artifactId)>\s*([\w.-]+)\s*</\1>")
_GROUP = re.compile(r"<parent>.{0,400}?<groupId>\s*([\w.-]+)", re.DOTALL)


def own_packages(file: SourceFile, facts: Iterable[Fact]) -> tuple[str, ...]:
    """The names of the packages that a file defines, as their ecosystem files them; empty for what is no manifest."""
    name = file.path.rpartition("/")[2].lower()
    if name in _KEYS:
        ecosystem, keys = _KEYS[name]
        return tuple(normalise(ecosystem, f.value) for f in facts if isinstance(f, Setting) and f.path in keys)
    if name == "pom.xml":
        return _maven(decode(file.load(_LIMIT)))
    ecosystem, pattern = _PATTERNS.get(name) or _PATTERNS.get(f".{name.rpartition('.')[2]}") or ("", None)
    found = pattern.search(decode(file.load(_LIMIT))) if pattern else None
    return (normalise(ecosystem, found[1]),) if found else ()


def _maven(text: str) -> tuple[str, ...]:
    above = _GROUP.search(text)
    fields = dict(reversed(_MAVEN.findall(_ASIDE.sub("", text))))
    group = fields.get("groupId") or (above[1] if above else "")
    return (f"{group}:{fields['artifactId']}",) if group and "artifactId" in fields else ()
