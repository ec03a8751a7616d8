"""Dockerfiles, compose, Kubernetes, CI and other deployment files -> commands and settings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.detect import (
    braces,
    commands,
    dialect,
    dockerfile,
    embedded,
    environments,
    hcl,
    pairs,
    shell,
    toml_tree,
    yaml_tree,
)
from auditor.detect.text import Lines, read
from auditor.detect.tree import Parsed
from auditor.domain.fact import Command, Prose, Setting
from auditor.domain.source import SourceFile

LIMIT = 8 * 1024 * 1024
_HOLDS_COMMAND = re.compile(
    r"^[^\S\n]*(?:-[^\S\n]+)?(?:[{,][^\S\n]*)?[\"']?(?:command|args|entry[pP]oint|cmd|scripts)[\"']?[^\S\n]*[:=]",
    re.MULTILINE,
)
_COMPACT = re.compile(r"[\"'](?:command|args|entry[pP]oint|cmd|scripts)[\"'][^\S\n]*:")


def parse(file: SourceFile) -> Iterator[Command | Setting | Prose]:
    """The commands that a deployment file runs, and its settings.

    Of files that `settings` reads only the commands are given. *Raises* ValueError after what could be read of a
    deployment file, when the rest could not.
    """
    text = read(file, LIMIT)
    lines = Lines(text)
    kind = dialect.of(file.path, text)
    match kind:
        case "dockerfile":
            yield from dockerfile.parse(text, lines)
        case "modelfile":
            yield from _modelfile(text, lines)
        case "procfile":
            yield from _procfile(text, lines)
        case "compose" | "kubernetes" | "workflow":
            for document in yaml_tree.documents(text):
                yield from commands.parse(document.node, text, lines, kind)
                yield from environments.parse(document.node, lines, kind)
                yield from embedded.parse(document.node, text, lines, kind)
                if document.problem:
                    raise ValueError(document.problem)
            yield from pairs.comments(text, lines, kind)
        case "yaml" | "json" | "toml" | "hcl" if _HOLDS_COMMAND.search(text) or _COMPACT.search(text):
            for document in _trees(text, kind):
                yield from commands.parse(document.node, text, lines, kind if kind == "json" else "other")


def _trees(text: str, kind: str) -> Iterator[Parsed]:
    match kind:
        case "yaml":
            yield from yaml_tree.documents(text)
        case "json":
            yield braces.parse(text)
        case "toml":
            yield toml_tree.parse(text)
        case "hcl":
            yield hcl.parse(text)


_FROM = re.compile(r"^[ \t]*(FROM|ADAPTER|DRAFT)[ \t]+(\S[^\n]*?)[ \t\r]*$", re.MULTILINE | re.IGNORECASE)


def _modelfile(text: str, lines: Lines) -> Iterator[Setting | Prose]:
    for found in _FROM.finditer(text):
        value, quoted = found.group(2), found.group(2)[:1] == '"'
        value, start = value.strip('"'), found.start(2) + quoted
        yield Setting((found.group(1).upper(),), value, lines.span(start, start + len(value)), "modelfile")
    yield from pairs.comments(text, lines, "modelfile")


_PROCESS = re.compile(r"^[ \t]*[\w-]+[ \t]*:[ \t]*(\S[^\n]*)$", re.MULTILINE)


def _procfile(text: str, lines: Lines) -> Iterator[Command | Setting]:
    for found in _PROCESS.finditer(text):
        yield from shell.split(text, found.start(1), found.end(1), lines.span, stage="start", kind="procfile")
