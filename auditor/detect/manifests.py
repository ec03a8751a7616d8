"""Package manifests -> Dependency: what a product asks for, before any resolver chose versions."""

from __future__ import annotations

import fnmatch
import json
import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from auditor.detect import manifests_python, manifests_toml, requirements
from auditor.detect.installs import from_command
from auditor.detect.package_names import exact_version, normalise
from auditor.detect.places import json_keys, strict_json, without_c_comments, without_xml_comments
from auditor.detect.text import Lines, read
from auditor.domain.fact import Dependency
from auditor.domain.source import SourceFile, Span

__all__ = ["GLOBS", "from_command", "parse"]

_LIMIT = 4 * 1024 * 1024
_NPM = {
    "dependencies": "",
    "devDependencies": "dev",
    "optionalDependencies": "optional",
    "peerDependencies": "peer",
}
_COMPOSER = {"require": "", "require-dev": "dev"}
_GO = re.compile(
    r"^[ \t]*+(?:require[ \t]++)?([a-z0-9](?=[\w.~-]*?\.[a-z])[\w.~/-]*+)[ \t]++(v\d\S*)", re.MULTILINE | re.ASCII
)
_GO_OTHER = re.compile(
    r"^[ \t]*+(?:replace|exclude|retract|tool|godebug)\b[^\n(]*+(?:\(.*?(?:^\)|\Z))?", re.MULTILINE | re.DOTALL
)
_GEM = re.compile(
    r"^[ \t]*+gem[ \t(]+([\"'])([A-Za-z0-9._-]+)\1(?:[ \t]*,[ \t]*([\"'])([^\"'\n]*)\3)?([^\n]*)", re.MULTILINE
)
_GEM_BLOCK = re.compile(r"^[ \t]*+(?:group[ \t(]++:([a-z_]+)[^\n]*\bdo\b|[^\n#]*\bdo\b|end\b)", re.MULTILINE)
_GEM_GROUP = re.compile(r"\bgroups?(?:[ \t]*:|[ \t]*=>)[ \t]*\[?:([a-z_]+)")
_POM = re.compile(r"<dependency>([^<]*+(?:<(?!/?dependency>)[^<]*+)*+)</dependency>")
_POM_FIELD = re.compile(r"<(groupId|artifactId|version|scope|optional)>\s*+([^<]*+)</\1>")
_POM_PROPERTIES = re.compile(r"<properties>([^<]*+(?:<(?!/properties>)[^<]*+)*+)</properties>")
_POM_PROPERTY = re.compile(r"<([\w.-]+)>\s*+([^<$]*?)\s*</\1>", re.ASCII)
_POM_BOM = re.compile(r"<scope>\s*import\s*</scope>")
_GRADLE = re.compile(
    r"\b([a-z]\w*)[ \t(]+(?:platform\()?[\"']([\w.-]+):([\w.-]+)(?::([^\"'@:]+))?[^\"'\n]*[\"']", re.ASCII
)
_GRADLE_MAP = re.compile(
    r"\b([a-z]\w*)[ \t(]+group[ \t]*[:=][ \t]*[\"']([\w.-]+)[\"'][ \t]*,[ \t]*name[ \t]*[:=][ \t]*[\"']([\w.-]+)[\"']"
    r"(?:[ \t]*,[ \t]*version[ \t]*[:=][ \t]*[\"']([^\"'\n]+)[\"'])?",
    re.ASCII,
)
_GRADLE_LIST = re.compile(
    r"(?:mavenBom|[pP]latform)[ \t(]+[\"']([\w.-]+):[\w.-]+:(?:\$\{?(?:property\([\"'])?([\w.-]+)[^\"'\n]*|([^\"'$\n]+))[\"']",
    re.ASCII,
)
_GRADLE_VALUE = re.compile(
    r"(?:\bset\([ \t]*[\"']([\w.-]+)[\"'][ \t]*,|\b(?:ext\.|val[ \t]+|def[ \t]+|extra\[[\"'])?([\w.-]+)(?:[\"']\])?[ \t]*=)[ \t]*[\"']([\w.+-]+)[\"']",
    re.ASCII,
)
_GRADLE_USES = re.compile(r"(?:implementation|api|compile|runtime|classpath|only|processor|kapt|ksp)$", re.IGNORECASE)
_NUGET = re.compile(
    r"<(?:PackageReference|PackageVersion|package)\b([^<>]*?)"
    r"(?:/>|>[^<]*+(?:<(?!/?Package(?:Reference|Version)\b)[^<]*+)*+</(?:PackageReference|PackageVersion)>)"
)
_NUGET_NAME = re.compile(r"\b(?:Include|Update|id)\s*=\s*\"([A-Za-z0-9._-]+)\"")
_NUGET_VERSION = re.compile(r"\b[vV]ersion(?:Override)?\s*=\s*\"([^\"]*)\"|<Version>\s*+([^<]*+)</Version>")


def parse(file: SourceFile) -> Iterator[Dependency]:
    """What the manifest asks for; names of files are compared without case. *Shape*: file order within each table; nothing for a file of no known name.

    *Raises* what the format's decoder raises (ValueError, SyntaxError, RecursionError) when the file is broken.
    """
    path = PurePosixPath(file.path.lower())
    for glob, parser in _PARSERS:
        if fnmatch.fnmatchcase(path.name, glob.lower()) or ("/" in glob and path.match(glob)):
            yield from parser(file)
            return


def _package_json(file: SourceFile) -> Iterator[Dependency]:
    text = read(file, _LIMIT)
    json.loads(strict_json(text))  # a broken file is a gap, not half an answer
    yield from _json_tables(text, "npm", _NPM)


def _composer_json(file: SourceFile) -> Iterator[Dependency]:
    text = read(file, _LIMIT)
    json.loads(text)
    yield from (d for d in _json_tables(text, "composer", _COMPOSER) if "/" in d.name)  # php and ext-* are not packages


def _json_tables(text: str, ecosystem: str, tables: dict[str, str]) -> Iterator[Dependency]:
    lines = Lines(text)
    value = re.compile(r'\s*:\s*"((?:[^"\\]|\\.)*)"')
    for path, start, end in json_keys(text, 2):
        if len(path) != 2 or path[0] not in tables:
            continue
        found = value.match(text, end + 1)
        requirement = found[1] if found else ""
        alias = re.match(r"npm:(@?[^@]+)(?:@(.*))?", requirement)  # "react": "npm:preact@^10" installs preact
        name = alias[1] if alias else path[1]
        requirement = (alias[2] or "") if alias else requirement
        span = lines.span(start, end)
        if alias and found:
            span = lines.span(found.start(1) + alias.start(1), found.start(1) + alias.end(1))
        exact = exact_version(requirement)
        yield Dependency(ecosystem, normalise(ecosystem, name), requirement, exact, span, tables[path[0]])


def _go_mod(file: SourceFile) -> Iterator[Dependency]:
    text = without_c_comments(read(file, _LIMIT))
    text = _GO_OTHER.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)
    lines = Lines(text)
    for found in _GO.finditer(text):
        # Since Go 1.17 the file lists every module at the version that is built.
        yield Dependency("golang", found[1], found[2], found[2], lines.span(*found.span(1)))


def _gemfile(file: SourceFile) -> Iterator[Dependency]:
    text = read(file, _LIMIT)
    lines = Lines(text)
    blocks = [(m.start(), m[1], m[0].strip().startswith("end")) for m in _GEM_BLOCK.finditer(text)]
    opened: list[str] = []
    for found in _GEM.finditer(text):
        while blocks and blocks[0][0] < found.start():
            _, group, closes = blocks.pop(0)
            if closes:
                opened[-1:] = []
            else:
                opened.append(group or "")
        inline = _GEM_GROUP.search(found[5])
        group = inline[1] if inline else next((name for name in reversed(opened) if name), "")
        requirement = found[4] or ""
        yield Dependency("gem", found[2], requirement, exact_version(requirement), lines.span(*found.span(2)), group)


def _pom(file: SourceFile) -> Iterator[Dependency]:
    """What a pom asks for; properties of its own are put in, and what a group's imported list gives the version of has it."""
    text = without_xml_comments(read(file, _LIMIT))
    lines = Lines(text)
    properties = {
        f"${{{one[1]}}}": one[2]
        for block in _POM_PROPERTIES.finditer(text)
        for one in _POM_PROPERTY.finditer(text, block.start(1), block.end(1))
    }
    listed: dict[str, str] = {}  # versions by group
    asked: list[tuple[dict[str, str], Span]] = []
    for block in _POM.finditer(text):
        fields = {m[1]: m for m in _POM_FIELD.finditer(text, block.start(1), block.end(1))}
        if "groupId" not in fields or "artifactId" not in fields:
            continue
        value = {key: found[2].rstrip() for key, found in fields.items()}
        value["version"] = properties.get(value.get("version", ""), value.get("version", ""))
        if _POM_BOM.search(text, block.start(1), block.end(1)):
            listed[value["groupId"]] = value["version"]
        start = fields["artifactId"].start(2)
        asked.append((value, lines.span(start, start + len(value["artifactId"]))))
    for value, span in asked:
        group = value.get("scope", "").replace("compile", "").replace("runtime", "")
        group = group or ("optional" if value.get("optional") == "true" else "")
        version = value["version"] or listed.get(value["groupId"], "")
        name = f"{value['groupId']}:{value['artifactId']}"
        yield Dependency("maven", name, version, exact_version(version), span, group)


def _gradle(file: SourceFile) -> Iterator[Dependency]:
    text = without_c_comments(read(file, _LIMIT))
    lines = Lines(text)
    values = {one[1] or one[2]: one[3] for one in _GRADLE_VALUE.finditer(text)}
    listed = {one[1]: one[3] or values.get(one[2], "") for one in _GRADLE_LIST.finditer(text)}  # versions by group
    for found in sorted([*_GRADLE.finditer(text), *_GRADLE_MAP.finditer(text)], key=lambda m: m.start()):
        if not _GRADLE_USES.search(found[1]):
            continue
        version = found[4] or listed.get(found[2], "")
        group = "test" if "test" in found[1].lower() else ""
        name = f"{found[2]}:{found[3]}"
        yield Dependency("maven", name, version, exact_version(version), lines.span(*found.span(3)), group)


def _nuget(file: SourceFile) -> Iterator[Dependency]:
    text = without_xml_comments(read(file, _LIMIT))
    lines = Lines(text)
    for block in _NUGET.finditer(text):
        name = _NUGET_NAME.search(text, block.start(1), block.end(1))
        if name is None:
            continue
        version = _NUGET_VERSION.search(text, block.start(1), block.end())
        requirement = (version[1] or version[2] or "").rstrip() if version else ""
        span = lines.span(*name.span(1))
        yield Dependency("nuget", normalise("nuget", name[1]), requirement, exact_version(requirement), span)


_PARSERS: tuple[tuple[str, Callable[[SourceFile], Iterator[Dependency]]], ...] = (
    ("pyproject.toml", manifests_toml.pyproject),
    ("Pipfile", manifests_toml.pipfile),
    ("Cargo.toml", manifests_toml.cargo),
    ("setup.cfg", manifests_python.setup_cfg),
    ("setup.py", manifests_python.setup_py),
    ("environment*.yml", manifests_python.conda_environment),
    ("environment*.yaml", manifests_python.conda_environment),
    ("conda*.yml", manifests_python.conda_environment),
    ("conda*.yaml", manifests_python.conda_environment),
    ("package.json", _package_json),
    ("composer.json", _composer_json),
    ("go.mod", _go_mod),
    ("Gemfile", _gemfile),
    ("pom.xml", _pom),
    ("build.gradle", _gradle),
    ("build.gradle.kts", _gradle),
    ("*.csproj", _nuget),
    ("*.fsproj", _nuget),
    ("Directory.Packages.props", _nuget),
    ("packages.config", _nuget),
    ("*requirements*.txt", requirements.parse),
    ("*requirements*.in", requirements.parse),
    ("*constraints*.txt", requirements.parse),
    ("requirements/*.txt", requirements.parse),
    ("requirements/*.in", requirements.parse),
)
GLOBS: tuple[str, ...] = tuple(glob for glob, _ in _PARSERS)
