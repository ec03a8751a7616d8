"""Facts against rules: which facts carry the name of a model. The only place where rules meet syntax."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from fnmatch import translate
from functools import lru_cache
from itertools import pairwise

from auditor.detect import inline
from auditor.detect.beside import Beside
from auditor.detect.endpoints import Endpoints
from auditor.detect.names import Names
from auditor.domain.fact import Argument, Artifact, Binds, Bound, Command, Fact, Literal, Prose, Read, Setting
from auditor.domain.reference import Confidence, Reference, Scheme
from auditor.domain.sighting import Name, Sighting
from auditor.domain.source import Span
from auditor.rulebook.hosts import Hosts
from auditor.rulebook.index import PROGRAM_WITHIN, CallIndex, KeyIndex, command_start, snake
from auditor.rulebook.types import CallRule, CommandRule, KeyRule, Reads, Rulebook, WordKind

_VARIABLE = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*:?[-=]([^${}]+)\}\Z")

# Header fields of weight files that name the model, most telling first. *Source*: the GGUF specification, and what
# trainers and converters write into the metadata of safetensors and ONNX.
_HEADER_KEYS = (
    "general.source.huggingface.repository",
    "general.source.repo_url",
    "general.source.url",
    "general.repo_url",
    "general.base_model.0.repo_url",
    "general.base_model.0.name",
    "base_model_name_or_path",
    "base_model",
    "model_name_or_path",
    "_name_or_path",
    "model_id",
    "model_name",
    "ss_base_model",
    "modelspec.title",
    "general.name",
    "general.basename",
)
_ITS_OWN = (*_HEADER_KEYS[:4], "general.name", "modelspec.title", "model_name")  # the file's own name, not its base's

_SWITCHES = frozenset(["true", "false"])


class Matcher:
    """Finds names in facts. One for each process: it remembers what it was asked."""

    def __init__(self, rulebook: Rulebook, names: Names) -> None:
        self.names = names
        self.calls = CallIndex(rulebook.calls)
        self.keys = KeyIndex(rulebook.keys)
        self._commands = rulebook.commands
        self._hosts = Hosts(rulebook)
        chooses = [w for rule in rulebook.words if rule.kind is WordKind.SELECTOR for w in rule.words]
        pattern = re.compile("|".join(translate(w) for w in chooses) or r"(?!)")
        self._selects = lru_cache(maxsize=16384)(lambda name: pattern.match(snake(name)) is not None)

    def sightings(self, facts: Iterable[Fact], language: str, path: str) -> Iterator[Sighting]:
        """The names in the facts of one file, in the order of the facts."""
        facts = tuple(facts)
        endpoints = Endpoints(facts, self._hosts.provider, self._hosts.of_key)
        beside = Beside(facts)
        for fact in facts:
            match fact:
                case Literal():
                    yield from self._literal(fact, language, endpoints, beside)
                case Setting():
                    yield from self._setting(fact, path, endpoints)
                case Command():
                    yield from self._command(fact)
                case Prose():
                    yield from self._prose(fact)
                case Artifact():
                    yield from self._artifact(fact, path)
                case Read():
                    if meant := self.calls.constant(language, fact.name):
                        stated = Literal(meant, fact.span, fact.place, fact.within, fact.entries, fact.guards)
                        yield from self._literal(stated, language, endpoints, beside)
                case _:
                    pass

    def chooses(self, fact: Literal | Setting) -> bool:
        """Whether a short string may choose between parts by default (`provider: str = "x"`, `LLM_PROVIDER=x`)."""
        value = fact.text if isinstance(fact, Literal) else fact.value
        if not 1 < len(value) <= 40 or any(c in "/ \n" for c in value):
            return False
        if isinstance(fact, Setting):
            switches = value.lower() in _SWITCHES and fact.dialect != "json"  # a document's are nobody's defaults
            state = fact.dialect != "json" and snake(fact.path[-1]).endswith(("lang", "language", "_method"))
            return fact.live and (self._selects(fact.path[-1]) or switches or state)
        by_default = bool(fact.fallback or fact.env or fact.option or value in _SWITCHES)
        match fact.place:
            case Bound(how=Binds.FIELD | Binds.PARAMETER):
                return True
            case Bound(symbol=symbol):
                named = next((e.key for e in fact.entries if e.key), symbol.rpartition(".")[2])
                return by_default or self._selects(named)
            case Argument():
                return by_default
            case _:
                return False

    def may_speak(self, keys: Collection[str]) -> bool:
        """Whether a rule could speak of the values under any of these keys, however they are nested."""
        return self.keys.may_match(keys) or any(map(self._selects, keys))

    def is_name(self, value: str) -> bool:
        """Whether a value is a name under any key."""
        name = self.names.recognise(value)
        return name is not None and not name.tentative

    def _literal(self, fact: Literal, language: str, endpoints: Endpoints, beside: Beside) -> Iterator[Sighting]:
        rule = self._rule(fact, language)
        if isinstance(rule, CallRule) and rule.unless and beside.any(fact, rule.unless):
            return
        name = self._named(fact.text, rule)
        if name is not None:
            if not name.served_by and isinstance(rule, CallRule) and rule.provider:
                name = self._served(name, rule.provider, surely=False)
            loads = rule is not None and rule.names == "hub"  # weights that come from the Hub are not sent for
            name = name if loads or name.tentative else self._sent(name, fact, endpoints)
            yield Sighting(name, fact, narrowed(fact.span, name, fact.text), fact.text)

    def _rule(self, fact: Literal, language: str) -> CallRule | KeyRule | None:
        """What tells what the place of a literal takes: the call, else the nearest key or the name it is given to."""
        place = fact.place
        if isinstance(place, Argument):
            rule = self.calls.rule(language, place.callee, place.position, _keyword(place, fact))
            if rule is not None:
                return rule
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
        return rule_for_key

    def _named(self, text: str, rule: CallRule | KeyRule | CommandRule | None) -> Name | None:
        if rule is None:
            return self.names.recognise(text)
        return self.names.short(text, rule.short) or self.names.recognise(text, rule.names)

    def _setting(self, fact: Setting, path: str, endpoints: Endpoints) -> Iterator[Sighting]:
        rule = self.keys.rule(fact.path, path)
        value = fact.value.strip()
        given = _VARIABLE.search(value)
        text = given.group(1) if given else value
        if any(c in " \n\t," for c in text):
            return
        name = self._named(text, rule)
        if name is not None and not name.tentative:
            name = self._sent(name, fact, endpoints)
            yield Sighting(name, fact, narrowed(fact.span, name, text), text)

    def _sent(self, name: Name, fact: Fact, endpoints: Endpoints) -> Name:
        """The name as the service understands it whose base URL goes with it."""
        if beside := endpoints.beside(fact):
            return self._served(name, beside, surely=True)
        if name.served_by or name.reference.scheme not in (Scheme.API, Scheme.FAMILY):
            return name
        if around := endpoints.around(fact):
            return self._served(name, around, surely=False)
        keyed = endpoints.by_key()
        at_home = keyed and self._hosts.is_at_home(name.reference, keyed)
        return self._served(name, keyed, surely=False) if at_home else name

    def _served(self, name: Name, provider: str, *, surely: bool) -> Name:
        meant = self._hosts.sent_to(name.reference, provider, surely=surely)
        return name if meant is None else replace(name, reference=meant, served_by=provider)

    def _command(self, fact: Command) -> Iterator[Sighting]:
        words = [word for word, _ in fact.argv]
        models: dict[int, CommandRule] = {}
        for i, rule in self._model_words(words):
            models.setdefault(i, rule)  # the special program speaks before what only has a flag of that name
        for i, rule in models.items():
            word, span = fact.argv[i]
            text = word.partition("=")[2] if word.startswith("-") and "=" in word else word
            given = _VARIABLE.search(text)
            name = self._named(given.group(1) if given else text, rule)
            if name is not None and not name.tentative:
                yield Sighting(name, fact, span, text)
        for i, (word, span) in enumerate(fact.argv):
            if i in models:
                continue
            if "/" in word and "://" in word:
                yield from self._plain(word, fact, span)
            elif i and words[i - 1] == "-c":
                yield from self._program(word, fact, span)

    def _program(self, code: str, fact: Command, span: Span) -> Iterator[Sighting]:
        for literal in inline.literals(code, span):
            rule = self._rule(literal, "python")
            name = None if rule and rule.reads is Reads.TOKENIZER else self._named(literal.text, rule)
            if name is not None and not name.tentative:
                yield Sighting(name, fact, literal.span, literal.text)

    def _plain(self, text: str, fact: Command, span: Span) -> Iterator[Sighting]:
        name = self.names.recognise(text)
        if name is not None and not name.tentative:
            yield Sighting(name, fact, span, text)

    def _model_words(self, words: list[str]) -> Iterator[tuple[int, CommandRule]]:
        """Indices of the words that name a model, with the rule that says so."""
        split = [(part, i) for i, word in enumerate(words) for part in _parts(word)]
        parts = [part for part, _ in split]
        programs = {word.rpartition("/")[2] for word in words[:PROGRAM_WITHIN]} | {p for p in parts if p[:1] == "-"}
        for rule in self._commands:
            if rule.words[0] not in programs:
                continue
            start = command_start(rule, words)
            if rule.words[0].startswith("-") and len(rule.words) == 1:
                start = 0  # arguments alone, of a program that the image starts
            if start < 0 or not _parts_of(rule.unless).isdisjoint(pairwise(parts)):
                continue
            first = next(at for at, (_, i) in enumerate(split) if i >= start) if start < len(words) else len(split)
            flags = {_hyphenated(flag) for flag in rule.flags}
            plain: list[int] = []
            doubtful: list[int] = []  # behind a flag that may or may not take a value
            for at in range(first, len(split)):
                before = parts[at - 1] if at > first else ""
                if before in flags:
                    yield split[at][1], rule
                elif not parts[at].startswith("-"):
                    (doubtful if before.startswith("-") else plain).append(split[at][1])
            bare = plain or doubtful
            if 0 <= rule.position < len(bare) and start:
                yield bare[rule.position], rule

    def _prose(self, fact: Prose) -> Iterator[Sighting]:
        name = self.names.recognise(fact.text)
        if name is not None and not name.tentative and name.reference.name:
            yield Sighting(name, fact, narrowed(fact.span, name, fact.text), fact.text)

    def _artifact(self, fact: Artifact, path: str) -> Iterator[Sighting]:
        """A weight file by what its header says, else by its own name."""
        top = Span(1, 1, 1, 1)
        metadata = {key: value.strip() for key, value in fact.metadata}
        own = [(metadata.get(key, ""), Scheme.HUGGINGFACE) for key in _ITS_OWN]  # whole, and not a family's
        stated = [(metadata.get(key, ""), None) for key in _HEADER_KEYS]
        for value, scheme in (*own, *stated, (path.rpartition("/")[2], None)):
            name = self.names.recognise(value.replace(" ", "-"), "hub") if value else None
            if name is None or name.tentative or name.rule == "hub-name":
                continue
            if scheme in (None, name.reference.scheme):
                yield Sighting(name, fact, top, value)
                return
        named = metadata.get("general.name", "")
        reference = Reference(Scheme.FILE, named or path, digest=fact.digest)
        yield Sighting(Name(reference, 0, 0, "weights-in-tree", Confidence.MEDIUM), fact, top, named or path)


def narrowed(span: Span, name: Name, text: str) -> Span:
    """The place of the name within a value, where the value stands as it is on one line."""
    if span.line != span.end_line or span.end_column - span.column != len(text) or name.end <= name.start:
        return span
    return Span(span.line, span.column + name.start, span.line, span.column + name.end)


def _parts(word: str) -> tuple[str, ...]:
    """An option, its words joined by hyphens, and the value that is written into one word with it."""
    flag, equals, value = word.partition("=")
    if not flag.startswith("-"):
        return (word,)
    plain = _hyphenated(flag)
    return (plain, value) if equals and value else (plain,)


@lru_cache(maxsize=512)
def _parts_of(arguments: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    return frozenset(map(_parts, arguments))


@lru_cache(maxsize=4096)
def _hyphenated(flag: str) -> str:
    return flag.replace("_", "-")


def _keyword(place: Argument, fact: Literal) -> str:
    """The keyword of an argument; inside a dict or object literal that is handed over, the key."""
    outer = fact.entries[-1].key if fact.entries else ""
    return outer if outer and place.keyword in ("", "**") else place.keyword
