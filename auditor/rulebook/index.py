"""Rules arranged for asking: which rule speaks of this call, this key, this command line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from auditor.rulebook.globs import Globs, takes
from auditor.rulebook.types import CallRule, CommandRule, KeyRule

_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[-.\s]")
PROGRAM_WITHIN = 6  # words of a command line among which its program is (after `sudo`, `exec`, `NAME=value`)


class CallIndex:
    """Call rules by the last part of the callee, so that a call asks few patterns."""

    def __init__(self, rules: Iterable[CallRule]) -> None:
        self._rules = tuple(rules)
        self._callees = Globs(((n, glob) for n, r in enumerate(self._rules) for glob in r.callee), _last_part)
        self._constants: dict[str, list[tuple[CallRule, str]]] = {}
        for rule in self._rules:
            for name, model in rule.constants:
                self._constants.setdefault(name, []).append((rule, model))
        self._named = lru_cache(maxsize=16384)(self._matching)

    def rule(self, language: str, callee: str, position: int, keyword: str) -> CallRule | None:
        """The rule for an argument of a call; None when the rules say nothing of it."""
        for rule in self._named(language, callee):
            if (position >= 0 and position == rule.position) or (keyword and keyword in rule.keywords):
                return rule
        return None

    def constant(self, language: str, name: str) -> str:
        """The model that a constant of a library stands for, "" for any other name."""
        holder, _, last = name.rpartition(".")
        for rule, model in self._constants.get(last, ()):
            if language in rule.languages and any(takes(glob, holder) for glob in rule.callee):
                return model
        return ""

    def _matching(self, language: str, callee: str) -> tuple[CallRule, ...]:
        fit = (self._rules[n] for n in self._callees.taking(callee))
        return tuple(rule for rule in fit if language in rule.languages)


def _last_part(name: str) -> str:
    return name.rpartition(".")[2] if "." in name else ""


class KeyIndex:
    """Key rules: what the value under a key, variable, parameter or field is."""

    def __init__(self, rules: Iterable[KeyRule]) -> None:
        self._rules = tuple(rules)
        keys = [(n, key) for n, rule in enumerate(self._rules) for key in rule.keys]
        self._last = Globs(((n, key) for n, key in keys if "/" not in key), _last_letter)
        self._whole = Globs(((n, key) for n, key in keys if "/" in key), _last_letter)
        # What each pattern over whole paths holds besides its wildcards: every stretch lies in one key of a path.
        self._held = [
            [held for held in re.split(r"[*?/]|\[[^]]*\]", key) if held]
            for rule in self._rules
            for key in rule.keys
            if "/" in key
        ]
        self._named = lru_cache(maxsize=16384)(self._last.taking)
        self._elsewhere = lru_cache(maxsize=1024)(self._not_for)
        self.rule = lru_cache(maxsize=16384)(self._rule)

    def _rule(self, path: tuple[str, ...], file: str) -> KeyRule | None:
        """The first rule for a key path in a file; list indices at its end are passed over."""
        parts = [snake(p) for p in path]
        while parts and parts[-1].isdigit():
            parts.pop()
        if not parts:
            return None
        found = self._named(parts[-1])
        if whole := self._whole.taking("/".join(parts)):
            found = tuple(sorted({*found, *whole}))
        for i in found:
            if i not in self._elsewhere(file):
                return self._rules[i]
        return None

    def may_match(self, keys: Iterable[str]) -> bool:
        """Whether any path made of these keys could match a rule, in any file."""
        names = [snake(key) for key in keys]
        if any(self._named(name) for name in names):
            return True
        return any(all(any(held in name for name in names) for held in parts) for parts in self._held)

    def _not_for(self, file: str) -> frozenset[int]:
        """Rules that do not speak of a file."""
        return frozenset(
            i
            for i, rule in enumerate(self._rules)
            if rule.files and not (file and any(takes(f, file) for f in rule.files))
        )


def _last_letter(key: str) -> str:
    return key[-1:]


@lru_cache(maxsize=65536)
def snake(name: str) -> str:
    """A key as the rules write it: lower case, words joined by underscores."""
    return _WORD.sub("_", name.strip()).lower().strip("_")


def command_start(rule: CommandRule, words: list[str]) -> int:
    """The index behind the rule's leading words in a command line, -1 when it is another program's."""
    count = len(rule.words)
    for start in range(min(len(words) - count + 1, PROGRAM_WITHIN)):
        window = words[start : start + count]
        if window and window[0].rpartition("/")[2] == rule.words[0] and window[1:] == list(rule.words[1:]):
            return start + count
    return -1
