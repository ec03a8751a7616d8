"""What stands around a name: the menus it is one of, the prices beside it, and the switches that are off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from auditor.domain.fact import Argument, Binds, Bound, Entry, Guard, Literal, Place, Setting
from auditor.domain.rows import columns
from auditor.domain.sighting import FileFacts
from auditor.domain.source import Scope
from auditor.rulebook.index import KeyIndex, snake
from auditor.rulebook.types import Reads, WordKind
from auditor.trace.symbols import last
from auditor.trace.vocabulary import Vocabulary

_DEEP = 3  # parts of a key path, from which on it is the same setting in whatever file it stands
_MENU = 3  # names beside each other, from which on they are a menu
_LIMITS = frozenset(["max_tokens", "max_output_tokens", "max_completion_tokens"])
_SHOWN = frozenset("label display_name icon logo badge hint".split())  # what a chooser shows beside a name
_OFF = frozenset(["false", "no", "off", "0", "none", "disabled"])
_ON = frozenset(["true", "yes", "on", "1", "enabled"])
_DEPLOYED = frozenset(["compose", "kubernetes", "dockerfile"])


class Surroundings:
    """Menus, price tables and switches of one target."""

    def __init__(self, files: Sequence[FileFacts], keys: KeyIndex, words: Vocabulary) -> None:
        self._keys = keys
        self._words = words
        self._literals: dict[tuple[str, tuple[int, int]], set[object]] = defaultdict(set)
        self._settings: dict[tuple[str, tuple[str, ...], tuple[str, ...]], set[object]] = defaultdict(set)
        self._everywhere: dict[tuple[str, ...], dict[object, str]] = defaultdict(dict)
        self._settled: dict[str, set[str]] = defaultdict(set)
        self._beneath: dict[tuple[str, tuple[str, ...]], set[str]] = defaultdict(set)
        self._made: dict[tuple[str, str, str], set[object]] = defaultdict(set)
        self._off: dict[tuple[str, tuple[int, int]], str] = {}
        self._trains: set[str] = set()
        self._run_alone: set[str] = set()
        self._retold: dict[tuple[str, tuple[str, ...]], set[object]] = defaultdict(set)
        imported = {i.name for f in files if f.scope is Scope.RUNTIME for i in f.imports}
        imported |= {name.rpartition(".")[0] for name in imported}
        for file in files:
            if any(words.says(WordKind.TRAINING, last(callee)) for (callee,) in set(columns(file.calls, "callee"))):
                self._trains.add(file.path)
            parts = file.path.removesuffix(".py").replace("/", ".").split(".")
            if imported.isdisjoint(".".join(parts[n:]) for n in range(len(parts))):
                self._run_alone.add(file.path)
            for fact in file.selectors:
                if isinstance(fact, Literal) and fact.entries and fact.text == "false":
                    if words.says(WordKind.SWITCH, key := fact.entries[0].key) and not key.startswith("disable"):
                        self._off[file.path, fact.entries[0].at] = f"{key}: false"
            for sighting in file.sightings:
                if sighting.name.tentative:
                    continue
                match sighting.fact:
                    case Literal(entries=entries, place=place, within=within):
                        for entry in entries:
                            self._literals[file.path, entry.at].add(sighting.name.reference)
                        if (kind := _kind(place, entries)) and "." not in within:
                            self._made[file.path, *kind].add(sighting.name.reference)
                    case Setting(path=path):
                        self._settled[file.path].update(filter(None, map(words.provider_in, path[-2:])))
                        if len(path) >= _DEEP:
                            self._everywhere[path].setdefault(sighting.name.reference, file.path)
                        self._retold[file.path, path].add(sighting.name.reference)
                        for i in range(1, len(path) - 1):
                            self._beneath[file.path, path[:i]].add(path[i])
                        for shape in self._shapes(path):
                            self._settings[file.path, *shape].add(sighting.name.reference)

    def menu(self, file: FileFacts, entries: tuple[Entry, ...]) -> Entry | None:
        """The collection that makes a literal one of several to choose from, None when it is no menu."""
        within: Entry | None = None
        for entry in entries:
            shown = within is not None and not entry.key and not _SHOWN.isdisjoint(map(snake, within.keys))
            enough = _MENU - 1 if shown else _MENU
            if len(self._literals[file.path, entry.at]) >= enough and not self._is_setting(entry.key):
                return entry
            within = entry
        return None

    def trains(self, path: str) -> bool:
        """Whether the code of a file trains what it loads."""
        return path in self._trains

    def tries_itself(self, path: str, guards: Sequence[Guard]) -> bool:
        """Whether code is what a module, that others import, does when a person starts it by itself."""
        return Guard("__name__", "__main__") in guards and path not in self._run_alone

    def presets(self, file: FileFacts, fact: Literal) -> int:
        """How many objects of one class, or in the loops over one name, are made with different models in this file.

        0 when they are no menu.
        """
        kind = _kind(fact.place, fact.entries)
        if not kind or "." in fact.within:
            return 0
        made = len(self._made[file.path, *kind])
        return made if made >= _MENU else 0

    def menu_of_settings(self, file: FileFacts, fact: Setting) -> int:
        """How many models stand beside each other around a setting, 0 when it is no menu."""
        retold = len(self._retold[file.path, fact.path])  # the branches of a script
        if retold >= _MENU:
            return retold
        if fact.dialect in _DEPLOYED:
            return 0
        counts = [len(self._settings[file.path, *shape]) for shape in self._shapes(fact.path)]
        most = max(counts, default=0)
        return most if most >= _MENU else 0

    def providers(self, file: FileFacts) -> int:
        """How many providers a settings file names in the keys of models."""
        return len(self._settled[file.path])

    def rivals(self, file: FileFacts, fact: Setting) -> int:
        """How many entries, each with a model of its own, stand under the part that a setting is for; 0 when they are no rivals.

        `llm: {a: {path: x}, b: {model: y}, c: {id: z}}` offers three; entries that are for parts of their own do not compete.
        """
        for i in range(1, len(fact.path) - 1):
            entries = self._beneath[file.path, fact.path[:i]]
            purpose = self._words.purposes(fact.path[i - 1 : i])
            if len(entries) >= _MENU and purpose and not any(e.isdigit() or self._words.purposes([e]) for e in entries):
                return len(entries)
        return 0

    def variants(self, fact: Setting) -> int:
        """How many files set the same key to models of their own, 0 when too few to be variants to choose from."""
        files = set(self._everywhere.get(fact.path, {}).values())
        return len(files) if len(files) >= _MENU else 0

    def switched_off(self, fact: Setting) -> str:
        """The switch beside a setting that keeps it from being used, "" for none."""
        for key, value in fact.beside:
            name = snake(key)
            if name == "profiles" and value:
                return f"only with the profile {value}"
            if name.startswith("disable") and value.lower() in _ON:
                return f"{key}: {value}"
            if name.endswith("_enabled") and value.lower() in _OFF:
                if snake(fact.path[-1]).startswith(name.removesuffix("enabled")):
                    return f"{key}: {value}"
            if self._words.says(WordKind.SWITCH, name) and not name.startswith("disable") and value.lower() in _OFF:
                return f"{key}: {value}"
        return ""

    def switched_off_beside(self, file: FileFacts, fact: Literal) -> str:
        """Why a literal is not used: a switch in the same object, or in one around it, is off; "" for none."""
        off = next((key for entry in fact.entries if (key := self._off.get((file.path, entry.at)))), "")
        return f"is behind a switch that is off ({off})" if off else ""

    def priced(self, keys: Sequence[str]) -> str:
        """The key beside a name that belongs to a table of prices or capabilities, "" for none."""
        asked = "temperature" in keys  # what a request sets beside its limits
        told = (key for key in keys if key and not (asked and snake(key) in _LIMITS))
        return next((key for key in told if self._words.says(WordKind.PRICE, key)), "")

    def _is_setting(self, key: str) -> bool:
        """Whether a key says what its value is for (`llm_model`, `embedding_model`): such keys are no menu."""
        rule = self._keys.rule((key.rpartition(".")[2],), "") if key else None  # a member of an enum may be a key
        return rule is not None and rule.reads is not Reads.METADATA and not self._words.says(WordKind.CATALOG, key)

    def _shapes(self, path: tuple[str, ...]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
        """The path with one level left open: values of the same shape in one collection are siblings."""
        return [
            (path[:i], path[i + 1 :]) for i in range(len(path)) if path[i].isdigit() or not self._is_setting(path[i])
        ]


def _kind(place: Place, entries: tuple[Entry, ...]) -> tuple[str, str] | None:
    """What takes one model after another: the argument of a class, or the name that runs through a list."""
    match place:
        case Argument(callee=callee, keyword=keyword) if callee.rpartition(".")[2][:1].isupper():
            return callee, keyword
        case Bound(symbol=symbol, how=Binds.CONSTANT) if entries and not any(entry.key for entry in entries):
            return symbol, ""
        case _:
            return None
