"""Whether a version, or any that a requirement allows, lies in the half-open range of a rule."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from packaging.version import InvalidVersion, Version

_PEP440: Final = frozenset({"pypi", "conda"})
_LONGEST: Final = 400  # characters; a longer requirement is not worth reading
_SEMVER = re.compile(
    r"[vV=]?(\d{1,9}(?:\.\d{1,9}){0,7})(?:[-.]?([0-9A-Za-z][0-9A-Za-z.-]*))?(?:\+[0-9A-Za-z.-]*)?", re.ASCII
)
_PRE = re.compile(r"(alpha|beta|rc|a|b)[.-]?(\d{1,9})?", re.ASCII)
_RELEASE: Final = frozenset({"release", "final", "ga"})  # endings that Maven takes for the release itself
_COMPARATOR = re.compile(r"(===|==|~=|~>|!=|>=|<=|=|>|<|\^|~)?\s*([vV]?[0-9*xX][0-9A-Za-z.*+!_-]*)", re.ASCII)
_BRACKETS = re.compile(r"([\[(])([^,\[\]()]*)(,?)([^,\[\]()]*)([\])])", re.ASCII)


def matches(ecosystem: str, version: str, since: str, until: str) -> bool:
    """Whether `since <= version < until`, "" being open. False for what is no version."""
    found = _version(ecosystem, version)
    return found is not None and not _apart(_Range(found, True, found, True), _rule(ecosystem, since, until))


def overlaps(ecosystem: str, requirement: str, since: str, until: str) -> bool:
    """Whether the requirement allows a version of `[since, until)`. True for what cannot be read, and for "" (any)."""
    wanted = _rule(ecosystem, since, until)
    text = requirement.partition(";")[0].strip()
    if not text or len(text) > _LONGEST:
        return True
    ranges = [_allowed(ecosystem, part.strip()) for part in text.split("||")]
    return any(allowed is None or not _apart(allowed, wanted) for allowed in ranges)


@dataclass(frozen=True, slots=True)
class _Range:
    """From `low` to `high`, None being open; `*_in` tells whether the end itself belongs to it."""

    low: Version | None = None
    low_in: bool = True
    high: Version | None = None
    high_in: bool = False

    def both(self, other: _Range) -> _Range:
        low, low_in = max(_low(self), _low(other), key=lambda end: (end[0] or _FIRST, not end[1]))
        ends = [end for end in ((self.high, self.high_in), (other.high, other.high_in)) if end[0] is not None]
        high, high_in = min(ends, key=lambda end: (end[0] or _FIRST, end[1]), default=(None, False))
        return _Range(low, low_in, high, high_in)


_FIRST: Final = Version("0.dev0")


def _low(span: _Range) -> tuple[Version | None, bool]:
    return span.low, span.low_in


def _apart(one: _Range, other: _Range) -> bool:
    span = one.both(other)
    if span.low is None or span.high is None:
        return False
    return span.low > span.high or (span.low == span.high and not (span.low_in and span.high_in))


def _rule(ecosystem: str, since: str, until: str) -> _Range:
    return _Range(_version(ecosystem, since), True, _version(ecosystem, until), False)


def _version(ecosystem: str, text: str) -> Version | None:
    """The version in an order that all ecosystems share; a pre-release comes before its release in each of them."""
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    try:
        if ecosystem in _PEP440:
            return Version(text)
        found = _SEMVER.fullmatch(text)
        if not found:
            return None
        release, ending = found.group(1), (found.group(2) or "").lower()
        pre = _PRE.match(ending)
        if pre:
            return Version(f"{release}{pre.group(1)}{pre.group(2) or 0}")
        return Version(release if not ending or ending in _RELEASE else f"{release}.dev0")
    except InvalidVersion:
        return None


def _allowed(ecosystem: str, text: str) -> _Range | None:
    """What one alternative of a requirement allows, None when it cannot be read."""
    brackets = _BRACKETS.fullmatch(text)
    if brackets and (brackets.group(3) or brackets.group(1) == "["):
        return _bracketed(ecosystem, brackets)
    text = text.strip("() ")
    hyphen = re.fullmatch(r"(\S+)\s+-\s+(\S+)", text)
    if hyphen:
        text = f">={hyphen.group(1)} <={hyphen.group(2)}"
    allowed, at = _Range(), 0
    while at < len(text):
        found = _COMPARATOR.match(text, at)
        if not found:
            return None
        span = _compared(ecosystem, found.group(1) or _bare(ecosystem), found.group(2))
        if span is None:
            return None
        allowed = allowed.both(span)
        gap = re.compile(r"[\s,]*").match(text, found.end())
        if not gap or (gap.end() == found.end() != len(text)):
            return None
        at = gap.end()
    return allowed


def _bracketed(ecosystem: str, found: re.Match[str]) -> _Range | None:
    """Maven's and NuGet's `[1.0,2.0)`; `[1.0]` is exactly that."""
    opening, low, comma, high, closing = found.groups()
    start, end = _version(ecosystem, low), _version(ecosystem, high)
    if (low.strip() and start is None) or (high.strip() and end is None):
        return None
    if not comma:
        return _Range(start, True, start, True)
    return _Range(start, opening == "[", end, closing == "]")


def _bare(ecosystem: str) -> str:
    """What a version without an operator means."""
    return {"cargo": "^", "golang": ">=", "nuget": ">=", "npm": "=", "conda": "="}.get(ecosystem, "==")


def _compared(ecosystem: str, operator: str, text: str) -> _Range | None:
    numbers, wild = _numbers(text)
    version = _version(ecosystem, ".".join(map(str, numbers)) if wild else text)
    if not numbers:
        return _Range() if wild else None
    if version is None:
        return None
    # npm and conda read `1.2` as `1.2.x`; so does everybody with `==1.2.*`.
    partial = wild or (operator == "=" and ecosystem in ("npm", "conda") and len(numbers) < 3)
    match operator:
        case "===" | "==" | "=":
            return (
                _until(ecosystem, version, numbers, len(numbers)) if partial else _Range(version, True, version, True)
            )
        case ">=":
            return _Range(version)
        case ">":
            return _Range(_next(ecosystem, numbers, len(numbers)) if wild else version, wild)
        case "<":
            return _Range(high=version)
        case "<=":
            high = _next(ecosystem, numbers, len(numbers)) if partial else version
            return _Range(high=high, high_in=not partial)
        case "~=" | "~>":
            return _until(ecosystem, version, numbers, max(len(numbers) - 1, 1))
        case "~":
            return _until(ecosystem, version, numbers, min(len(numbers), 2))
        case "^":
            first = next((i for i, n in enumerate(numbers) if n), len(numbers) - 1)
            return _until(ecosystem, version, numbers, first + 1)
        case _:  # != leaves a hole that no range of ours falls into
            return _Range()


def _numbers(text: str) -> tuple[list[int], bool]:
    """The leading numbers of a version, and whether a wildcard follows them."""
    numbers: list[int] = []
    for part in re.split(r"[.]", text.lstrip("vV")):
        if part in ("*", "x", "X"):
            return numbers, True
        digits = re.match(r"\d{1,9}", part)
        if not digits:
            break
        numbers.append(int(digits.group()))
        if digits.end() != len(part):
            break
    return numbers, False


def _until(ecosystem: str, low: Version, numbers: list[int], kept: int) -> _Range:
    return _Range(low, True, _next(ecosystem, numbers, kept), False)


def _next(ecosystem: str, numbers: list[int], kept: int) -> Version | None:
    """The first version whose first `kept` numbers are higher."""
    head = numbers[:kept]
    return _version(ecosystem, ".".join(map(str, [*head[:-1], head[-1] + 1])))
