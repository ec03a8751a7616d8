"""The role of a name that stands in code (DESIGN 5a): who reads it, and had the user a choice?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from auditor.domain.fact import Binds, Bound, Compared, Guard, Key, Literal, Loose
from auditor.domain.reference import Confidence, Role, Scheme
from auditor.domain.sighting import FileFacts, Sighting
from auditor.domain.source import Scope
from auditor.rulebook.index import KeyIndex, snake
from auditor.rulebook.types import Reads
from auditor.trace.alternatives import Alternatives
from auditor.trace.chosen import Chosen
from auditor.trace.extras import Extras
from auditor.trace.flow import Flow
from auditor.trace.sinks import Sink
from auditor.trace.surroundings import Surroundings
from auditor.trace.symbols import last


@dataclass(frozen=True, slots=True)
class Part:
    """The part that one name plays, with the reason in words."""

    role: Role
    why: str
    confidence: Confidence


_BY_SCOPE = {
    Scope.VENDORED: (Role.VENDORED, "stands in a third party's copy"),
    Scope.TEST: (Role.TEST, "stands in a test"),
    Scope.CI: (Role.CI, "stands in a CI workflow"),
    Scope.DOCUMENTATION: (Role.DOCUMENTATION, "stands in documentation"),
    Scope.OUTPUT: (Role.OUTPUT, "stands in recorded output"),
    Scope.EVALUATION: (Role.EVALUATION, "stands in an evaluation"),
    Scope.EXAMPLE: (Role.EXAMPLE, "stands in an example"),
}


def by_scope(scope: Scope) -> Part | None:
    """The role that the path alone decides, None in runtime and training code."""
    found = _BY_SCOPE.get(scope)
    return Part(*found, Confidence.HIGH) if found else None


_PREVIEWED = frozenset(["kotlin", "swift"])
_PREVIEW = re.compile(r"Preview|\w+Previews?\Z")  # what a designer's tool calls, and no user
_CONVERTS = frozenset("export exporter convert converter conversion".split())
_ANYBODYS = frozenset("id name value key slug label title".split())  # keys of any object: they choose nothing
_TELLING = 4  # characters, from which on a key means the same wherever it stands


class CodeRoles:
    """Decides the roles of literals, by the flow of values through one target."""

    def __init__(
        self,
        flow: Flow,
        around: Surroundings,
        alternatives: Alternatives,
        chosen: Chosen,
        keys: KeyIndex,
        extras: Extras,
    ) -> None:
        self._extras = extras
        self._flow = flow
        self._around = around
        self._alternatives = alternatives
        self._chosen = chosen
        self._keys = keys

    def part(self, sighting: Sighting, fact: Literal, file: FileFacts) -> Part | None:
        """The part of a literal; None when it is no reference after all (a shape of a name that nothing loads)."""
        decided = by_scope(file.scope)
        if decided is not None:
            return None if sighting.name.tentative and not self._taken(fact, file) else decided
        sinks = [s for s in self._flow.sinks(fact, file) if by_scope(s.scope) is None]
        loads = [s for s in sinks if s.reads in (Reads.WEIGHTS, Reads.TRAINING) and not s.kept]
        sinks = [s for s in sinks if not s.kept or not loads]
        if not loads and not any(s.reads is Reads.TOKENIZER for s in sinks):
            loads = [s for s in sinks if s.kept]
        if sighting.name.tentative:
            loads = [s for s in loads if not s.by_name and not s.weak]
            if not loads and not any(s.reads is Reads.TOKENIZER and s.rule and not s.by_name for s in sinks):
                return None
        named = self._keys.rule((_given_to(fact),), "") if all(s.by_name for s in loads) else None
        if loads and named is not None and named.reads is Reads.TOKENIZER:
            return Part(Role.TOKENIZER, f"is given to {_given_to(fact)!r}", Confidence.MEDIUM)
        if not loads:
            return self._not_loaded(fact, file, sinks)
        if sighting.name.reference.scheme is Scheme.FILE and _converts(file.path):
            return Part(
                Role.OPTIONAL, "is what a script takes that a person runs to convert weights", Confidence.MEDIUM
            )
        parts = (self._loaded(fact, file, sink) for sink in sorted(loads, key=_strength))
        strongest = next(parts)
        return next((p for p in chain((strongest,), parts) if p.role in (Role.DEFAULT, Role.TRAINING)), strongest)

    def _taken(self, fact: Literal, file: FileFacts) -> bool:
        return any(s.rule and not s.by_name and not s.weak for s in self._flow.sinks(fact, file))

    def _not_loaded(self, fact: Literal, file: FileFacts, sinks: Sequence[Sink]) -> Part:
        kinds = {s.reads for s in sinks}
        if Reads.TOKENIZER in kinds:
            return Part(
                Role.TOKENIZER, f"its only reader is a tokenizer ({_where(sinks, Reads.TOKENIZER)})", Confidence.HIGH
            )
        menu = self._around.menu(file, fact.entries)
        if isinstance(fact.place, Compared) or (isinstance(fact.place, Key) and not (menu and not self._priced(fact))):
            verb = f"compared ({fact.place.operator})" if isinstance(fact.place, Compared) else "a key of a table"
            return Part(Role.METADATA, f"is {verb} and never loaded", Confidence.HIGH)
        priced = self._priced(fact)
        listed = max((s.listed for s in sinks), default=0)
        if priced and ((menu is None and not listed) or self._around.priced([_kept_in(fact)])):
            return Part(Role.METADATA, f"stands in a table beside {priced!r}", Confidence.MEDIUM)
        several = menu.siblings if menu is not None else listed
        if several:
            return Part(Role.CATALOG, f"is one of {several} to choose from, and nothing selects it", Confidence.HIGH)
        if Reads.ARCHITECTURE in kinds:
            return Part(
                Role.ARCHITECTURE,
                f"names a class or format ({_where(sinks, Reads.ARCHITECTURE)}), no weights",
                Confidence.HIGH,
            )
        if isinstance(fact.place, Loose) and fact.place.reason == "annotation":
            return Part(Role.CATALOG, "is one of the values that a type allows", Confidence.MEDIUM)
        unknown = [s for s in sinks if s.reads is None]
        if kinds and kinds <= {Reads.METADATA}:
            return Part(Role.METADATA, "is compared or looked up, and never loaded", Confidence.MEDIUM)
        name = _given_to(fact)
        rule = self._keys.rule((name,), "") if name else None
        if rule is not None and rule.reads is Reads.METADATA:
            return Part(Role.METADATA, f"is given to {name!r}, which is no loader", Confidence.MEDIUM)
        if rule is not None and rule.reads is Reads.ARCHITECTURE:
            return Part(Role.ARCHITECTURE, f"is given to {name!r}: no weights are named", Confidence.MEDIUM)
        if rule is not None and rule.reads is Reads.TOKENIZER:
            return Part(Role.TOKENIZER, f"is given to {name!r}", Confidence.MEDIUM)
        if rule is not None and rule.reads is Reads.WEIGHTS and (held := _default_holder(fact)):
            off = self._off(fact, file)
            first = off or self._alternatives.why(self._choices(fact, ()), file.path, fact.within)
            if first:
                return Part(Role.OPTIONAL, first, Confidence.LOW)
            what = held if held == name else f"{name!r} of {held}"
            return Part(
                Role.DEFAULT, f"is the default by its name ({what}); what loads it was not found", Confidence.LOW
            )
        if rule is not None or unknown:
            taker = f"goes to {unknown[0].callee}()" if unknown and unknown[0].callee else f"is given to {name!r}"
            return Part(Role.OPTIONAL, f"{taker}; no reader that loads it was found", Confidence.LOW)
        return Part(Role.METADATA, "is not seen to reach anything that loads it", Confidence.LOW)

    def _loaded(self, fact: Literal, file: FileFacts, sink: Sink) -> Part:
        sure = Confidence.MEDIUM if sink.by_name or sink.weak or fact.dynamic else Confidence.HIGH
        reader = f"{_called(sink.callee)}()" + (f" as {sink.keyword}" if sink.by_name and sink.keyword else "")
        trains = sink.reads is Reads.TRAINING or (not sink.by_name and self._around.trains(sink.path))
        if trains or file.scope is Scope.TRAINING or sink.scope is Scope.TRAINING:
            return Part(Role.TRAINING, f"is the base that {reader} trains ({sink.path}:{sink.span.line})", sure)
        if self._priced(fact) and sink.by_name and sink.key in ("", "*"):
            return Part(Role.METADATA, f"stands in a table beside {self._priced(fact)!r}", Confidence.MEDIUM)
        if self._around.tries_itself(file.path, fact.guards):
            return Part(Role.OPTIONAL, "is for trying the module by itself: others import it", Confidence.MEDIUM)
        if file.language in _PREVIEWED and any(_PREVIEW.match(part) for part in fact.within.split(".")):
            return Part(Role.EXAMPLE, "stands in a preview of the user interface", Confidence.MEDIUM)
        menu = self._around.menu(file, fact.entries)
        selected = ""
        if menu is not None:
            selected = self._selected(menu.key, menu.first, sink, file.path)
            if not selected:
                return Part(
                    Role.CATALOG, f"is one of {menu.siblings} to choose from, and nothing selects it", Confidence.HIGH
                )
        if sink.listed and not any(e.key and self._chosen.value(e.key) for e in fact.entries):
            return Part(Role.CATALOG, f"is one of {sink.listed} in a list, and nothing selects it", Confidence.HIGH)
        presets = self._around.presets(file, fact)
        if presets and not selected and not self._flow.made_default(fact.holder):
            return Part(Role.CATALOG, f"is one of {presets} presets to choose from", Confidence.MEDIUM)
        within = fact.within or (sink.within if sink.path == file.path else "")
        first = self._alternatives.why(self._choices(fact, sink.guards, sink.key), file.path, within) or (
            self._alternatives.why((), sink.path, sink.within) if sink.path != file.path else ""
        )
        if first:
            return Part(Role.OPTIONAL, first, Confidence.MEDIUM)
        off = self._off(fact, file) or self._extras.why(sink.callee, file.language)
        if off:
            return Part(Role.OPTIONAL, off, Confidence.MEDIUM)
        if not fact.option and isinstance(fact.place, Bound) and fact.place.how in (Binds.PARAMETER, Binds.FIELD):
            unused = self._flow.unused_default(fact.place.symbol, fact.place.how)
            if unused:
                return Part(Role.OPTIONAL, unused, Confidence.MEDIUM)
        way = f" by way of {', '.join(sink.steps[:3])}" if sink.steps else ""
        how = "with no user choice"
        if fact.env:
            how = f"when {fact.env} is not set"
        elif fact.option:
            how = f"when {fact.option} is not given"
        elif fact.fallback:
            how = "when nothing else is given"
        elif isinstance(fact.place, Bound) and fact.place.how is Binds.PARAMETER:
            how = "when the caller names none"
        return Part(Role.DEFAULT, f"reaches {reader} {how}{way}{selected}", sure)

    def _off(self, fact: Literal, file: FileFacts) -> str:
        beside = self._around.switched_off_beside(file, fact)
        switch = beside or self._chosen.switched_off(fact.env or _given_to(fact))
        return beside or (f"is for a part that {switch!r} turns on, which is off by default" if switch else "")

    def _selected(self, key: str, first: bool, sink: Sink, path: str) -> str:
        """What picks one entry of a menu, in words; "" when the choice is open."""
        if key and f".{key}." in f".{sink.key}.":
            return f"; picked by the key {key!r}"
        if first and sink.key.partition(".")[0] == "0":
            return "; picked as the first"
        if key and snake(key).startswith("default"):
            return f"; it is the entry {key!r}"
        place = self._chosen.value(key) if key else ""
        far = place.rpartition(":")[0] != path
        if not place or (far and len(key) < _TELLING):
            return ""  # "pt" names a language here and a format elsewhere
        return f"; chosen by the default at {place}"

    def _priced(self, fact: Literal) -> str:
        """The key of a price or capability table beside a name; a key that itself names what is loaded is no such table."""
        rule = self._keys.rule((fact.entries[0].key,), "") if fact.entries and fact.entries[0].key else None
        if rule is not None and rule.reads is Reads.WEIGHTS:
            return ""
        beside = fact.entries[0].keys if fact.entries else ()
        return self._around.priced([*beside, *(e.key for e in fact.entries[:2])])

    def _choices(self, fact: Literal, guards: Sequence[Guard], picked: str = "") -> list[Guard]:
        """What around a name, and on its way, may tell a provider that has to be chosen, nearest first.

        A key that the reader itself picks (`picked`, dotted) leaves no choice.
        """
        taken = f".{picked}.{_kept_in(fact)}."  # the last is a member's own
        keys = [e.key for e in fact.entries if e.key and f".{e.key}." not in taken and snake(e.key) not in _ANYBODYS]
        keyed = [Guard("", key) for key in keys if not self._keys.rule((key,), "")]
        return [*reversed(fact.guards), *reversed(guards), *keyed]


def _converts(path: str) -> bool:
    """Whether a script turns weights into another format: the paths in it are its writer's own."""
    return not _CONVERTS.isdisjoint(snake(path.rpartition("/")[2].partition(".")[0]).split("_"))


def _default_holder(fact: Literal) -> str:
    """The function or name that says of itself that it holds defaults (`default_config()`, `DEFAULT_MODEL`), "" for none."""
    held = fact.place.symbol if isinstance(fact.place, Bound) else fact.holder
    names = [*reversed(held.split(".")), *reversed(fact.within.split("."))]
    if any(name[:1].isupper() and not name.isupper() for name in names):
        return ""  # a class has defaults of its own: whether anything builds it is another question
    return next((name for name in names if snake(name).startswith("default")), "")


def _kept_in(fact: Literal) -> str:
    return last(fact.place.symbol) if isinstance(fact.place, Bound) else ""


def _given_to(fact: Literal) -> str:
    key = next((e.key for e in fact.entries if e.key), "")
    if key:
        return key
    match fact.place:
        case Bound(symbol=symbol):
            return symbol.rpartition(".")[2]
        case _:
            return fact.env


def _strength(sink: Sink) -> tuple[object, ...]:
    return (sink.weak, sink.by_name, sink.reads is Reads.TRAINING, bool(sink.guards), sink.path, sink.span)


def _where(sinks: Sequence[Sink], reads: Reads) -> str:
    sink = next(s for s in sinks if s.reads is reads)
    return f"{_called(sink.callee)}, {sink.path}:{sink.span.line}"


def _called(callee: str) -> str:
    return ".".join(callee.split(".")[-2:])
