"""Who reads a value: from where a name stands, through constants, parameters, fields and files, to what takes it in the end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from auditor.domain.fact import Argument, Binds, Bound, Call, Compared, Entry, Guard, Key, Literal, Loose, Place, Read
from auditor.domain.sighting import FileFacts
from auditor.domain.source import Scope, Span
from auditor.rulebook.index import CallIndex, KeyIndex, snake
from auditor.rulebook.types import Reads
from auditor.trace.sinks import Sink

_DEEPEST = 12  # steps from a name to its reader
_WIDEST = 400  # readers followed for one name
# Names of objects that hold options: any of them may be the holder of a field whose class is not known.
_HOLDERS = frozenset(
    "self this config cfg conf settings setting args arg options option opts params param props env ctx context state".split()
)
# Callees that only show or measure a value.
_IDLE = frozenset(
    "print len isinstance type repr hash id sorted set list tuple enumerate range bool join info debug warning error exception log warn append add insert extend count_tokens print_exc".split()
)


@dataclass(frozen=True, slots=True)
class _At:
    """A value on its way."""

    place: Place
    path: str
    scope: Scope
    language: str
    span: Span
    within: str
    entries: tuple[Entry, ...]
    guards: tuple[Guard, ...]
    key: str = ""
    weak: bool = False
    steps: tuple[str, ...] = ()


class Flow:
    """The readers of every symbol of one target."""

    def __init__(self, files: Sequence[FileFacts], calls: CallIndex, keys: KeyIndex) -> None:
        self._calls = calls
        self._keys = keys
        self._reads: dict[str, list[tuple[FileFacts, Read]]] = defaultdict(list)
        self._aliases: dict[str, str] = {}
        self._signatures: dict[str, tuple[str, ...]] = {}
        self._signatures_by_last: dict[str, list[str]] = defaultdict(list)
        self._owners: dict[str, set[str]] = defaultdict(set)
        for file in files:
            for alias in file.aliases:
                self._aliases.setdefault(alias.symbol, alias.of)
            for signature in file.signatures:
                self._signatures[signature.symbol] = signature.parameters
                self._signatures_by_last[_last(signature.symbol)].append(signature.symbol)
            for sighting in file.sightings:
                fact = sighting.fact
                if isinstance(fact, Literal) and isinstance(fact.place, Bound):
                    self._owners[_last(fact.place.symbol)].add(_owner(fact.place.symbol))
        self._callers: dict[str, list[Call]] = defaultdict(list)
        for file in files:
            if file.scope is Scope.RUNTIME:
                for call in file.calls:
                    self._callers[_last(call.callee)].append(call)
            for read in file.reads:
                self._reads[_last(read.name)].append((file, read))
        # Equal questions are answered once: some names are read ten thousand times.
        self._real = lru_cache(maxsize=None)(self._followed)
        self._joined = lru_cache(maxsize=None)(self._joining)

    def sinks(self, literal: Literal, file: FileFacts) -> tuple[Sink, ...]:
        """Everything that takes the value in the end, nearest first; empty when no reader was found."""
        start = _At(
            literal.place, file.path, file.scope, file.language, literal.span, literal.within, literal.entries, ()
        )
        found: list[Sink] = []
        seen: set[tuple[str, str]] = set()
        queue = [start]
        for step in range(_DEEPEST):
            queue, here = [], queue
            for at in here:
                for onward in self._step(at):
                    if isinstance(onward, Sink):
                        found.append(onward)
                    elif isinstance(onward.place, Bound):
                        mark = (onward.place.symbol, onward.key)
                        if mark not in seen and len(seen) < _WIDEST:
                            seen.add(mark)
                            queue.append(onward)
                    elif step + 1 < _DEEPEST:
                        queue.append(onward)
            if not queue:
                break
        return tuple(found)

    def unused_default(self, symbol: str) -> str:
        """Why the default of a parameter is never taken, in words; "" when some call may leave it out."""
        function, name = _owner(symbol).removesuffix(".__init__").removesuffix(".constructor"), _last(symbol)
        calls = [c for c in self._callers.get(_last(function), ()) if self._own(self._real(c.callee)) == function]
        if not calls:
            return f"is the default of {_short(function)}(), which nothing in the repository calls"
        parameters = self._signatures.get(function, ())
        index = parameters.index(name) if name in parameters else len(parameters)
        if all(name in c.keywords or "**" in c.keywords or c.positional > index for c in calls):
            return f"is the default of {_short(function)}(), but every call names another"
        return ""

    def _step(self, at: _At) -> Iterator[Sink | _At]:
        match at.place:
            case Argument():
                yield from self._argument(at, at.place)
            case Bound(symbol=symbol, how=how):
                yield from self._readers(at, symbol, how)
            case Compared(operator=operator):
                yield self._sink(at, Reads.METADATA, operator, "", "")
            case Key():
                yield self._sink(at, Reads.METADATA, "key", "", "")
            case Loose():
                return

    def _argument(self, at: _At, place: Argument) -> Iterator[Sink | _At]:
        keyword = place.keyword
        inner = [e.key for e in at.entries if e.key]
        if keyword in ("", "**") and inner:
            keyword = inner[-1]
        callee = self._real(place.callee)
        rule = self._calls.rule(at.language, callee, place.position, keyword)
        if rule is not None:
            yield self._sink(at, rule.reads, callee, keyword, rule.origin.id)
            return
        own = self._own(callee)
        if own is not None:
            parameters = self._signatures[own]
            name = keyword if keyword in parameters else ""
            if not name and 0 <= place.position < len(parameters):
                name = parameters[place.position]
            if name:
                for symbol in (f"{own}.{name}", f"{own}.__init__.{name}"):
                    step = f"{_last(own)}({name})"
                    yield replace(
                        at,
                        place=Bound(symbol, Binds.PARAMETER),
                        steps=(*at.steps, step),
                    )
                return
        if _last(callee) in _IDLE:
            return
        for word in dict.fromkeys((keyword, *inner)):
            key_rule = self._keys.rule((word,), "") if word else None
            if key_rule is not None:
                yield self._sink(at, key_rule.reads, callee, word, key_rule.origin.id, by_name=True)
                return
        yield self._sink(at, None, callee, keyword, "")

    def _readers(self, at: _At, symbol: str, how: Binds) -> Iterator[_At]:
        for file, read, near, far in self._joined(symbol, how):
            weak = near if file.path == at.path else far
            if weak is None:
                continue
            picked = _picked(at.entries, read.key)
            if picked is None:
                continue
            rest, key = picked
            yield _At(
                read.place,
                file.path,
                file.scope,
                file.language,
                read.span,
                read.within,
                (*read.entries, *rest),
                (*at.guards, *read.guards),
                at.key or key,
                at.weak or weak,
                (*at.steps, f"{_short(read.name)} ({file.path}:{read.span.line})"),
            )

    def _joining(self, symbol: str, how: Binds) -> list[tuple[FileFacts, Read, bool | None, bool | None]]:
        """The reads that may mean a symbol, with what `_joins` says of each within the symbol's file and outside of it."""
        named: dict[str, tuple[bool | None, bool | None]] = {}
        found = []
        for file, read in self._reads.get(_last(symbol), ()):
            joins = named.get(read.name)
            if joins is None:
                joins = self._joins(read.name, symbol, how, True), self._joins(read.name, symbol, how, False)
                named[read.name] = joins
            if joins != (None, None):
                found.append((file, read, *joins))
        return found

    def _joins(self, name: str, symbol: str, how: Binds, same_file: bool) -> bool | None:
        """Whether a read name means the symbol: None no, False surely, True by its name alone."""
        if name == symbol:
            return False
        real = self._real(name)
        if real == symbol or (real.count(".") >= 1 and symbol.endswith(f".{real}")):
            return False
        if how not in (Binds.FIELD, Binds.PARAMETER) or symbol.startswith("env:"):
            return None
        holder, owner = _owner(real), _owner(symbol)
        if how is Binds.PARAMETER and "<arguments>" not in owner:
            return None
        if self._inherits(holder, owner):
            return False
        if holder in self._signatures or self._own(holder) is not None:
            return None
        word, kind = snake(_last(holder).removesuffix("()").removesuffix("[]")), snake(_last(owner))
        alike = len(word) > 2 and (word in kind or kind in word)
        generic = (word in _HOLDERS or holder in ("", "?")) and (same_file or len(self._owners[_last(symbol)]) == 1)
        parsed = "<arguments>" in owner and same_file
        return True if alike or generic or parsed else None

    def _inherits(self, holder: str, owner: str) -> bool:
        """Whether a class is the owner or made from it."""
        for _ in range(6):
            if holder == owner or (holder.count(".") >= 1 and owner.endswith(f".{holder}")):
                return True
            if holder not in self._aliases:
                own = self._own(holder)
                if own is None or own not in self._aliases:
                    return False
                holder = own
            holder = self._aliases[holder]
        return False

    def _followed(self, name: str) -> str:
        """A name with the aliases in it followed: re-exports, and instances written as their class."""
        for _ in range(6):
            head, rest = name, ""
            while head not in self._aliases:
                head, dot, tail = head.rpartition(".")
                if not dot:
                    return name
                rest = f".{tail}{rest}"
            if not rest and head in self._signatures:
                return name  # a class of ours, not an instance: keep it
            name = f"{self._aliases[head]}{rest}"
        return name

    def _own(self, callee: str) -> str | None:
        """The function or class of this target that a callee means, None for somebody else's."""
        if callee in self._signatures:
            return callee
        tails = [
            s
            for s in self._signatures_by_last.get(_last(callee), ())
            if callee.count(".") >= 1 and s.endswith(f".{callee}")
        ]
        return tails[0] if len(tails) == 1 else None

    def _sink(self, at: _At, reads: Reads | None, callee: str, keyword: str, rule: str, by_name: bool = False) -> Sink:
        return Sink(
            reads,
            callee,
            keyword,
            at.path,
            at.span,
            at.scope,
            at.within,
            rule,
            by_name,
            at.guards,
            at.key,
            at.weak,
            at.steps,
        )


def _picked(entries: tuple[Entry, ...], key: str) -> tuple[tuple[Entry, ...], str] | None:
    """What is left of the collections around a value after a read by key; None when the key picks another value."""
    left = list(entries)
    keys = key.split(".") if key else []
    for part in keys:
        if not left:
            return None
        entry = left.pop()
        named = part in ("*", entry.key) or (part == "0" and entry.first) or (not entry.key and not part.isdigit())
        if not named or (part == "0" and not entry.first):
            return None
    return tuple(left), key


def _last(symbol: str) -> str:
    return symbol.rpartition(".")[2] or symbol


def _owner(symbol: str) -> str:
    return symbol.rpartition(".")[0]


def _short(name: str) -> str:
    return ".".join(name.split(".")[-2:])
