"""What a target chooses by default: values that a default, an environment default or a shipped setting gives to a name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from auditor.domain.fact import Argument, Binds, Bound, Fact, Literal, Setting
from auditor.domain.sighting import FileFacts
from auditor.domain.source import Scope
from auditor.rulebook.types import WordKind
from auditor.trace.vocabulary import Vocabulary

_DATA = frozenset(["json", "front-matter"])


class Chosen:
    """Asked for a value or a provider: is it what the product takes when the user says nothing?"""

    def __init__(self, files: Sequence[FileFacts], words: Vocabulary) -> None:
        self._words = words
        self._places: dict[str, set[str]] = defaultdict(set)
        self._providers: dict[str, set[str]] = defaultdict(set)
        for file in files:
            if file.scope is not Scope.RUNTIME:
                continue
            about = {p for part in file.path.split("/") if (p := words.provider_in(part.partition(".")[0]))}
            for fact in file.selectors:
                value = self._value(fact)
                provider = words.provider_in(value) if value else ""
                if not value or provider in about or (provider and provider in self._within(fact)):
                    continue  # a provider's own code that says its own name chooses nothing
                place = f"{file.path}:{fact.span.line}"  # type: ignore[union-attr]
                self._places[value.lower()].add(place)
                if provider:
                    self._providers[provider].add(place)

    def value(self, value: str) -> str:
        """Where a value is chosen (path and line), "" when it is not."""
        plain = value.lower()
        for spelling in (plain, plain.replace("_", "-"), plain.replace("-", "_"), plain.replace("_", "")):
            if places := self._places.get(spelling):
                return min(places)
        return ""

    def provider(self, provider: str) -> str:
        """Where a provider is chosen (path and line), "" when it is not."""
        return min(self._providers.get(provider, {""}))

    @property
    def any_provider(self) -> bool:
        return bool(self._providers)

    def _value(self, fact: Fact) -> str:
        match fact:
            case Setting(path=path, value=value, dialect=dialect, live=True) if dialect not in _DATA:
                return value if self._words.says(WordKind.SELECTOR, path[-1]) else ""
            case Literal(text=text, place=Bound(symbol=symbol, how=how)):
                named = next((e.key for e in fact.entries if e.key), symbol.rpartition(".")[2])
                if not self._words.says(WordKind.SELECTOR, fact.env or named):
                    return ""  # a label, a name, a header: it chooses nothing
                by_default = how in (Binds.FIELD, Binds.PARAMETER) or fact.fallback or fact.env or fact.option
                return text if by_default or named.lower().startswith("default") else ""
            case Literal(text=text, place=Argument(keyword=keyword)) if (
                fact.fallback or fact.env
            ) and self._words.says(WordKind.SELECTOR, fact.env or keyword):
                return text
            case _:
                return ""

    def _within(self, fact: Fact) -> str:
        return (
            self._words.provider_in(fact.within.partition(".")[0]) if isinstance(fact, Literal) and fact.within else ""
        )
