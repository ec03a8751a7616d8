"""From bytes to text, and from offsets in a text to the lines and columns that a reader sees."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Protocol

from auditor.domain.source import SourceFile, Span

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),  # before UTF-16, whose mark it begins with
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_BREAK = re.compile(r"\r\n?|\n")


def read(file: SourceFile, limit: int) -> str:
    """The text of a file, byte-order mark removed.

    *Raises* ValueError when the file is larger than `limit` bytes: half a file is not read in silence.
    """
    data = file.load(limit + 1)
    if len(data) > limit:
        raise ValueError(f"larger than {limit} bytes")
    return decode(data)


def decode(data: bytes) -> str:
    """The text that bytes stand for; never fails. Bytes that are no Unicode are read as Latin-1."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        # A read that stopped inside a character is still UTF-8.
        if error.reason == "unexpected end of data" and error.end == len(data):
            return data[: error.start].decode("utf-8")
        return data.decode("latin-1")


class Places(Protocol):
    """Whatever tells where the offsets of a text are: `Lines`, or a part of a file."""

    def span(self, start: int, end: int) -> Span: ...


def column(row: str, offset: int) -> int:
    """The column of a byte offset in a row of UTF-8. *Units*: offset 0-based bytes; column 1-based code points."""
    if row.isascii():
        return offset + 1
    return len(row.encode("utf-8", "replace")[:offset].decode("utf-8", "replace")) + 1


class Lines:
    """Where the offsets of a text are. *Units*: offsets are 0-based code points; lines and columns 1-based."""

    __slots__ = ("_length", "_starts")

    def __init__(self, text: str) -> None:
        self._starts = [0, *(found.end() for found in _BREAK.finditer(text))]
        self._length = len(text)

    def position(self, offset: int) -> tuple[int, int]:
        """The line and column of an offset; offsets outside the text are those of its nearest end."""
        offset = min(max(offset, 0), self._length)
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """The offset of a line and column, never outside the text: the inverse of `position`."""
        if line < 1:
            return 0
        if line > len(self._starts):
            return self._length
        return min(self._starts[line - 1] + max(column, 1) - 1, self._length)

    def span(self, start: int, end: int) -> Span:
        """The stretch from `start` up to, not including, `end`."""
        return Span(*self.position(start), *self.position(max(start, end)))
