"""Patterns of the shell's form (`*`, `?`, `[...]`), many at a time: which of them take a text.

The answers are those of `fnmatch.translate`, without an expression compiled for each of a thousand patterns: most hold
no wildcard but `*`, and what they end in tells which few to ask.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from fnmatch import translate
from functools import cache

_WILD = re.compile(r"[*?\[]")


class Globs:
    """Numbered patterns, asked by the ending of a text; `ending` gives of a text what its own ending is."""

    def __init__(self, globs: Iterable[tuple[int, str]], ending: Callable[[str], str]) -> None:
        self._ending = ending
        self._plain: dict[str, list[int]] = {}
        self._ended: dict[str, list[tuple[int, str]]] = {}
        self._open: list[tuple[int, str]] = []
        for number, glob in globs:
            literal = _WILD.split(glob)[-1]
            if literal == glob:
                self._plain.setdefault(glob, []).append(number)
            elif "[" not in glob and literal and (end := ending(literal)) and ending(f"?{literal}") == end:
                self._ended.setdefault(end, []).append((number, glob))
            else:
                self._open.append((number, glob))

    def taking(self, text: str) -> tuple[int, ...]:
        """The numbers of the patterns that take all of a text. *Shape*: ascending, each once."""
        found = set(self._plain.get(text, ()))
        found.update(n for n, glob in self._ended.get(self._ending(text), ()) if takes(glob, text))
        found.update(n for n, glob in self._open if takes(glob, text))
        return tuple(sorted(found))


def takes(glob: str, text: str) -> bool:
    """Whether a pattern takes all of a text, case and all."""
    parts = _parts(glob)
    if parts is None:
        return _compiled(glob).match(text) is not None
    if len(parts) == 1:
        return text == glob
    first, *middle, last = parts
    if len(text) < len(first) + len(last) or not text.startswith(first) or not text.endswith(last):
        return False
    at, end = len(first), len(text) - len(last)
    for part in middle:
        at = text.find(part, at, end)
        if at < 0:
            return False
        at += len(part)
    return True


@cache
def _parts(glob: str) -> tuple[str, ...] | None:
    """What stands between the stars; None where other wildcards do too."""
    return None if "?" in glob or "[" in glob else tuple(glob.split("*"))


@cache
def _compiled(glob: str) -> re.Pattern[str]:
    return re.compile(translate(glob))
