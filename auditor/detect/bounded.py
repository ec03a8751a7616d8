"""Source to a syntax tree at a price that the source's length bounds: on some texts grammars look ahead without end."""

from __future__ import annotations

from tree_sitter import Parser, Point, Tree

_PIECE = 1 << 16  # bytes handed out at once while the tree is made
_SHORT = 64  # bytes at once afterwards, when words of the tree are asked for
_SPARE = 16 << 20  # bytes that any source may be read in all,
_TIMES = 32  # and this many times its length: what people write is read one to six times


def parsed(parser: Parser, source: bytes) -> Tree:
    """The tree of a source. *Raises* ValueError where its grammar comes back to the same places again and again."""
    text = _Text(source)
    tree = parser.parse(text)
    if text.left <= 0:
        raise ValueError("its grammar finds no end in it")
    text.piece = _SHORT
    return tree


class _Text:
    """Hands out the source, up to a number of bytes in all; a tree asks for its words here as well."""

    def __init__(self, source: bytes) -> None:
        self._source = source
        self.piece = _PIECE
        self.left = _SPARE + _TIMES * len(source)

    def __call__(self, offset: int, point: Point) -> bytes:
        piece = self._source[offset : offset + self.piece]
        if self.piece == _PIECE:
            self.left -= len(piece)
        return piece if self.left > 0 else b""
