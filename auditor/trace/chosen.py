"""What a target chooses by default: values that a default, an environment default or a shipped setting gives to a name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from auditor.domain.fact import Argument, Binds, Bound, Fact, Literal, Read, Setting
from auditor.domain.rows import columns
from auditor.domain.sighting import FileFacts
from auditor.domain.source import Scope
from auditor.rulebook.index import snake
from auditor.rulebook.types import WordKind
from auditor.trace.vocabulary import Vocabulary

_DATA = frozenset(["json", "front-matter"])
_SWITCHES = frozenset(["true", "false"])
_TURNED = frozenset(["enabled", "enable", "active"])
_TURNING = frozenset("enable use deploy with activate".split())
_HELD_BY = ("settings", "config", "options", "arguments")  # names of what holds a product's settings, not a request's
_MENU = 2  # values beside each other, from which on none of them is chosen


@dataclass(frozen=True, slots=True)
class _Choice:
    place: str  # path and line
    purposes: frozenset[str]


class Chosen:
    """Asked for a value or a provider: is it what the product takes when the user says nothing?

    What is chosen for one purpose is not chosen for another: `LLM_PROVIDER` says nothing of who speaks or embeds.
    """

    def __init__(self, files: Sequence[FileFacts], words: Vocabulary) -> None:
        self._words = words
        self._values: dict[str, set[_Choice]] = defaultdict(set)
        self._providers: dict[str, set[_Choice]] = defaultdict(set)
        self._decided: frozenset[str] = frozenset()  # purposes that a selector of their own decides
        self._switches: dict[str, set[str]] = defaultdict(set)
        self._stated: dict[str, set[str]] = defaultdict(set)
        declared: set[str] = set()  # switches of the product, not of one function
        for file in files:
            if file.scope is not Scope.RUNTIME:
                continue
            for fact in file.selectors:
                if (stated := _stated(fact)) is not None:
                    self._stated[stated[0]].add(stated[1])
                if (switch := _switch(fact)) is not None:
                    self._switches[switch[0]].add(switch[1])
                    if _is_setting(fact):
                        declared.add(switch[0])
            own = {word for part in file.path.split("/") for word in _words(part.partition(".")[0])}
            about = {p for part in file.path.split("/") if (p := words.provider_in(part.partition(".")[0]))}
            final = _final(file.selectors)
            for fact in file.selectors:
                value = self._value(fact) if final.get(_constant(fact), fact) is fact else ""
                provider = words.provider_in(value) if value else ""
                if (
                    not value
                    or provider in about
                    or value.lower() in own
                    or (provider and provider in self._within(fact))
                ):
                    continue  # a provider's own code that says its own name chooses nothing
                choice = _Choice(f"{file.path}:{fact.span.line}", self._purposes(fact, file.path))  # type: ignore[union-attr]
                self._take(value, choice)
                self._decided |= choice.purposes

            for n, (name,) in enumerate(columns(file.reads, "name")):
                if _kind(name)[:1].isupper() and (member := _member(read := file.reads[n])):
                    self._take_member(member, f"{file.path}:{read.span.line}", own)

        off = sorted(name for name in declared if self._switches[name] == {"false"})
        self._parts_off = [(part, name) for name in off if (part := _part(name))]

    def _take_member(self, member: str, place: str, own: set[str]) -> None:
        self._values[member.lower()].add(_Choice(place, frozenset()))
        kind, _, named = member.partition(".")
        chooses = self._words.says(WordKind.SELECTOR, kind)  # `Provider.OPENAI` chooses a provider
        if chooses and named.lower() not in own:
            self._take(named, _Choice(place, self._words.purposes([kind])))

    def _take(self, value: str, choice: _Choice) -> None:
        self._values[value.lower()].add(choice)
        if provider := self._words.provider_in(value):
            self._providers[provider].add(choice)

    def value(self, value: str, purposes: frozenset[str] = frozenset()) -> str:
        """Where a value is chosen (path and line), "" when it is not."""
        plain = value.lower()
        for spelling in (plain, plain.replace("_", "-"), plain.replace("-", "_"), plain.replace("_", "")):
            if place := self._place(self._values.get(spelling, ()), purposes):
                return place
        return ""

    def provider(self, provider: str, purposes: frozenset[str] = frozenset()) -> str:
        """Where a provider is chosen (path and line), "" when it is not."""
        return self._place(self._providers.get(provider, ()), purposes)

    def part(self, stem: str, purposes: frozenset[str]) -> str:
        """Where a file or class is chosen by a word of its name, among the parts of its own purpose; "" when it is not."""
        own = {c for word in _words(stem) for c in self._values.get(word, ()) if c.purposes & purposes}
        return min((c.place for c in own), default="")

    def instead(self, subject: str, values: Collection[str]) -> str:
        """What a state has by default (a language, the method of a step), "" when it is one of these, or nothing says."""
        defaults = self._stated.get(_state(subject), ())
        return "" if {value.lower() for value in values} & set(defaults) else min(defaults, default="")

    def off(self, subject: str) -> bool:
        """Whether a name is a switch that is off by default, wherever the target declares it."""
        return self._switches.get(snake(subject)) == {"false"}

    def switched_off(self, name: str) -> str:
        """The switch, off by default, of the part that a setting is for: `IMAGE_ENABLED` of `IMAGE_MODEL`; "" for none."""
        named = f"{snake(name)}_"
        return next((switch for part, switch in self._parts_off if named.startswith(f"{part}_")), "")

    @property
    def any_provider(self) -> bool:
        return bool(self._providers)

    def _value(self, fact: Fact) -> str:
        match fact:
            case Setting(path=path, value=value, dialect=dialect, live=True) if dialect not in _DATA:
                return value if self._words.says(WordKind.SELECTOR, path[-1]) else ""
            case Literal(entries=entries) if any(not e.key and e.siblings >= _MENU for e in entries):
                return ""
            case Literal(text=text, place=Bound(symbol=symbol, how=how)):
                named = next((e.key for e in fact.entries if e.key), symbol.rpartition(".")[2])
                if not self._words.says(WordKind.SELECTOR, fact.env or named):
                    return ""  # a label, a name, a header: it chooses nothing
                by_default = how in (Binds.FIELD, Binds.PARAMETER) or fact.fallback or fact.env or fact.option
                return text if by_default or _starts_with(named, text) else ""
            case Literal(text=text, place=Argument(keyword=keyword)) if (
                fact.fallback or fact.env
            ) and self._words.says(WordKind.SELECTOR, fact.env or keyword):
                return text
            case _:
                return ""

    def _purposes(self, fact: Fact, path: str) -> frozenset[str]:
        match fact:
            case Setting(path=keys):
                return self._words.purposes(keys)
            case Literal(place=Bound(symbol=symbol), env=env, option=option):
                names = [env, option, *(e.key for e in fact.entries), *reversed(symbol.split("."))]
                return self._words.purposes(reversed(names))
            case Literal(place=Argument(keyword=keyword), env=env, option=option, within=within):
                return self._words.purposes([*path.split("/"), *within.split("."), keyword, option, env])
            case _:
                return frozenset()

    def _within(self, fact: Fact) -> str:
        return (
            self._words.provider_in(fact.within.partition(".")[0]) if isinstance(fact, Literal) and fact.within else ""
        )

    def _place(self, choices: Iterable[_Choice], purposes: frozenset[str]) -> str:
        """A choice for no purpose in particular stands for all that have no selector of their own."""
        general = purposes.isdisjoint(self._decided)
        fit = [c.place for c in choices if c.purposes & purposes or not purposes or (general and not c.purposes)]
        return min(fit, default="")


def _kind(name: str) -> str:
    """The last part but one of a name: the class whose member it may be."""
    return name.removesuffix(".value").rpartition(".")[0].rpartition(".")[2]


def _member(read: Read) -> str:
    """The member of a class that is the default of a field, parameter or option: `model: Kind = Kind.SMALL`; "" for none."""
    kind, member = _kind(read.name), read.name.removesuffix(".value").rpartition(".")[2]
    if read.key or read.entries:
        return ""
    match read.place:
        case Bound(how=Binds.FIELD | Binds.PARAMETER) | Argument(keyword="default"):
            return f"{kind}.{member}"
        case Argument(callee=callee, position=position) if position > 0 and "env" in callee.rpartition(".")[2].lower():
            return f"{kind}.{member}"  # the default of a variable, by a function of the target's own
        case Argument(callee=callee, position=0) if kind and callee.rpartition(".")[2] == kind:
            return f"{kind}.{member}"  # `Kind(os.getenv("KIND", Kind.SMALL.value))`
        case Bound(symbol=symbol, how=Binds.CONSTANT) if _starts_with(symbol.rpartition(".")[2], member):
            return f"{kind}.{member}"
        case _:
            return ""


def _final(facts: Sequence[Fact]) -> dict[str, Fact]:
    """What each constant of a file holds in the end."""
    return {name: fact for fact in facts if (name := _constant(fact))}


def _constant(fact: Fact) -> str:
    match fact:
        case Literal(place=Bound(symbol=symbol, how=Binds.CONSTANT), guards=(), entries=()):
            return symbol
        case _:
            return ""


def _starts_with(constant: str, value: str) -> bool:
    """Whether a constant settles what the program starts with: `START_ENGINE = "x"`, but not `ENGINE_X = "x"`."""
    name = snake(constant)
    return name.startswith("default") or (constant.isupper() and snake(value).partition("_")[0] not in name.split("_"))


def _switch(fact: Fact) -> tuple[str, str] | None:
    """The name of a switch and how it stands by default; what a method notes of its own state is no switch."""
    match fact:
        case Setting(path=(*_, "variable", name, "default"), value=value) if value.lower() in _SWITCHES:
            return snake(name), value.lower()  # as Terraform declares it
        case Setting(path=path, value=value) if value.lower() in _SWITCHES:
            return snake(path[-1]), value.lower()
        case Literal(text=text, place=Bound(symbol=symbol, how=how)) if text.lower() in _SWITCHES:
            named = next((e.key for e in fact.entries if e.key), "")
            declared = named or how is not Binds.FIELD or fact.within in symbol.rsplit(".", 1)[0]
            return (snake(fact.env or named or symbol.rpartition(".")[2]), text.lower()) if declared else None
        case Literal(text=text, env=env) if env and text.lower() in _SWITCHES:
            return snake(env), text.lower()
        case _:
            return None


def _state(name: str) -> str:
    """The state that a name is about: a language, whatever its name; the method of a step that it names; "" for others."""
    words = snake(name).split("_")
    if words[-1] in ("lang", "language"):
        return "language"
    return snake(name) if words[-1] == "method" and len(words) > 1 else ""


def _stated(fact: Fact) -> tuple[str, str] | None:
    """A state with the value that it has by default, None for any other fact."""
    match fact:
        case Setting(path=path, value=value, dialect=dialect, live=True) if dialect not in _DATA:
            name, text = path[-1], value
        case Literal(text=text, place=Bound(symbol=symbol, how=how), entries=()) if (
            how in (Binds.FIELD, Binds.PARAMETER) or fact.env or fact.option or fact.fallback
        ):
            name = fact.env or symbol.rpartition(".")[2]
        case _:
            return None
    return (_state(name), text.lower()) if _state(name) and text else None


def _is_setting(fact: Fact) -> bool:
    match fact:
        case Literal(place=Bound(symbol=symbol, how=how)):
            of_settings = how is Binds.FIELD and any(word in symbol.lower() for word in _HELD_BY)
            return of_settings or bool(fact.env) or symbol.rpartition(".")[2].isupper()
        case Literal():
            return bool(fact.env)
        case _:
            return True


def _part(switch: str) -> str:
    """What a switch turns on, "" when its name does not say: `enable_reranker`, `image_generation_enabled`."""
    words = switch.split("_")
    if words[-1] in _TURNED:
        words.pop()
    elif words[0] in _TURNING:
        words.pop(0)
    else:
        return ""
    return "_".join(words) if len("".join(words)) > 2 else ""


def _words(name: str) -> tuple[str, ...]:
    """The words of a name, and the name itself, lower case."""
    return (*snake(name).split("_"), name.lower())
