"""Parts of a program that stand beside others of their kind: a user has to choose one first (DESIGN 5a, role optional)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from auditor.domain.fact import Guard
from auditor.domain.rows import columns
from auditor.domain.sighting import FileFacts
from auditor.domain.source import Scope
from auditor.rulebook.index import snake
from auditor.rulebook.types import WordKind
from auditor.trace.built import Built
from auditor.trace.chosen import Chosen
from auditor.trace.vocabulary import Vocabulary

_MANY = 5  # providers in one folder: it is a folder of providers, whatever its name
_FAR = 2  # callers of callers that are asked for
_SEVERAL = 3  # parts of a kind, from which on they are alternatives


class Alternatives:
    """Which folders, files, classes and functions of a target are one provider's part among others'."""

    def __init__(self, files: Sequence[FileFacts], paths: Sequence[str], words: Vocabulary, chosen: Chosen) -> None:
        self._built = Built(files)
        self._words = words
        self._chosen = chosen
        self._children: dict[str, set[str]] = defaultdict(set)
        for path in paths:
            parts = path.split("/")
            for i in range(len(parts)):
                stem = parts[i].partition(".")[0]
                if not stem.startswith(("__", "index")) and stem not in _GENERAL:
                    self._children["/".join(parts[:i])].add(stem)
        self._classes: dict[str, set[str]] = defaultdict(set)
        for file in files:
            if file.scope is Scope.RUNTIME:
                for signature in file.signatures:
                    own = signature.symbol.removeprefix(_module(file.path)).strip(".").partition(".")[0]
                    self._classes[file.path].add(own)
        self._keyed = _keyed(files, words)

    def why(self, choices: Sequence[Guard], path: str, within: str) -> str:
        """Why the part around a name has to be chosen first; "" when it has not, or when a default chooses it.

        `choices` are the conditions around it and, without a subject, the keys that it stands under, nearest first.
        """
        purposes = self._words.purposes([*path.split("/"), *within.split(".")])
        reason = self._unchosen(choices, purposes) or self._by_key(choices, path, within, purposes)
        if reason:
            return reason
        own = next((part for part in within.split(".") if part[:1].isupper()), "")
        built = self._by_calling(path, within, purposes) or (self._by_building(own, path, purposes) if own else "")
        if built is None:
            return ""
        return built or self._by_class(path, within, purposes) or self._by_path(path, purposes)

    def _unchosen(self, choices: Sequence[Guard], purposes: frozenset[str]) -> str:
        off = self._off(choices)
        if off:
            return off
        for choice in choices:
            word = choice.value
            if not word or word.lower() in _NO_CHOICE:
                continue
            provider = self._words.provider_in(word)
            if choice.subject and not provider and self._words.says(WordKind.STATE, choice.subject):
                told = self._chosen.instead(choice.subject, [c.value for c in choices if c.subject == choice.subject])
                if told:
                    return f"is for {word!r}, while {told!r} is the default of {choice.subject}"
                continue
            if not (self._chosen.value(word, purposes) or (provider and self._chosen.provider(provider, purposes))):
                return f"is for {word!r}, which no default chooses"
        return ""

    def _by_key(self, choices: Sequence[Guard], path: str, within: str, purposes: frozenset[str]) -> str:
        """Why a part that one provider's key turns on has to be chosen: the function asks for other providers' keys too."""
        for choice in choices:
            provider = _key_of(choice, self._words)
            kin = self._keyed.get((path, within), set()) if provider else set[str]()
            if len(kin) > 1 and not self._chosen.provider(provider, purposes):
                return f"is for who has {choice.subject!r}, the key of one of {len(kin)} providers"
        return ""

    def _by_calling(self, path: str, within: str, purposes: frozenset[str]) -> str:
        """Why a function is not called by default: nothing names it, or every call of it is behind a choice nobody makes."""
        if self._built.idle(path, within):
            return f"is in {within}(), which nothing in the repository calls"
        reason = self._uncalled(within, purposes)
        return f"is in a function that {reason}" if reason else ""

    def _uncalled(self, within: str, purposes: frozenset[str]) -> str:
        own, _, function = within.rpartition(".")
        called = self._built.conditions(function) if function and (own or not function[:1].isupper()) else ()
        reasons = [
            self._unchosen(use.condition, purposes) or self._far_off(use.within, purposes, _FAR) for use in called
        ]
        return min(reasons) if reasons and all(reasons) else ""

    def _far_off(self, within: str, purposes: frozenset[str], far: int) -> str:
        """Why a caller is not called itself: each call is behind a switch that is off or a provider, not a page or command."""
        function = within.rpartition(".")[2]
        called = self._built.conditions(function) if far and function and not function[:1].isupper() else ()
        reasons = []
        for use in called:
            telling = [c for c in use.condition if c.value == "true" or self._words.provider_in(c.value)]
            reasons.append(self._unchosen(telling, purposes) or self._far_off(use.within, purposes, far - 1))
        return min(reasons) if reasons and all(reasons) else ""

    def _off(self, choices: Sequence[Guard]) -> str:
        behind = next((c.subject for c in choices if c.value == "true" and self._chosen.off(c.subject)), "")
        return f"is behind {behind!r}, which is off by default" if behind else ""

    def _by_building(self, own: str, path: str, purposes: frozenset[str]) -> str | None:
        """Why a class is not built by default; "" when nothing tells, None when something builds it unasked."""
        kin = self._built.kin(own)
        of_kind = f"one of {kin} of its kind, " if kin else ""
        provider = self._words.provider_in(own)
        conditions = self._built.conditions(own)
        if not conditions:
            if not kin or (provider and self._chosen.provider(provider, purposes)):
                return ""
            return f"belongs to {own}, {of_kind}which nothing in the repository builds"
        reasons = {
            use: self._unchosen(use.condition, purposes) or self._far_off(use.within, purposes, _FAR)
            for use in conditions
        }
        if all(reasons.values()):
            return f"belongs to {own}, {of_kind}and {min(reasons.values())}"
        unasked = not any(reasons.values()) and any(use.path != path for use in reasons)
        return None if unasked else ""

    def _by_class(self, path: str, within: str, purposes: frozenset[str]) -> str:
        own = within.partition(".")[0]
        provider = self._words.provider_in(own) if own else ""
        if not provider:
            return ""
        kin = {p for name in self._classes[path] if (p := self._words.provider_in(name))}
        if len(kin) >= _SEVERAL and not self._chosen.provider(provider, purposes):
            return f"belongs to {own}, one of the {len(kin)} providers in {path}, which no default chooses"
        return ""

    def _by_path(self, path: str, purposes: frozenset[str]) -> str:
        parts = path.split("/")
        for i in range(len(parts) - 1, -1, -1):
            stem = parts[i].partition(".")[0]
            folder = "/".join(parts[:i])
            kin = self._kin(folder, stem, is_file=i == len(parts) - 1)
            if kin and not self._is_chosen(stem, purposes):
                where = f"{folder}/" if folder else "the top folder"
                return f"is in {parts[i]}, one of {kin} alternatives in {where}, which no default chooses"
        return ""

    def _kin(self, folder: str, stem: str, *, is_file: bool) -> int:
        """How many parts of its kind stand beside a file or folder, 0 when it stands alone.

        A folder counts only when it is named as a provider is; what stands at the top is a product, not a part of one.
        """
        children = self._children[folder]
        if len(children) < _SEVERAL or not folder:
            return 0
        providers = {p for child in children if (p := self._words.provider_in(child))}
        if self._words.says(WordKind.PROVIDER, folder.rpartition("/")[2]):
            if is_file or len(providers) >= _SEVERAL:
                return len(children)
        named = sum(1 for child in children if self._is_provider(child))
        if named >= _MANY and 2 * named > len(children):
            return len(children)
        if not is_file and not (self._words.provider_in(stem) if named >= _MANY else self._is_provider(stem)):
            return 0
        if self._words.provider_in(stem) and len(providers) >= _SEVERAL:
            return len(providers)
        tail = snake(stem).rpartition("_")[2]
        alike = [c for c in children if snake(c).endswith(f"_{tail}")]
        if tail != snake(stem) and len(alike) >= _SEVERAL:
            providers = {p for c in alike if (p := self._words.provider_in(c))}
            most = self._words.provider_in(stem) or 2 * len(providers) >= len(alike)
            if most and len(providers) >= _SEVERAL - 1:
                return len(alike)
        return 0

    def _is_provider(self, stem: str) -> bool:
        return self._words.provider_in(stem) in (snake(stem), snake(stem).replace("_", "")) and bool(stem)

    def _is_chosen(self, stem: str, purposes: frozenset[str]) -> bool:
        provider = self._words.provider_in(stem)
        return bool(
            self._chosen.value(stem, purposes)
            or self._chosen.part(stem, purposes)
            or (provider and self._chosen.provider(provider, purposes))
        )


_NO_CHOICE = frozenset("true false null none undefined".split())
_GENERAL = frozenset(
    "base common utils types util helpers abstract factory interface constants errors exceptions".split()
)


_KEYS = ("_key", "_token", "_secret")


def _keyed(files: Sequence[FileFacts], words: Vocabulary) -> dict[tuple[str, str], set[str]]:
    """The providers whose keys a function (path and name) asks for."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for file in files:
        for n, (within, guards) in enumerate(columns(file.reads, "within", "guards")):
            for guard in file.reads[n].guards if guards else ():
                if provider := _key_of(guard, words):
                    found[file.path, within].add(provider)
    return found


def _key_of(guard: Guard, words: Vocabulary) -> str:
    """The provider whose key a condition asks for (`if (process.env.X_API_KEY)`), "" for other conditions."""
    asks = guard.value == "true" and snake(guard.subject).endswith(_KEYS)
    return words.provider_in(guard.subject) if asks else ""


def _module(path: str) -> str:
    return path.rpartition(".")[0].replace("/", ".").removesuffix(".__init__").removesuffix(".index")
