"""GitHub Flavored Markdown for a comment: tables and folds of our own, with foreign text that means nothing but itself.

Names and paths of the repository stand as code; sentences have all punctuation that Markdown, HTML or GitHub act on written
as character references, so that nobody is mentioned, nothing is linked and no other issue is referred to. GitHub refuses
comments over 65,536 characters, so the longest lists are cut and say so.
*Source*: https://github.github.com/gfm/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from auditor.render.escape import visible

MOST_BYTES = 65_536
_ROWS = (20, 10, 5, 2, 1)  # of each list; the first with which all fits
_LONG_SENTENCE = 300
_LONG_NAME = 120
_OTHER = re.compile(r"[^a-z0-9]+")  # two hyphens could end the comment
_ACTED_ON = re.compile(
    r"[&<>\"'`\\*_~\[\]!|#@$^={}]"  # anywhere; then: links, references to issues, and what begins a list
    r"|:(?=//)|(?<=www)\.|(?<=gh)-(?=\d)|^[-+](?=\s)|^\d(?=\d*[.)])",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"[\w./:@+,()\[\]{}… -]+")


def fitted(lines: Callable[[int], Iterable[str]]) -> str:
    """The lines as a text that GitHub takes; they are asked for with so many rows of each list that they fit."""
    for most in _ROWS:
        text = "\n".join(lines(most)) + "\n"
        if len(text.encode("utf-8", "replace")) <= MOST_BYTES:
            return text
    return text


def marker(kind: str, *names: str) -> str:
    """A comment that is not shown, the same for the same names: whoever updates looks for it."""
    return f"<!-- auditor-{kind}: {' '.join(_OTHER.sub('-', name.lower()) for name in names)} -->"


def table(titles: Sequence[str], rows: Iterable[Sequence[str]], *, left_out: int) -> Iterator[str]:
    yield f"| {' | '.join(titles)} |"
    yield f"|{' --- |' * len(titles)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)
    yield ""
    yield from spaced(*more(left_out))


def folded(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield from (f"<details><summary>{said(title)}</summary>", "")
    yield from lines
    yield from ("</details>", "")


def more(count: int) -> list[str]:
    return [f"…and {count:,} more: see the full report."] if count > 0 else []


def spaced(*paragraphs: str) -> Iterator[str]:
    for paragraph in filter(None, paragraphs):
        yield from (paragraph, "")


def bold(text: str) -> str:
    return f"**{said(text)}**" if text else ""


def said(text: str) -> str:
    """A sentence that means nothing but itself, in Markdown as in HTML."""
    return _ACTED_ON.sub(_reference, _clipped(visible(text).strip(), _LONG_SENTENCE))


def _reference(match: re.Match[str]) -> str:
    """GitHub looks for mentions and issues after it has read the references: an invisible break parts what they start."""
    parting = "&#8203;" if match[0] in "@#.-:" else ""
    return f"&#{ord(match[0])};{parting}"


def code(text: str, *, keep_end: bool = False) -> str:
    """Text in a code span; what could end the span, or the cell of a table around it, as references in its own element."""
    shown = _clipped(visible(text), _LONG_NAME, keep_end=keep_end).strip() or "?"
    return f"`{shown}`" if _PLAIN.fullmatch(shown) else f"<code>{said(shown)}</code>"


def _clipped(text: str, most: int, *, keep_end: bool = False) -> str:
    if len(text) <= most:
        return text
    return f"…{text[1 - most :]}" if keep_end else f"{text[: most - 1]}…"
