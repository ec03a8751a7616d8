"""Documents -> the words that may be names of models."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.detect.text import Lines, Places, read
from auditor.domain.fact import Prose
from auditor.domain.source import SourceFile

LIMIT = 8 * 1024 * 1024
_IN = r"A-Za-z0-9._:/@+\-"
# Words without digit, slash and hyphen are passed over inside the expression, without a match each: that is the speed.
# It matches at every position, so that no stretch of text is looked at twice.
_WORD = re.compile(rf"(?:[A-Za-z._:@+]*+[^{_IN}]++)*+(?:([{_IN}]++)|\Z)")
_TELLING = re.compile(r"[0-9/\-]")
_LETTER = re.compile(r"[A-Za-z]")
_LONGEST = 120
_LONGEST_URL = 300


def parse(file: SourceFile) -> Iterator[Prose]:
    """The words of a document, code fences and link targets included."""
    text = read(file, LIMIT)
    yield from words(text, 0, Lines(text), "document")


def words(text: str, start_offset: int, lines: Places, where: str) -> Iterator[Prose]:
    """The words of a text that may be names: with a letter, and a digit, slash or hyphen. URLs are kept whole.

    `start_offset` is where the text stands in the file that `lines` describes.
    """
    for found in _WORD.finditer(text):
        raw = found.group(1) or ""
        word = raw.rstrip(".:/@+-")
        lead = len(word) - len(word.lstrip("-+:"))
        word = word[lead:]
        size = len(word)
        if size < 3 or size > (_LONGEST_URL if word.startswith("http") else _LONGEST):
            continue
        if _TELLING.search(word) and _LETTER.search(word):
            start = start_offset + found.start(1) + lead
            yield Prose(word, lines.span(start, start + size), where)
