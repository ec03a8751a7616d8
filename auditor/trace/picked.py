"""What a settings file itself leaves aside: entries that its selector does not name, and values laid over a chart's own."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from auditor.domain.fact import Setting
from auditor.domain.sighting import FileFacts
from auditor.rulebook.types import WordKind
from auditor.trace.vocabulary import Vocabulary

_OVERLAY = re.compile(r"(?:[^/]+[-_.]values|values[-_.][^/]+)\.ya?ml", re.IGNORECASE)


class Picked:
    """Asked of a setting: does its file, or the one beside it, take another?"""

    def __init__(self, files: Sequence[FileFacts], words: Vocabulary) -> None:
        self._words = words
        self._charts = {f.path.rpartition("/")[0] for f in files if f.path.rpartition("/")[2] in _OWN}
        self._chosen: dict[str, dict[str, str]] = defaultdict(dict)  # by file: value, and the key that has it
        self._entries: dict[tuple[str, tuple[str, ...]], set[str]] = defaultdict(set)
        for file in files:
            for fact in file.selectors:
                if isinstance(fact, Setting) and fact.live and words.says(WordKind.SELECTOR, fact.path[-1]):
                    self._chosen[file.path].setdefault(fact.value.lower(), fact.path[-1])
            for sighting in file.sightings:
                if isinstance(sighting.fact, Setting):
                    path = sighting.fact.path
                    for i in range(1, len(path) - 1):
                        self._entries[file.path, path[:i]].add(path[i])

    def another(self, file: FileFacts, fact: Setting) -> str:
        """Why an entry is left aside: a selector of the same file names another one beside it; "" for none.

        `{"type": "B", "services": {"A": {"model": ...}, "B": {"model": ...}}}` leaves A aside. An entry that is for
        another purpose than the one chosen is no rival of it.
        """
        chosen = self._chosen.get(file.path)
        if not chosen:
            return ""
        for i in range(1, len(fact.path) - 1):
            own = fact.path[i]
            entries = self._entries[file.path, fact.path[:i]]
            named = sorted(entry for entry in entries if entry.lower() in chosen)
            if own in named or own.isdigit():
                continue
            rivals = [entry for entry in named if self._purpose(own) <= self._purpose(entry)]
            if rivals:
                return f"belongs to {own!r}, while {chosen[rivals[0].lower()]} is {rivals[0]!r}"
        return ""

    def overlay(self, file: FileFacts) -> str:
        """Why the values in a file are not what a chart starts with; "" when they are, or when there is no chart."""
        folder, _, name = file.path.rpartition("/")
        if folder not in self._charts or not _OVERLAY.fullmatch(name):
            return ""
        return f"{file.path} is laid over the chart's own values by who asks for it"

    def _purpose(self, entry: str) -> frozenset[str]:
        return self._words.purposes([entry])


_OWN = frozenset(["values.yaml", "values.yml"])
