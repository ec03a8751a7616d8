"""Texts as source files, and what a span of a text holds."""

from __future__ import annotations

from auditor.detect.text import Lines, decode
from auditor.domain.fact import Command, Setting
from auditor.domain.source import Scope, SourceFile, Span


def source(path: str, content: str | bytes) -> SourceFile:
    data = content.encode() if isinstance(content, str) else content
    return SourceFile(path, len(data), Scope.RUNTIME, lambda limit: data[:limit])


def at(content: str | bytes, span: Span) -> str:
    """The text between the ends of a span."""
    text = decode(content.encode() if isinstance(content, str) else content)
    lines = Lines(text)
    return text[lines.offset(span.line, span.column) : lines.offset(span.end_line, span.end_column)]


def by_path(facts: list[object]) -> dict[str, str]:
    """Live settings as joined path and value."""
    return {"/".join(fact.path): fact.value for fact in facts if isinstance(fact, Setting) and fact.live}


def lines_of(facts: list[object]) -> list[str]:
    """Commands as one line each, with their stage."""
    return [f"{fact.stage}: {' '.join(word for word, _ in fact.argv)}" for fact in facts if isinstance(fact, Command)]
