"""Files that no rule can speak of, told without the work of parsing them.

Only data in JSON is passed over: a value there matters by its key or by itself, and the interpreter's own reader gives
both at a tenth of the price. In source code a file without any name of a model still matters: it may hand on what
another names, or choose between parts.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Protocol

from auditor.detect import dialect
from auditor.detect.text import decode
from auditor.domain.source import SourceFile

_COMMANDS = frozenset("command args entrypoint entryPoint cmd scripts".split())  # what `deploy` looks for


class Rules(Protocol):
    """What the matcher says of keys and values out of their places."""

    def may_speak(self, keys: Collection[str]) -> bool: ...
    def is_name(self, value: str) -> bool: ...


def is_idle(file: SourceFile, rules: Rules, most: int) -> bool:
    """Whether a JSON file of fewer than `most` strings holds nothing that a rule could match; False for what is not valid JSON."""
    from auditor.detect.settings import LIMIT
    from auditor.detect.tree import MAX_DEPTH, MAX_NODES

    if not file.path.lower().endswith(".json") or file.size > LIMIT:
        return False
    seen = _Seen()
    try:
        text = decode(file.load(LIMIT))
        if dialect.of(file.path, text) != "json":
            return False
        seen.take((json.loads(text, object_pairs_hook=seen.mapping),))
    except (ValueError, RecursionError, OSError):
        return False  # the parser has the word: it reads more than strict JSON, and tells what it could not read
    if seen.strings >= most or seen.nodes > MAX_NODES or seen.depth > MAX_DEPTH or not _COMMANDS.isdisjoint(seen.keys):
        return False
    if rules.may_speak(seen.keys):
        return False
    return not any(_has_fallback(value) or rules.is_name(value.strip()) for value in seen.values)


def _has_fallback(value: str) -> bool:
    """Whether a value may be a variable with a value for where it is not set, which would then count instead."""
    return value.rstrip().endswith("}") and ("${" in value or "{{" in value)


class _Seen:
    """Distinct keys and strings of a text, how many values it has and how deep it goes."""

    def __init__(self) -> None:
        self.keys: set[str] = set()
        self.values: set[str] = set()
        self.nodes = 0
        self.strings = 0
        self.depth = 0

    def mapping(self, pairs: list[tuple[str, object]]) -> _Deep:
        self.keys.update(key for key, _ in pairs)
        return _Deep(self.take(value for _, value in pairs) + 1)

    def take(self, values: tuple[object, ...] | list[object] | Iterator[object]) -> int:
        """Notes values and gives how many levels lie in them."""
        deepest = 0
        for value in values:
            self.nodes += 2
            if isinstance(value, str):
                self.strings += 1
                if len(value) <= _LONGEST:
                    self.values.add(value)
            elif isinstance(value, list):
                deepest = max(deepest, self.take(value) + 1)
            elif isinstance(value, _Deep):
                deepest = max(deepest, value.levels)
        self.depth = max(self.depth, deepest)
        return deepest


class _Deep:
    """Stands for an object that was read and let go."""

    __slots__ = ("levels",)

    def __init__(self, levels: int) -> None:
        self.levels = levels


_LONGEST = 2000  # characters of a value, as `tree` reads them
