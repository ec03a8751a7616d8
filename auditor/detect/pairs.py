"""Files of one setting a line: .env, INI and Java properties; and what a commented-out line would set."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from auditor.detect import fallback, prose
from auditor.detect.text import Places
from auditor.detect.tree import MAX_BESIDE, MAX_VALUE
from auditor.domain.fact import Prose, Setting

_ENV = re.compile(
    r"^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*=[ \t]*"
    r"""(?:"([^"\n]*)"|'([^'\n]*)'|`([^`\n]*)`|((?:[^\s#]|(?<=\S)\#|[ \t]+(?![\s#]))*+))""",
    re.MULTILINE,
)
_SECTION = re.compile(r"[ \t]*\[([^\]\n]+)\]")
_PAIR = re.compile(r"[ \t]*([^\s=:#;!\[][^=:\n]{0,199}?)[ \t]*[=:][ \t]*(.*?)[ \t\r]*$", re.MULTILINE)
_MORE = re.compile(r"[ \t]+([^\s#;].*?)[ \t\r]*$", re.MULTILINE)
_LINE = re.compile(r"[^\n]*\n?")
_COMMENT = re.compile(r"^[ \t]*(?:#+(?!!)|;+|//+|!)[ \t]*(\S.*?)[ \t\r]*$", re.MULTILINE)
_HELD = re.compile(
    r"""(?:-[ \t]+)?(?:export[ \t]+)?"?([A-Za-z_][\w.-]{0,99})"?[ \t]*[:=][ \t]*"""
    r"""(?:"([^"\n]+)"|'([^'\n]+)'|([^\s"'#]+))[ \t]*,?[ \t]*(?:\#.*)?"""
)
_Found = tuple[tuple[str, ...], str, int, int]


def env(text: str, lines: Places, dialect: str = "env") -> Iterator[Setting | Prose]:
    """`KEY=VALUE` lines; `${NAME:-x}` means x."""
    found: list[_Found] = []
    for pair in _ENV.finditer(text):
        group = next(number for number in (2, 3, 4, 5) if pair.group(number) is not None)
        value, start, end = fallback.stripped(pair.group(group), pair.start(group))
        found.append(((pair.group(1),), value, start, end))
    yield from _emit(found, lines, dialect)
    yield from comments(text, lines, dialect)


def ini(text: str, lines: Places, dialect: str) -> Iterator[Setting | Prose]:
    """`[section]` and `key = value` lines, values running on over indented lines; keys of properties split at dots."""
    section: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    found: list[_Found] = []
    index = 0
    for line in _LINE.finditer(text):
        start = line.start()
        if key and dialect == "ini" and (more := _MORE.match(text, start, line.end())):
            found.append(((*key, str(index)), more.group(1), more.start(1), more.end(1)))
            index += 1
        elif header := _SECTION.match(text, start, line.end()):
            yield from _emit(found, lines, dialect)
            found, section, key = [], (header.group(1).strip(),), ()
        elif pair := _PAIR.match(text, start, line.end()):
            name = pair.group(1).strip()
            index = 0
            key = (*section, *(name.split(".") if dialect == "properties" else (name,)))
            offset = pair.start(2)
            value, begin, end = fallback.stripped(*_unquoted(pair.group(2), offset))
            found.append((key, value, begin, end))
        else:
            key = ()
    yield from _emit(found, lines, dialect)
    yield from comments(text, lines, dialect)


def comments(text: str, lines: Places, dialect: str) -> Iterator[Setting | Prose]:
    """Comment lines: a commented-out setting where one is held, else the words that may be names."""
    for comment in _COMMENT.finditer(text):
        held = _HELD.fullmatch(comment.group(1))
        if held is None or held.group(1) in ("http", "https"):
            yield from prose.words(comment.group(1), comment.start(1), lines, "comment")
            continue
        group = next(number for number in (2, 3, 4) if held.group(number) is not None)
        value, start, end = fallback.stripped(held.group(group), comment.start(1) + held.start(group))
        if len(value) <= MAX_VALUE:
            yield Setting((held.group(1),), value, lines.span(start, end), dialect, live=False)


def _unquoted(value: str, start: int) -> tuple[str, int]:
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1], start + 1
    return value, start


def _emit(found: list[_Found], lines: Places, dialect: str) -> Iterator[Setting]:
    scalars = [(path[-1], value[:200]) for path, value, _, _ in found if value and not path[-1].isdigit()]
    beside = tuple(scalars[: MAX_BESIDE + 1])
    listed = Counter(path[:-1] for path, _, _, _ in found if path[-1].isdigit())
    for path, value, start, end in found:
        if value and len(value) <= MAX_VALUE and "\n" not in value:
            others = tuple(pair for pair in beside if pair[0] != path[-1])[:MAX_BESIDE]
            siblings = listed[path[:-1]] if path[-1].isdigit() else 1
            yield Setting(path, value, lines.span(start, end), dialect, siblings, beside=others)
