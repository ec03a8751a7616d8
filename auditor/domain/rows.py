"""Facts of one kind that are made when somebody asks for them: most are only counted in by a name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter, itemgetter
from typing import Any, TypeVar, overload

_T = TypeVar("_T")


class Rows(Sequence[_T]):
    """A sequence of frozen values. Each is made once, from a tuple of what it is made of.

    *Shape*: `fields` names the columns of `rows`; those that hold plain text can be had without making anything.
    """

    __slots__ = ("_fields", "_made", "_make", "_rows")

    def __init__(self, fields: tuple[str, ...], rows: Sequence[tuple[Any, ...]], make: Callable[[Any], _T]) -> None:
        self._fields = fields
        self._rows = rows
        self._make = make
        self._made: dict[int, _T] = {}

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> _T: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[_T, ...]: ...
    def __getitem__(self, index: int | slice) -> _T | tuple[_T, ...]:
        if isinstance(index, slice):
            return tuple(self[n] for n in range(*index.indices(len(self))))
        made = self._made.get(index)
        if made is None:
            made = self._made[index] = self._make(self._rows[index])
        return made

    def __iter__(self) -> Iterator[_T]:
        return (self[n] for n in range(len(self._rows)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rows | tuple) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def columns(self, *fields: str) -> Iterator[tuple[str, ...]]:
        """Some texts of each value."""
        places = [self._fields.index(field) for field in fields]
        return ((row[places[0]],) for row in self._rows) if len(places) == 1 else map(itemgetter(*places), self._rows)


def columns(facts: Sequence[object], *fields: str) -> Iterator[tuple[str, ...]]:
    """Some texts of each of the facts, in order, without making any that is not made yet."""
    if isinstance(facts, Rows):
        return facts.columns(*fields)
    return ((getattr(fact, fields[0]),) for fact in facts) if len(fields) == 1 else map(attrgetter(*fields), facts)
