"""Words that tell roles apart, from `rules/vocabulary.toml`: what a folder, class or key says of the part that carries it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import translate
from functools import lru_cache

from auditor.rulebook.index import snake
from auditor.rulebook.types import Rulebook, WordKind


class Vocabulary:
    def __init__(self, rulebook: Rulebook) -> None:
        self._patterns = {
            kind: re.compile(
                "|".join(translate(w) for rule in rulebook.words if rule.kind is kind for w in rule.words) or r"(?!)"
            )
            for kind in WordKind
        }
        self._providers = {
            snake(word)
            for rule in rulebook.providers
            for word in (rule.origin.id, rule.name, *(p.strip("/:._") for p in rule.prefixes))
            if re.fullmatch(r"[A-Za-z][\w .-]+", word) and not self._patterns[WordKind.CATALOG].match(snake(word))
        }
        self._providers |= {snake(rule.publisher.id) for rule in rulebook.publishers if rule.publisher.pretrains}
        self._providers |= {snake(rule.name) for rule in rulebook.packages}
        self._purposes = {
            rule.origin.id: re.compile("|".join(rf"(?:^|_){re.escape(w)}(?:_|$)" for w in rule.words))
            for rule in rulebook.words
            if rule.kind is WordKind.PURPOSE
        }
        self._named = lru_cache(maxsize=65536)(self._purposes_named)
        self.says = lru_cache(maxsize=65536)(self._says)
        self.provider_in = lru_cache(maxsize=65536)(self._provider_in)

    def purposes(self, names: Iterable[str]) -> frozenset[str]:
        """What a part is for, by the innermost of the names around it (outermost first) that says so; empty for none."""
        found: frozenset[str] = frozenset()
        for name in names:
            found = self._named(name.partition(".")[0]) or found
        return found

    def _purposes_named(self, name: str) -> frozenset[str]:
        return frozenset(purpose for purpose, words in self._purposes.items() if words.search(snake(name)))

    def _says(self, kind: WordKind, word: str) -> bool:
        """Whether a name part (any case) is of this kind. Kinds `file` and `sample` take a path."""
        given = word if kind in (WordKind.FILE, WordKind.SAMPLE) else snake(word)
        return self._patterns[kind].match(given) is not None

    def _provider_in(self, name: str) -> str:
        """The provider that a name is about (`OLLAMA_MODEL`, `OpenAIEmbedder`, `azure-openai`), "" for none."""
        parts = snake(name).split("_")
        for size in range(len(parts), 0, -1):
            for start in range(len(parts) - size + 1):
                word = "_".join(parts[start : start + size])
                if word in self._providers:
                    return word
        return ""
