"""Where measured tables stand: between marks in docs/security-evidence.md, each put there by the command that made it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

DOCUMENT = Path(__file__).parent.parent / "docs" / "security-evidence.md"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |" for line in lines
    )


def put(name: str, text: str) -> None:
    """Put the text between the marks of that name."""
    begin, end = f"<!-- {name} -->\n", f"\n<!-- /{name} -->"
    before, found, rest = DOCUMENT.read_text("utf-8").partition(begin)
    if not found:
        raise ValueError(f"no mark {name!r} in {DOCUMENT.name}")
    DOCUMENT.write_text(before + begin + text + end + rest.partition(end)[2], "utf-8")
