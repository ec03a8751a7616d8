"""What the rules could speak of, written down for `auditor.glance`: once for each state of rules and lineage data."""

from __future__ import annotations

import os
import re
import tempfile
from array import array
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from re import _parser  # type: ignore[attr-defined]
from typing import Any
from zlib import crc32

from auditor.collect import WEIGHTS
from auditor.detect.hits import LONGEST_STEM, SECTIONS, Anchors
from auditor.detect.own_weights import ENDINGS, HOLDS_WEIGHTS, STORES
from auditor.glance import anchors_file, state_of
from auditor.resolve.place import newest
from auditor.resolve.tables import read_table
from auditor.rulebook.types import Rulebook, Shorthand

KEPT = 4  # files: states of the rules in turn
_MOST_STEMS = 400  # of one pattern; beyond, what they begin with is enough


def keep(rulebook: Rulebook) -> Anchors:
    """What the rules in use could speak of, written down for the next time. Trouble of any kind only costs time then."""
    sections, known = _anchors(rulebook)
    file = anchors_file()
    if file is None or os.path.exists(file):
        return Anchors(sections, known)
    text = "\n".join([state_of(), *("\t".join(section) for section in sections)])
    with suppress(OSError):
        Path(file).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=Path(file).parent, suffix=".tmp")
        try:
            with open(handle, "wb") as out:
                out.write(text.encode("utf-8") + b"\n" + known)
            Path(temporary).replace(file)
            for old in sorted(Path(file).parent.iterdir(), key=lambda path: path.stat().st_mtime_ns)[:-KEPT]:
                old.unlink(missing_ok=True)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    return Anchors(sections, known)


def of(rulebook: Rulebook) -> Anchors:
    """What the rules and the lineage data in use could speak of."""
    return Anchors(*_anchors(rulebook))


def _anchors(rulebook: Rulebook) -> tuple[list[list[str]], bytes]:
    """The sections that `Anchors` takes, and the names that somebody has on record."""
    loaders = [glob for call in rulebook.calls if call.names in _SHAPED for glob in call.callee]
    places = [glob for call in rulebook.calls if _short(call.short) for glob in call.callee]
    keyed = [key for key in rulebook.keys if key.names in _SHAPED or _short(key.short)]
    shorts = [rule.short for rule in rulebook.calls] + [rule.short for rule in rulebook.keys]
    shorts = [short for short in shorts if _short(short)]
    names = {name for model in rulebook.models for name in (model.record.id, *model.names)}
    names.update(_on_record(newest()))
    sections = [
        [
            f"{stem} {pattern.pattern}"
            for f in rulebook.families
            for pattern in f.names
            for stem in _stems(pattern.pattern)
        ],
        [_called(glob) for glob in loaders],
        [word for key in keyed if not key.files for glob in key.keys for word in _words(glob)],
        [word for key in keyed for glob in key.files for word in _words(glob)],
        [glob.rpartition(".")[2] for glob in places],
        [name.lower() for short in shorts for name, _ in short.means] + list(_by_template(shorts, names)),
        [package.name.lower().rpartition(":")[2] for package in rulebook.packages],  # Maven writes the group elsewhere
        [*(prefix.lower() for rule in rulebook.registries for prefix in rule.prefixes), *STORES],
        list(WEIGHTS),
        [rule.words[0].lower() for rule in rulebook.commands if rule.names in _SHAPED],
        [name for call in rulebook.calls for name, _ in call.constants],
        [
            *(name.lower() for model in rulebook.models for name in model.names if not _NUMBER.search(name)),
            *(name for name in _of_commands(rulebook) if "_" in name or "." in name),  # `large` is a word
        ],
        list(ENDINGS),
        [glob.partition(".")[0] for package in rulebook.packages for one in package.defaults for glob in one.calls],
        [
            *(name.partition(":")[2] for rule in rulebook.stacks for name in rule.packages),
            *(glob.partition(".")[0].rstrip("*") for rule in rulebook.stacks for glob in rule.imports),
        ],
        list(HOLDS_WEIGHTS),
    ]
    assert len(sections) == SECTIONS
    numbers = array("I", sorted({crc32(name.lower().encode("utf-8", "replace")) for name in names}))
    return [sorted(set(section)) for section in sections], numbers.tobytes()


_NUMBER = re.compile(r"\d")
_SHAPED = ("hub", "ollama")  # what a place must take for a name that nobody knows to be one there


def _short(rule: Shorthand) -> bool:
    return bool(rule.template or rule.means)


def _of_commands(rulebook: Rulebook) -> Iterator[str]:
    """What command lines with shorthands are told by: the shorthands, and the words of the command."""
    for command in rulebook.commands:
        if command.short.means:
            yield from (name.lower() for name, _ in command.short.means)
            yield from (word.lower() for word in command.words)


def _called(glob: str) -> str:
    """The name that is called, and behind a space the longest word of what it is a part of, which stands where it is made."""
    holder, _, called = glob.rpartition(".")
    word = max(re.split(r"[^A-Za-z0-9_]+", holder), key=len)
    return called if "*" in called else f"{called} {word}"


def _on_record(folder: Path) -> Iterator[str]:
    for table, columns in (("models", ("id",)), ("edges", ("child", "parent")), ("aliases", ("alias", "hub_id"))):
        for row in read_table(folder / f"{table}.tsv.gz"):
            yield from (row[column] for column in columns)


def _by_template(shorts: Iterable[Shorthand], names: Iterable[str]) -> Iterator[str]:
    """What stands for a name on record where a place takes the rest of it."""
    parted = {short.template.lower().partition("{}")[::2] for short in shorts if short.template}
    for name in map(str.lower, names):
        for before, after in parted:
            if name.startswith(before) and name.endswith(after) and len(name) > len(before) + len(after):
                yield name[len(before) : len(name) - len(after)]


def _words(glob: str) -> Iterator[str]:
    """The longest stretch of a key's pattern without a wildcard, in the spellings that keys have."""
    longest = max(re.split(r"[*?\[\]/]", glob.strip("_*")), key=len).strip("_")
    if len(longest) > 2:
        yield from {longest, longest.replace("_", "-"), longest.replace("_", "")}


def _stems(pattern: str) -> set[str]:
    """What a name that the pattern takes begins with, at most so many characters."""
    return {stem[:LONGEST_STEM] for stem, _ in _begun(_parser.parse(pattern))}


def _begun(sequence: Iterable[tuple[object, object]]) -> set[tuple[str, bool]]:
    """The beginnings of what a part of a pattern takes, each with whether it is all of it."""
    begun = {("", True)}
    for operator, value in sequence:
        following = _one(str(operator), value)
        begun = {
            (head + tail, whole) if going else (head, False)
            for head, going in begun
            for tail, whole in (following if going else {("", False)})
        }
        if len(begun) > _MOST_STEMS or not any(going for _, going in begun):
            break
    return begun


def _one(operator: str, value: Any) -> set[tuple[str, bool]]:
    match operator:
        case "LITERAL":
            return {(chr(value), True)}
        case "ASSERT" | "ASSERT_NOT" | "AT":
            return {("", True)}
        case "SUBPATTERN":
            return _begun(value[3])
        case "BRANCH":
            return set().union(*map(_begun, value[1]))
        case "IN" if all(str(kind) == "LITERAL" for kind, _ in value):
            return {(chr(code), True) for _, code in value}
        case "MAX_REPEAT" if value[:2] == (0, 1):
            return {("", True), *_begun(value[2])}
        case "MAX_REPEAT" if value[0] > 0:
            return {(text, False) for text, _ in _begun(value[2])}
        case _:
            return {("", False)}
