"""The other arguments of the call in which a literal stands."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable

from auditor.domain.fact import Argument, Call, Fact, Literal
from auditor.domain.source import Span


class Beside:
    """The calls and the literal keyword arguments of one file."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._given: dict[str, list[tuple[str, Span]]] = defaultdict(list)
        self._calls: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for fact in facts:
            match fact:
                case Literal(place=Argument(callee=callee, keyword=keyword)) if keyword:
                    self._given[callee].append((f"{keyword}={fact.text}", fact.span))
                case Call():
                    self._calls[fact.callee].append((fact.span.line, fact.span.column))
                case _:
                    pass
        for starts in self._calls.values():
            starts.sort()

    def any(self, fact: Literal, arguments: Collection[str]) -> bool:
        """Whether one of the arguments, `keyword=value`, is given in the call in which a literal stands."""
        if not isinstance(fact.place, Argument):
            return False
        others = [span for text, span in self._given.get(fact.place.callee, ()) if text in arguments]
        here = self._call(fact.place.callee, fact.span) if others else 0
        return any(self._call(fact.place.callee, other) == here for other in others)

    def _call(self, callee: str, span: Span) -> int:
        """Which call of that callee a place belongs to: the last one that begins before it."""
        return bisect_right(self._calls.get(callee, []), (span.line, span.column))
