"""Configuration files -> settings: YAML, TOML, JSON, .env, INI, properties, HCL, MSBuild, the front matter of documents."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.detect import braces, dialect, embedded, hcl, msbuild, pairs, toml_tree, tree, yaml_tree
from auditor.detect.text import Lines, read
from auditor.domain.fact import Prose, Setting
from auditor.domain.source import SourceFile

LIMIT = 8 * 1024 * 1024
_FRONT = re.compile(r"\s*---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*\r?$", re.DOTALL | re.MULTILINE)


def parse(file: SourceFile) -> Iterator[Setting | Prose]:
    """Every one-line string of a configuration file with its key path.

    *Raises* ValueError after what could be read, when the rest could not. Files that `deploy` reads give nothing here.
    """
    text = read(file, LIMIT)
    lines = Lines(text)
    kind = dialect.of(file.path, text)
    match kind:
        case "yaml":
            documents = list(yaml_tree.documents(text))
            for document in documents:
                yield from embedded.parse(document.node, text, lines, kind)
            yield from _trees(iter(documents), lines, kind)
            yield from pairs.comments(text, lines, kind)
        case "front-matter":
            front = _FRONT.match(text)
            if front:
                yield from _trees(yaml_tree.documents(front.group(1), front.start(1)), lines, kind)
        case "toml":
            yield from _trees(iter([toml_tree.parse(text)]), lines, kind)
            yield from pairs.comments(text, lines, kind)
        case "json":
            yield from _trees(iter([braces.parse(text)]), lines, kind)
        case "hcl":
            yield from _trees(iter([hcl.parse(text)]), lines, kind)
            yield from pairs.comments(text, lines, kind)
        case "env":
            yield from pairs.env(text, lines)
        case "msbuild":
            yield from msbuild.parse(text, lines)
        case "ini" | "properties" | "gitconfig":
            yield from pairs.ini(text, lines, kind)


def _trees(documents: Iterator[tree.Parsed], lines: Lines, kind: str) -> Iterator[Setting]:
    for document in documents:
        yield from tree.settings(document.node, lines.span, kind)
        if document.problem:
            raise ValueError(document.problem)
