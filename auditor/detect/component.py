"""Vue and Svelte components: their script blocks, read as TypeScript where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.detect import javascript
from auditor.detect.text import read
from auditor.domain.fact import Fact
from auditor.domain.source import SourceFile

_LIMIT = 2 << 20  # bytes
_OPENING = re.compile(r"<script\b[^<>]{0,500}>", re.IGNORECASE)
_CLOSING = re.compile(r"</script\s*>", re.IGNORECASE)
_VISIBLE = re.compile(r"[^\r\n]")


def parse(file: SourceFile) -> Iterator[Fact]:
    """The facts of a component's scripts; its markup and styles say nothing."""
    text = read(file, _LIMIT)
    yield from javascript.parse_text(file.path, _scripts(text))


def _scripts(text: str) -> str:
    """The text with everything but the scripts blanked out; every line and column stays what it was."""
    kept, position = [], 0
    while opening := _OPENING.search(text, position):
        closing = _CLOSING.search(text, opening.end())
        end = closing.start() if closing else len(text)
        kept += [_VISIBLE.sub(" ", text[position : opening.end()]), text[opening.end() : end]]
        position = end
    return "".join(kept)
