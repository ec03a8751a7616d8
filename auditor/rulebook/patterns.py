"""Regular expressions of rules: what they match, and whether they are safe to run on text that a stranger wrote."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final


@dataclass(frozen=True, slots=True)
class NamePattern:
    """A regular expression (ASCII) for a whole name. Compiled when first asked: one run asks few of them."""

    pattern: str

    def fullmatch(self, text: str) -> re.Match[str] | None:
        return _compiled(self.pattern).fullmatch(text)


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


_REPEAT: Final = re.compile(r"[*+?]|\{(\d*)(,?)(\d*)\}", re.ASCII)


def flaw(pattern: str) -> str:
    """What is wrong with the pattern, "" when it compiles and needs no more than linear time in practice.

    A repeated group whose body repeats something itself can take exponential time: `(?:[a-z]+)*`. An optional group may.
    """
    try:
        re.compile(pattern, re.ASCII)
    except (re.error, OverflowError, RecursionError) as error:
        return f"does not compile ({error})"
    if re.search(r"(?<!\\)(?:\\\\)*(?:\\[1-9]|\(\?P=)", pattern, re.ASCII):
        return "refers back to a group"
    return "repeats what already repeats" if _nested(pattern) else ""


def _nested(pattern: str) -> bool:
    repeats = [False]  # one a group that is open: does its body repeat something?
    at, closed = 0, False  # closed: the last atom was a group, `inner` tells whether its body repeats
    inner = False
    while at < len(pattern):
        char = pattern[at]
        if char == "\\":
            at, closed = at + 2, False
        elif char == "[":
            at, closed = _end_of_class(pattern, at), False
        elif char == "(":
            repeats.append(False)
            at, closed = at + 1, False
            if pattern.startswith("?", at):  # (?:...), (?P<name>...), (?=...): the mark is not a repeat
                at += 1
        elif char == ")":
            inner = repeats.pop()
            repeats[-1] |= inner
            at, closed = at + 1, True
        elif (repeat := _REPEAT.match(pattern, at)) and _many(repeat):
            if closed and inner:
                return True
            repeats[-1] = True
            at = repeat.end()
            if pattern[at : at + 1] in ("?", "+"):  # lazy, possessive
                at += 1
            closed = False
        else:
            at = repeat.end() if repeat else at + 1
            closed = False
    return False


def _end_of_class(pattern: str, at: int) -> int:
    at += 2 if pattern.startswith("[^", at) else 1
    at += 1 if pattern.startswith("]", at) else 0
    while pattern[at] != "]":
        at += 2 if pattern[at] == "\\" else 1
    return at + 1


def _many(repeat: re.Match[str]) -> bool:
    text = repeat.group()
    if text in ("*", "+"):
        return True
    if text == "?":
        return False
    low, comma, high = repeat.groups()
    return (bool(comma) and (not high or int(high) > 1)) or (not comma and int(low or 1) > 1)
