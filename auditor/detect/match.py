"""Facts against rules: which facts carry the name of a model. The only place where rules meet syntax."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fnmatch import translate
from functools import lru_cache

from auditor.detect.names import Names
from auditor.domain.fact import Argument, Artifact, Bound, Command, Fact, Literal, Prose, Setting
from auditor.domain.reference import Confidence, Reference, Scheme
from auditor.domain.sighting import Name, Sighting
from auditor.domain.source import Span
from auditor.rulebook.types import CallRule, CommandRule, KeyRule, Rulebook

_VARIABLE = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*:?[-=]([^${}]+)\}\Z")
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[-.\s]")


class Matcher:
    """Finds names in facts. One for each process: it remembers what it was asked."""

    def __init__(self, rulebook: Rulebook, names: Names) -> None:
        self.names = names
        self.calls = CallIndex(rulebook.calls)
        self.keys = KeyIndex(rulebook.keys)
        self._commands = rulebook.commands
        self._artifacts = _header_keys()

    def sightings(self, facts: Iterable[Fact], language: str, path: str) -> Iterator[Sighting]:
        """The names in the facts of one file, in the order of the facts."""
        for fact in facts:
            match fact:
                case Literal():
                    yield from self._literal(fact, language)
                case Setting():
                    yield from self._setting(fact, path)
                case Command():
                    yield from self._command(fact)
                case Prose():
                    yield from self._prose(fact)
                case Artifact():
                    yield from self._artifact(fact)
                case _:
                    pass

    def _literal(self, fact: Literal, language: str) -> Iterator[Sighting]:
        name = self.names.recognise(fact.text, self._expected(fact, language))
        if name is not None:
            yield Sighting(name, fact, fact.span, fact.text)

    def _expected(self, fact: Literal, language: str) -> str:
        """What the place of a literal takes: by the call, else by the nearest key or the name it is given to."""
        place = fact.place
        if isinstance(place, Argument):
            rule = self.calls.rule(language, place.callee, place.position, _keyword(place, fact))
            if rule is not None:
                return rule.names
            named = _keyword(place, fact)
        else:
            named = next((e.key for e in fact.entries if e.key), "")
            if not named and isinstance(place, Bound):
                named = place.symbol.rpartition(".")[2]
        rule_for_key = self.keys.rule((named,), "") if named else None
        if rule_for_key is None and isinstance(place, Bound):
            rule_for_key = self.keys.rule((place.symbol.rpartition(".")[2],), "")
        if rule_for_key is None and fact.env:
            rule_for_key = self.keys.rule((fact.env,), "")
        return rule_for_key.names if rule_for_key else ""

    def _setting(self, fact: Setting, path: str) -> Iterator[Sighting]:
        rule = self.keys.rule(fact.path, path)
        expects = rule.names if rule else ""
        value = fact.value.strip()
        given = _VARIABLE.search(value)
        text = given.group(1) if given else value
        if any(c in " \n\t," for c in text):
            return
        name = self.names.recognise(text, expects)
        if name is not None and not (name.tentative and rule is None):
            yield Sighting(name, fact, fact.span, text)

    def _command(self, fact: Command) -> Iterator[Sighting]:
        words = [word for word, _ in fact.argv]
        for i, expects in self._model_words(words):
            word, span = fact.argv[i]
            text = word.partition("=")[2] if word.startswith("-") and "=" in word else word
            given = _VARIABLE.search(text)
            name = self.names.recognise(given.group(1) if given else text, expects)
            if name is not None and name.reference.name:
                yield Sighting(name, fact, span, text)
        taken = {i for i, _ in self._model_words(words)}
        for i, (word, span) in enumerate(fact.argv):
            if i not in taken and "/" in word and "://" in word:
                name = self.names.recognise(word)
                if name is not None and not name.tentative:
                    yield Sighting(name, fact, span, word)

    def _model_words(self, words: list[str]) -> Iterator[tuple[int, str]]:
        """Indices of the words that name a model, with what each takes."""
        for rule in self._commands:
            start = command_start(rule, words)
            if start < 0:
                continue
            bare = -1
            flagged = False
            for i in range(start, len(words)):
                word = words[i]
                flag, _, value = word.partition("=")
                if flag in rule.flags:
                    if value:
                        yield i, rule.names
                    elif i + 1 < len(words):
                        yield i + 1, rule.names
                    flagged = True
                elif word.startswith("-"):
                    flagged = "=" not in word
                elif not flagged or bare < 0:
                    # A bare word, unless it is the value of the flag before it.
                    if flagged and i > start and words[i - 1].startswith("-") and rule.position >= 0 and bare < 0:
                        flagged = False
                        continue
                    bare += 1
                    flagged = False
                    if bare == rule.position:
                        yield i, rule.names
                else:
                    flagged = False

    def _prose(self, fact: Prose) -> Iterator[Sighting]:
        name = self.names.recognise(fact.text)
        if name is not None and not name.tentative and name.reference.name:
            yield Sighting(name, fact, fact.span, fact.text)

    def _artifact(self, fact: Artifact) -> Iterator[Sighting]:
        top = Span(1, 1, 1, 1)
        metadata = dict(fact.metadata)
        for key in self._artifacts:
            value = metadata.get(key, "").strip()
            name = self.names.recognise(value.replace(" ", "-"), "hub") if value else None
            if name is not None and not name.tentative:
                yield Sighting(name, fact, top, value)
                return
        reference = Reference(Scheme.FILE, metadata.get("general.name", ""), digest=fact.digest)
        yield Sighting(
            Name(reference, 0, 0, "weights-in-tree", Confidence.MEDIUM), fact, top, metadata.get("general.name", "")
        )


class CallIndex:
    """Call rules by the last part of the callee, so that a call asks few patterns."""

    def __init__(self, rules: Iterable[CallRule]) -> None:
        self._rules: list[tuple[CallRule, re.Pattern[str]]] = [
            (rule, re.compile("|".join(translate(g) for g in rule.callee))) for rule in rules
        ]
        self._named = lru_cache(maxsize=16384)(self._matching)

    def rule(self, language: str, callee: str, position: int, keyword: str) -> CallRule | None:
        """The rule for an argument of a call; None when the rules say nothing of it."""
        for rule in self._named(language, callee):
            if (position >= 0 and position == rule.position) or (keyword and keyword in rule.keywords):
                return rule
        return None

    def any_rule(self, language: str, callee: str) -> CallRule | None:
        return next(iter(self._named(language, callee)), None)

    def _matching(self, language: str, callee: str) -> tuple[CallRule, ...]:
        return tuple(r for r, p in self._rules if language in r.languages and p.match(callee))


class KeyIndex:
    """Key rules: what the value under a key, variable, parameter or field is."""

    def __init__(self, rules: Iterable[KeyRule]) -> None:
        self._rules = [
            (
                rule,
                re.compile("|".join(translate(k) for k in rule.keys if "/" not in k) or r"(?!)"),
                re.compile("|".join(translate(k) for k in rule.keys if "/" in k) or r"(?!)"),
                re.compile("|".join(translate(f) for f in rule.files) or r""),
            )
            for rule in rules
        ]
        self.rule = lru_cache(maxsize=16384)(self._rule)

    def _rule(self, path: tuple[str, ...], file: str) -> KeyRule | None:
        """The first rule for a key path in a file; list indices at its end are passed over."""
        parts = [snake(p) for p in path]
        while parts and parts[-1].isdigit():
            parts.pop()
        if not parts:
            return None
        joined = "/".join(parts)
        for rule, last, whole, files in self._rules:
            if rule.files and not (file and files.match(file)):
                continue
            if last.match(parts[-1]) or whole.match(joined):
                return rule
        return None


def snake(name: str) -> str:
    """A key as the rules write it: lower case, words joined by underscores."""
    return _WORD.sub("_", name.strip()).lower().strip("_")


def command_start(rule: CommandRule, words: list[str]) -> int:
    """The index behind the rule's leading words in a command line, -1 when it is another program's."""
    count = len(rule.words)
    for start in range(min(len(words) - count + 1, 6)):
        window = words[start : start + count]
        if window and window[0].rpartition("/")[2] == rule.words[0] and window[1:] == list(rule.words[1:]):
            return start + count
    return -1


def _keyword(place: Argument, fact: Literal) -> str:
    """The keyword of an argument; inside a dict or object literal that is handed over, the key."""
    outer = fact.entries[-1].key if fact.entries else ""
    return outer if outer and place.keyword in ("", "**") else place.keyword


def _header_keys() -> tuple[str, ...]:
    """Header fields of weight files that name the model, most telling first. *Source*: the GGUF specification."""
    return (
        "general.source.huggingface.repository",
        "general.source.repo_url",
        "general.base_model.0.repo_url",
        "general.base_model.0.name",
        "general.name",
        "general.basename",
    )
