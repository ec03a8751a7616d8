"""Everything that reads what others wrote, as functions of bytes that raise only what their callers expect.

A parser may refuse a file by ValueError, SyntaxError or RecursionError: that becomes a gap. Matching and tracing may raise
nothing. What people configure (rules, policies, manifests, reports, snapshots) may be refused by an AuditError alone.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

from auditor import config, inventory
from auditor.audit import knowledge
from auditor.collect.address import is_url, last_part, protocol_of, public, shown
from auditor.config import Options
from auditor.detect.hits import Anchors
from auditor.detect.match import Matcher
from auditor.detect.names import Names
from auditor.detect.prefilter import is_idle
from auditor.detect.scan import parsers_of, scan
from auditor.detect.text import Lines, decode
from auditor.domain.fact import Command, Fact, Prose, Setting
from auditor.domain.source import Part, Scope, SourceFile, Span
from auditor.errors import AuditError
from auditor.portfolio import manifest, reports
from auditor.resolve.hubrecord import record_of, stated_parents
from auditor.resolve.known import Known
from auditor.resolve.snapshot import open_snapshot
from auditor.rulebook.check import check
from auditor.rulebook.parse import parse
from auditor.rulebook.types import Rulebook
from auditor.trace import occurrences

REFUSALS = (ValueError, SyntaxError, RecursionError)

# A name that stands for each syntax; what parses a file goes by its name alone.
FILES: dict[str, str] = {
    "python": "a.py",
    "notebook": "a.ipynb",
    "javascript": "a.js",
    "typescript": "a.ts",
    "tsx": "a.tsx",
    "vue": "a.vue",
    "go": "a.go",
    "rust": "a.rs",
    "java": "a.java",
    "kotlin": "a.kt",
    "csharp": "a.cs",
    "ruby": "a.rb",
    "php": "a.php",
    "swift": "a.swift",
    "cpp": "a.cpp",
    "yaml": "a.yaml",
    "toml": "a.toml",
    "json": "a.json",
    "env": ".env",
    "ini": "a.ini",
    "properties": "a.properties",
    "hcl": "a.tf",
    "card": "README.md",
    "prose": "a.rst",
    "dockerfile": "Dockerfile",
    "compose": "docker-compose.yml",
    "workflow": ".github/workflows/a.yml",
    "helm": "chart/values.yaml",
    "modelfile": "Modelfile",
    "procfile": "Procfile",
    "shell": "a.sh",
    "makefile": "Makefile",
    "requirements": "requirements.txt",
    "pyproject": "pyproject.toml",
    "setup-cfg": "setup.cfg",
    "setup-py": "setup.py",
    "environment": "environment.yml",
    "package-json": "package.json",
    "composer": "composer.json",
    "go-mod": "go.mod",
    "cargo": "Cargo.toml",
    "gemfile": "Gemfile",
    "pom": "pom.xml",
    "gradle": "build.gradle",
    "nuget": "a.csproj",
    "uv-lock": "uv.lock",
    "poetry-lock": "poetry.lock",
    "pdm-lock": "pdm.lock",
    "pylock": "pylock.toml",
    "cargo-lock": "Cargo.lock",
    "pipfile-lock": "Pipfile.lock",
    "package-lock": "package-lock.json",
    "bun-lock": "bun.lock",
    "yarn-lock": "yarn.lock",
    "pnpm-lock": "pnpm-lock.yaml",
    "go-sum": "go.sum",
    "conda-lock": "conda-lock.yml",
    "gguf": "a.gguf",
    "safetensors": "a.safetensors",
    "onnx": "a.onnx",
    "pickle": "a.pkl",
    "checkpoint": "a.pt",
}


@dataclass(frozen=True, slots=True)
class World:
    """The shipped rules and lineage data, opened once."""

    rulebook: Rulebook
    matcher: Matcher


@cache
def world() -> World:
    context = knowledge(Options())
    rulebook, snapshot = context.__enter__()  # open for as long as the process lives
    _KEPT.append(context)
    return World(rulebook, Matcher(rulebook, Names(rulebook, Known(snapshot))))


_KEPT: list[object] = []


def file(path: str, data: bytes) -> None:
    """One file, as far as it goes: every parser, every span, the matcher, the trace."""
    source = SourceFile(path, len(data), Scope.RUNTIME, lambda limit: data[:limit])
    facts = [fact for parser in parsers_of(path) for fact in _parsed(parser.parse(source))]
    lines = Lines(decode(data))
    for fact in facts:
        for span in _spans(fact):
            _inside(span, lines)
    here = world()
    if path.endswith(".json"):
        is_idle(source, here.matcher, 1_000)
    here.matcher.sightings(facts, "", path)
    said = scan(source, here.matcher)
    unexpected = [gap for gap in said.gaps if gap.message.startswith("not read as match")]
    assert not unexpected, unexpected
    if said.sightings:
        names = here.matcher.names
        for place in occurrences([said], [path], [Part("a", ".")], here.rulebook, names.recognise, names.short):
            assert place.path == path


def _parsed(facts: Any) -> Iterator[Fact]:
    try:
        yield from facts
    except REFUSALS:
        return


def _spans(fact: Fact) -> list[Span]:
    if isinstance(fact, Command):
        return [fact.span, *(span for _, span in fact.argv)]
    return [fact.span] if isinstance(fact, Setting | Prose) else []


def _inside(span: Span, lines: Lines) -> None:
    start, end = lines.offset(span.line, span.column), lines.offset(span.end_line, span.end_column)
    assert lines.position(start) == (span.line, span.column), span
    assert lines.position(end) == (span.end_line, span.end_column), span
    assert start <= end, span


def rules(data: bytes) -> None:
    _refused(lambda: check(parse("a.toml", data)))


def policy(data: bytes) -> None:
    path = _written("auditor.toml", data)
    _refused(lambda: config.policy(path, standing_in=path.parent))


def shared_policy(data: bytes) -> None:
    path = _written("project/pyproject.toml", data)
    _refused(lambda: config.policy(None, standing_in=path.parent))


def portfolio_manifest(data: bytes) -> None:
    path = _written("portfolio.toml", data)
    _refused(lambda: manifest.read(path))


def report(data: bytes) -> None:
    """A report made earlier: as a baseline, and as one of a claim's."""
    path = _written("report.json", data)
    _refused(lambda: inventory.known(inventory.read(path)))
    _refused(lambda: reports.from_reports([path]))


def snapshot_manifest(data: bytes) -> None:
    _snapshot({"MANIFEST.toml": data})


def snapshot_models(data: bytes) -> None:
    _snapshot({"models.tsv.gz": data})


def snapshot_edges(data: bytes) -> None:
    _snapshot({"edges.tsv.gz": data})


def snapshot_aliases(data: bytes) -> None:
    _snapshot({"aliases.tsv.gz": data})


def snapshot_sources(data: bytes) -> None:
    _snapshot({"sources.toml": data})


TABLES = {
    "MANIFEST.toml": b'format = 1\ndigest = "0"\nbuilt = "2026-01-01"\n[[file]]\nname = "a"\nrows = 1\nsha256 = "0"\n',
    "models.tsv.gz": b"id\tdownloads\ttask\tlicense\tsource\na/b\t1\ttext-generation\tmit\tpypi:x==1\n",
    "edges.tsv.gz": b"child\trelation\tparent\tconfidence\tsource\na/b\tfinetune\tc/d\thigh\tpypi:x==1\n",
    "aliases.tsv.gz": b"scheme\talias\thub_id\tconfidence\tsource\nollama\tb\ta/b\thigh\tpypi:x==1\n",
    "sources.toml": b'[[source]]\nmatch = "pypi:"\nsays = "x"\n',
}


def _snapshot(changed: dict[str, bytes]) -> None:
    """The text form, compiled and asked for what it holds."""
    for name, content in (TABLES | changed).items():
        path = _written(f"snapshot/{name}", content)
    _refused(lambda: _asked(path.parent))


def compiled_snapshot(data: bytes) -> None:
    """A file that claims to be compiled."""
    path = _written("snapshot.sqlite", data)
    _refused(lambda: _asked(path))


def _asked(path: Path) -> None:
    opened = open_snapshot(path)
    try:
        opened.record("a/b")
        opened.alias("b")
        opened.named("b")
        opened.hub_id("c/d")
        opened.author_known("a")
    finally:
        opened.close()


def hub_answer(data: bytes) -> None:
    try:
        said = json.loads(data)
    except REFUSALS:
        return
    if isinstance(said, dict):
        record_of("a/b", said, endpoint="https://hub.example", as_of="2026-01-01")
        stated_parents(said)


def address(data: bytes) -> None:
    location = data.decode("utf-8", "surrogateescape").replace("\0", "")
    public(location)
    last_part(location)
    if is_url(location):
        _refused(lambda: protocol_of(location))
        if location.lower().startswith(("https://", "ssh://")):
            assert "@" not in shown(location).partition("://")[2].split("/")[0]


def staged(data: bytes) -> None:
    """The first look of the hook."""
    path, _, content = data.partition(b"\0")
    _anchors().weights(path)
    _anchors().may_name(path, content)


@cache
def _anchors() -> Anchors:
    from auditor import anchors

    return anchors.of(world().rulebook)


def _written(name: str, data: bytes) -> Path:
    path = _folder() / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return path


@cache
def _folder() -> Path:
    kept = tempfile.TemporaryDirectory(prefix="auditor-fuzz-")
    _KEPT.append(kept)
    return Path(kept.name)


def _refused(run: Callable[[], object]) -> None:
    try:
        run()
    except AuditError:
        return


TARGETS: dict[str, Callable[[bytes], None]] = {
    **{name: partial(file, path) for name, path in FILES.items()},
    "rules": rules,
    "policy": policy,
    "shared-policy": shared_policy,
    "manifest": portfolio_manifest,
    "report": report,
    "snapshot-manifest": snapshot_manifest,
    "snapshot-models": snapshot_models,
    "snapshot-edges": snapshot_edges,
    "snapshot-aliases": snapshot_aliases,
    "snapshot-sources": snapshot_sources,
    "snapshot-compiled": compiled_snapshot,
    "hub-answer": hub_answer,
    "address": address,
    "staged": staged,
}
