"""Programs that a command line carries: `python -c "..."`, a here-document for an interpreter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.domain.fact import Literal, Loose
from auditor.domain.source import Span

_QUOTED = re.compile(r"[\"']([\w./:@-]{3,200})[\"']", re.ASCII)
_LONGEST = 20_000


def literals(code: str, span: Span) -> Iterator[Literal]:
    """The strings of a program with their places in the file; of what is not Python, or is very long, the quoted words."""
    from auditor.detect.python import parse_text

    try:
        facts = list(parse_text("inline.py", code if len(code) <= _LONGEST else "?"))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        for quoted in _QUOTED.findall(code):
            yield Literal(quoted, span, Loose("program"))
        return
    for fact in facts:
        if isinstance(fact, Literal):
            yield Literal(fact.text, _placed(fact.span, span), fact.place, fact.within, fact.entries)


def _placed(inner: Span, outer: Span) -> Span:
    """The place in the file of what stands at a place of the program."""
    line, end_line = outer.line + inner.line - 1, outer.line + inner.end_line - 1
    if end_line > outer.end_line:  # lines that the shell has joined
        return outer
    first = outer.column - 1
    return Span(
        line,
        inner.column + (first if inner.line == 1 else 0),
        end_line,
        inner.end_column + (first if inner.end_line == 1 else 0),
    )
