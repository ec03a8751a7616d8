"""Who reads a value: from where a name stands, through constants, parameters, fields and files, to what takes it in the end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from auditor.domain.fact import Argument, Binds, Bound, Call, Compared, Entry, Guard, Key, Literal, Loose, Place, Read
from auditor.domain.rows import columns
from auditor.domain.sighting import FileFacts
from auditor.domain.source import Scope, Span
from auditor.rulebook.index import CallIndex, KeyIndex, snake
from auditor.rulebook.types import Reads
from auditor.trace.sinks import Sink
from auditor.trace.symbols import Symbols, is_part, last, owner, short

_MENU = 3  # names in a list, from which on it is a menu
_DEEPEST = 12  # steps from a name to its reader
_WIDEST = 400  # readers followed for one name
# Callees that only show or measure a value, or ask the user about it.
_IDLE = frozenset(
    "print len isinstance type repr hash id sorted set list tuple enumerate range bool join info debug warning error exception log warn append add insert extend count_tokens print_exc question confirm render render_template".split()
)
# First words of callees that only report: `captureTaskCompleted`, `track_usage`.
_REPORTERS = frozenset("capture track report log telemetry".split())
# Callees that look something up by the value, as the query of a database does.
_LOOKUPS = frozenset("filter filter_by exclude where find_one findOne findFirst findUnique findMany".split())
# Callees that write a value as text; where the same function sends a request, the text is what it sends.
_WRITERS = frozenset("dumps stringify".split())
# Names of functions that give back a model: `loadChatModel`, `use_pipeline`.
_MAKING = frozenset("create load make build init use".split())
_MADE = frozenset("model llm pipeline embedder embeddings reranker".split())
_SENDS = frozenset("post request fetch urlopen send send_message axios invoke_model".split())
_CONSTRUCTORS = (".__init__", ".constructor", ".init")
# What a request to a model has beside the model's name, and what only holds options has not.
_ASKED = frozenset("messages prompt contents input".split())


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
    listed: int = 0
    given_to: tuple[str, str, Span] | None = (
        None  # the function of ours that took it last, and the path and place of the call
    )


class Flow:
    """The readers of every symbol of one target."""

    def __init__(self, files: Sequence[FileFacts], calls: CallIndex, keys: KeyIndex) -> None:
        self._calls = calls
        self._keys = keys
        self._symbols = Symbols(files)
        self._callers: dict[str, list[tuple[Sequence[Call], int]]] = defaultdict(list)
        self._senders: set[tuple[str, str]] = set()
        for file in files:
            for n, (callee, within) in enumerate(columns(file.calls, "callee", "within")):
                name = last(callee)
                if name.lower() in _SENDS:
                    self._senders.add((file.path, within))
                if file.scope is Scope.RUNTIME:
                    self._callers[name].append((file.calls, n))

    def sinks(self, literal: Literal, file: FileFacts) -> tuple[Sink, ...]:
        """Everything that takes the value in the end, nearest first; empty when no reader was found."""
        start = _At(
            literal.place, file.path, file.scope, file.language, literal.span, literal.within, literal.entries, ()
        )
        found: list[Sink] = []
        seen: set[tuple[object, ...]] = set()
        queue = [start]
        for step in range(_DEEPEST):
            queue, here = [], queue
            for at in here:
                for onward in self._step(at):
                    if isinstance(onward, Sink):
                        found.append(onward)
                    elif isinstance(onward.place, Bound):
                        mark = (onward.place.symbol, onward.key, onward.guards, onward.given_to)
                        if mark not in seen and len(seen) < _WIDEST:
                            seen.add(mark)
                            queue.append(onward)
                    elif step + 1 < _DEEPEST:
                        queue.append(onward)
            if not queue:
                break
        return tuple(found)

    def unused_default(self, symbol: str, how: Binds) -> str:
        """Why the default of a parameter or field is never taken, in words; "" when some call may leave it out."""
        function, name = owner(symbol), last(symbol)
        for constructor in _CONSTRUCTORS:
            function = function.removesuffix(constructor)
        calls = [
            c
            for c in (calls[n] for calls, n in self._callers.get(last(function), ()))
            if self._symbols.own(self._symbols.real(c.callee)) == function
        ]
        parameters = self._symbols.parameters(function)
        if how is Binds.FIELD and (not calls or name not in parameters):
            return ""  # a field of a class that nobody builds is read from the class itself
        if not calls:
            handed_on = self._symbols.readers(function, Binds.CONSTANT)  # `app.run(main)`: somebody else calls it
            if any(far is False for _, _, _, far in handed_on):
                return ""
            return f"is the default of {short(function)}(), which nothing in the repository calls"
        index = parameters.index(name) if name in parameters else len(parameters)
        open_ = () if how is Binds.FIELD else ("**",)  # what is spread over an object of settings names a few of many
        if all(not {name, *open_}.isdisjoint(c.keywords) or c.positional > index for c in calls):
            return f"is the default of {short(function)}(), but every call names another"
        return ""

    def made_default(self, symbol: str) -> bool:
        """Whether what a symbol holds is the default of a field or parameter."""
        joined = self._symbols.readers(symbol, Binds.CONSTANT) if symbol else ()
        return any(
            isinstance(read.place, Bound) and read.place.how in (Binds.FIELD, Binds.PARAMETER)
            for _, read, _, far in joined
            if far is False
        )

    def _step(self, at: _At) -> Iterator[Sink | _At]:
        if at.entries and _is_request(at.entries[0].keys):
            asked = self._keys.rule((at.entries[0].key,), "")
            if asked is not None and asked.reads is Reads.WEIGHTS:
                named = self._sink(at, asked.reads, "request", at.entries[0].key, asked.origin.id, by_name=True)
                yield replace(named, kept=True)
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
        callee = self._symbols.real(place.callee)
        rule = self._calls.rule(at.language, callee, place.position, keyword)
        if rule is not None:
            yield self._sink(at, rule.reads, callee, keyword, rule.origin.id)
            return
        own = self._symbols.own(callee)
        if own is not None:
            parameters = self._symbols.parameters(own)
            name = keyword if keyword in parameters else ""
            if not name and 0 <= place.position < len(parameters):
                name = parameters[place.position]
            if name and "dataset" in name:
                yield self._sink(at, Reads.METADATA, callee, name, "")
                return
            if name:
                takes = (
                    is_part(last(own))
                    or _makes_model(last(own))
                    or (last(own)[:1].isupper() and _is_request(parameters))
                )
                kept = self._keys.rule((name,), "") if takes else None
                if kept is not None and kept.reads is Reads.WEIGHTS:
                    named = self._sink(at, kept.reads, callee, name, kept.origin.id, by_name=True)
                    yield replace(named, kept=True)
                for symbol in (f"{own}.{name}", f"{own}.__init__.{name}", f"{own}.init.{name}"):
                    step = f"{last(own)}({name})"
                    yield replace(
                        at,
                        place=Bound(symbol, Binds.PARAMETER),
                        steps=(*at.steps, step),
                        given_to=(own, at.path, at.span),
                    )
                return
        if last(callee) in _IDLE or snake(last(callee)).partition("_")[0] in _REPORTERS:
            return
        if last(callee) in _LOOKUPS:
            yield self._sink(at, Reads.METADATA, callee, keyword, "")
            return
        if last(callee) in _WRITERS and (at.path, at.within) not in self._senders:
            return
        for word in dict.fromkeys((keyword, *inner)):
            key_rule = self._keys.rule((last(word),), "") if word else None
            if key_rule is not None:
                yield self._sink(at, key_rule.reads, callee, word, key_rule.origin.id, by_name=True)
                return
        yield self._sink(at, None, callee, keyword, "")

    def _readers(self, at: _At, symbol: str, how: Binds) -> Iterator[_At]:
        for file, read, near, far in self._symbols.readers(symbol, how):
            weak = near if file.path == at.path else far
            if weak is None or (weak and file.language != at.language and file.language and at.language):
                continue  # the likeness of two names tells nothing across languages
            picked = _picked(at.entries, read.key)
            if picked is None or (how is Binds.RETURN and _to_another(at, symbol, file.path, read)):
                continue
            rest, key = picked
            beside = self._symbols.beside(file, read)
            open_ = _open(at, read.key)
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
                (*at.steps, f"{short(read.name)} ({file.path}:{read.span.line})"),
                beside if beside >= _MENU else open_,
                None if how is Binds.RETURN else at.given_to,
            )

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
            listed=at.listed,
        )


def _is_request(names: Sequence[str]) -> bool:
    return any(snake(name) in _ASKED for name in names)


def _makes_model(function: str) -> bool:
    """Whether a function says that it gives back a model (`loadChatModel`, `use_pipeline`): one that it is given is used."""
    first, *others = snake(function).split("_")
    return first in _MAKING and bool(others) and others[-1] in _MADE


def _to_another(at: _At, symbol: str, path: str, read: Read) -> bool:
    """Whether what a function gives back goes to another caller than the one that gave it the value."""
    if at.given_to is None or at.given_to[0] != symbol.removesuffix("()"):
        return False
    _, caller, span = at.given_to
    return path != caller or not read.span.line <= span.line <= read.span.end_line


def _open(at: _At, key: str) -> int:
    """How many a value is one of, when a read of its collection by a key leaves open which one."""
    outermost = at.entries[-1] if at.entries and not at.steps else None  # what a name stands for may be listed often
    if key.startswith("*") and outermost and outermost.siblings >= _MENU:
        return outermost.siblings
    return at.listed if not key or "*" in key else 0


def _picked(entries: tuple[Entry, ...], key: str) -> tuple[tuple[Entry, ...], str] | None:
    """What is left of the collections around a value after a read by key; None when the key picks another value."""
    left, rest = list(entries), key
    while rest:
        if not left:
            return None
        entry = left.pop()
        if entry.key and f"{rest}.".startswith(f"{entry.key}."):  # a key may hold points itself
            rest = rest[len(entry.key) + 1 :]
            continue
        part, _, rest = rest.partition(".")
        named = part == "*" or (part == "0" and entry.first) or (not entry.key and not part.isdigit())
        if not named or (part == "0" and not entry.first):
            return None
    return tuple(left), key
