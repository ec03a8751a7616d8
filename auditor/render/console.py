"""The paper that terminal reports are written on: a fixed width, with or without colour, no other state of the machine."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from io import StringIO

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

NARROWEST = 40
_GAP = 2
_TRAILING = re.compile(r"[ ]+$", re.MULTILINE)


def printed(parts: Iterable[RenderableType], *, width: int, color: bool) -> str:
    """The parts below each other. *Shape*: no line is wider than `width` cells or ends in blanks."""
    paper = StringIO()
    console = Console(
        file=paper,
        width=max(width, NARROWEST),
        force_terminal=color,
        color_system="standard" if color else None,
        no_color=not color,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
        _environ={},  # what we print depends on our arguments alone
    )
    for part in parts:
        console.print(part, overflow="fold", soft_wrap=False)
    return _TRAILING.sub("", paper.getvalue())


def labelled(rows: Iterable[tuple[str, RenderableType]], *, indent: int = 4, least: int = 0) -> Padding:
    """Dim labels on the left in at least `least` cells, text that wraps within its own column on the right."""
    grid = Table.grid(padding=(0, _GAP, 0, 0))
    grid.add_column(style="dim", no_wrap=True, min_width=least)
    grid.add_column(overflow="fold")
    for label, value in rows:
        grid.add_row(label, value)
    return Padding(grid, (0, 0, 0, indent))


def clipped(text: str, width: int) -> str:
    """The text in at most `width` cells, ending in an ellipsis where more was said."""
    return _cut(Text(text), width).plain


def rows(
    table: Sequence[Sequence[Text]], *, limits: Sequence[int], width: int, indent: int = 2, keep_end: bool = False
) -> list[Text]:
    """One line a row in aligned columns. *Units*: cells.

    Every column but the last is cut at its limit; the last takes what is left, and with `keep_end` loses its beginning
    rather than its end (of a path, the end says more).
    """
    limits = [min(limit, max((row[n].cell_len for row in table), default=0)) for n, limit in enumerate(limits)]
    lines = []
    for row in table:
        line = Text(" " * indent, no_wrap=True)
        for cell, limit in zip(row[:-1], limits, strict=True):
            shown = _cut(cell, limit)
            line.append_text(shown)
            line.append(" " * (limit - shown.cell_len + (_GAP if limit else 0)))
        line.append_text(_cut(row[-1], width - line.cell_len, keep_end=keep_end))
        line.rstrip()
        lines.append(line)
    return lines


def _cut(cell: Text, width: int, *, keep_end: bool = False) -> Text:
    """The cell in at most `width` cells, with an ellipsis where something is missing."""
    if cell.cell_len <= width:
        return cell
    if width <= 0:
        return Text()
    most = 4 * width  # characters without a width of their own must not make this long
    text = cell.plain[-most:] if keep_end else cell.plain[:most]
    while cell_len(text) >= width:
        text = text[1:] if keep_end else text[:-1]
    return Text(f"…{text}" if keep_end else f"{text}…", style=cell.style)
