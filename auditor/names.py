"""The names of models in a text, found without parsing it: for asking quickly whether there can be any."""

from __future__ import annotations

import re
from collections.abc import Callable

from auditor.domain.sighting import Name
from auditor.rulebook.types import Rulebook

_TOKEN = re.compile(rb"[A-Za-z0-9@$][A-Za-z0-9._:/@+~=?&%${}-]*[A-Za-z0-9}]")
# Before a name that a program hands over or a setting holds; in running text `either/or` has the shape of one as well.
_GIVEN = re.compile(rb"[\"'`:=][ ]?\Z")
_CALLED = re.compile(rb"(?<![A-Za-z0-9_])([A-Za-z0-9_]+)\s*\(")
_MIME = ("application/", "audio/", "font/", "image/", "multipart/", "text/", "video/")  # types of RFC 2046
_MOST_LINES = 2_000_000  # remembered, some 100 bytes each


class NamesOfText:
    """Every line is looked at once, however many texts have it.

    What has only the shape of a name counts in a text in which something loads names of that shape. Names of packages
    that bring models count as well. A name written in pieces is not found.
    """

    def __init__(self, rulebook: Rulebook, recognise: Callable[[str], Name | None]) -> None:
        self._recognise = recognise
        self._packages = {rule.name.lower() for rule in rulebook.packages}
        loaders = {glob.rpartition(".")[2] for rule in rulebook.calls if rule.names == "hub" for glob in rule.callee}
        self._loaders = {word.encode("ascii") for word in loaders if word.isidentifier()}
        self._tokens: dict[bytes, tuple[str, bool] | None] = {}
        self._lines: dict[bytes, tuple[tuple[str, bool], ...]] = {}

    def of(self, content: bytes) -> frozenset[str]:
        """The names, spelt as they are."""
        if len(self._lines) > _MOST_LINES:
            self._lines.clear()
        found: set[tuple[str, bool]] = set()
        for line in set(content.split(b"\n")):
            named = self._lines.get(line)
            if named is None:
                named = self._lines[line] = self._of_line(line)
            found.update(named)
        loading = any(tentative for _, tentative in found) and not self._loaders.isdisjoint(_CALLED.findall(content))
        return frozenset(name for name, tentative in found if loading or not tentative)

    def _of_line(self, line: bytes) -> tuple[tuple[str, bool], ...]:
        found = []
        for match in _TOKEN.finditer(line):
            token = match[0]
            if token not in self._tokens:
                self._tokens[token] = self._of_token(token.decode("ascii"))
            name = self._tokens[token]
            if name is not None and (not name[1] or _GIVEN.search(line, max(match.start() - 2, 0), match.start())):
                found.append(name)
        return tuple(found)

    def _of_token(self, token: str) -> tuple[str, bool] | None:
        if re.split(r"[=<>~\[]", token, maxsplit=1)[0].lower() in self._packages:
            return token, False
        if token.startswith(_MIME):
            return None
        name = self._recognise(token)
        if name is None or not (name.reference.name or name.reference.family):
            return None
        return token, name.tentative
