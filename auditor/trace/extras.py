"""Libraries that a product has only when somebody asks for them: what loads a model by one of them runs for those who did."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.domain.sighting import FileFacts
from auditor.domain.source import Scope

_EXTRAS = "pypi"  # the ecosystem that has extras
# Extras that a product is deployed with, whatever it is called by.
_WHOLE = frozenset(
    "all full complete default main server app api web prod production runtime standard recommended".split()
)


class Extras:
    """Knows a library by the name that its package shares with its module (`sentence_transformers`)."""

    def __init__(self, files: Sequence[FileFacts]) -> None:
        always: set[str] = set()
        asked: dict[str, str] = {}
        for file in files:
            if file.scope is not Scope.RUNTIME:
                continue
            for dependency in file.dependencies:
                name = dependency.name.replace("-", "_").lower()
                if dependency.ecosystem != _EXTRAS:
                    continue
                if dependency.group and dependency.group not in _WHOLE:
                    asked.setdefault(name, dependency.group)
                elif not dependency.parents:
                    always.add(name)
        self._only = {name: group for name, group in asked.items() if name not in always}

    def why(self, callee: str, language: str) -> str:
        """Why the library of a call may be missing, "" when the product always has it or nothing tells."""
        group = self._only.get(callee.partition(".")[0].lower(), "") if language == "python" else ""
        return f"needs a library that comes only with the extra {group!r}" if group else ""
