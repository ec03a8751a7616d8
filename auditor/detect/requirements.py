"""requirements.txt and its relatives -> Dependency.

A pinned list that a resolver wrote is a lock: its `# via` comments tell who brought a package in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from auditor.detect.graph import Graph
from auditor.detect.package_names import Asked, normalise, python_requirement
from auditor.detect.text import Lines, read
from auditor.domain.fact import Dependency
from auditor.domain.source import SourceFile

_LIMIT = 16 * 1024 * 1024
_EDITABLE = re.compile(r"\s*(?:-e\s+|--editable[= ]\s*)")
_OPTION = re.compile(r"(?<!\s)\s++--(?:hash|config-settings?|global-option|install-option)\b.*", re.DOTALL)
_COMMENT = re.compile(r"(?:^|\s)#.*")
_VIA = re.compile(r"#\s*via\b(.*)")
_PURPOSES = frozenset({"dev", "develop", "development", "test", "tests", "testing", "doc", "docs", "lint", "ci"})


def parse(file: SourceFile) -> Iterator[Dependency]:
    """What a requirements or constraints file asks for. Files that it includes with -r stand for themselves.

    *Source*: https://pip.pypa.io/en/stable/reference/requirements-file-format/. *Raises* ValueError when too large.
    """
    text = read(file, _LIMIT)
    lines = Lines(text)
    group = _group(file.path)
    asked = list(_requirements(text))
    graph = _who_asked(asked)
    for start, one, _ in asked:
        name = normalise("pypi", one.name)
        span = lines.span(start + one.start, start + one.end)
        yield Dependency("pypi", name, one.requirement, one.exact, span, group, graph.parents(name))


def _group(path: str) -> str:
    stem = PurePosixPath(path).stem.lower()
    if "constraint" in stem:
        return "constraint"  # bounds a version, does not ask for the package
    return next((word for word in re.split(r"[^a-z]+", stem) if word in _PURPOSES), "")


def _requirements(text: str) -> Iterator[tuple[int, Asked, list[str]]]:
    """Offset of the line, what it asks for, and the packages named after `via` in the comments that follow."""
    last: list[str] | None = None
    in_via = False
    for start, line in _logical_lines(text):
        if line.lstrip().startswith("#"):
            said = _VIA.search(line)
            if last is not None and (said or in_via):
                in_via = True
                last.extend(_names(said[1] if said else line.strip().lstrip("#")))
            continue
        in_via = False
        opened = _EDITABLE.match(line)
        skip = opened.end() if opened else 0
        body = _COMMENT.sub("", _OPTION.sub("", line[skip:])) if "#egg=" not in line else line[skip:].split(" #")[0]
        if not body.strip() or body.lstrip().startswith("-"):
            last = None
            continue
        one = python_requirement(body)
        if one is not None:
            said = _VIA.search(line)
            last = _names(said[1]) if said else []
            in_via = said is not None
            yield start + skip, one, last


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines with `\\` continuations joined in place: the break becomes spaces, so that offsets hold."""
    joined = re.sub(r"\\\r?\n", lambda m: " " * len(m[0]), text)
    start = 0
    for line in joined.splitlines(keepends=True):
        yield start, line.rstrip("\r\n")
        start += len(line)


def _names(words: str) -> list[str]:
    """Packages of a via comment; a file that asked (`-r requirements.in`) is the project itself, written ""."""
    found = []
    for word in words.split(","):
        word = word.strip()
        if word.startswith("-") or word.endswith((".in", ".txt", ".toml", ".cfg", ".py", ")")):
            found.append("")
        elif re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:\[[^\]]*\])?", word):
            found.append(normalise("pypi", word.split("[")[0]))
    return found


def _who_asked(asked: list[tuple[int, Asked, list[str]]]) -> Graph:
    graph = Graph()
    names = {normalise("pypi", one.name) for _, one, _ in asked}
    for _, one, via in asked:
        name = normalise("pypi", one.name)
        sources = [source for source in via if source in names]
        if len(sources) < len(via) or not via:  # named by a file, or by the project, or nobody says
            graph.root(name)
        for source in sources:
            graph.edge(source, name)
    return graph
