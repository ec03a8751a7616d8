"""The facts of a file as bytes, and back: their fields as plain tuples, so that reading them builds nothing unasked."""

from __future__ import annotations

import marshal
import zlib
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from operator import attrgetter
from types import UnionType
from typing import Any, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

from auditor.domain.fact import Call, Read
from auditor.domain.rows import Rows
from auditor.domain.sighting import FileFacts

_SPEED = 1  # of compression: the least effort already takes four fifths away
_T = TypeVar("_T")


def packed(facts: FileFacts) -> bytes:
    """The facts of one file as bytes."""
    reads, calls = _of_class(Read), _of_class(Call)
    rest = _of_class(FileFacts).write(facts)
    many = list(map(reads.write, facts.reads)), list(map(calls.write, facts.calls))
    return zlib.compress(marshal.dumps((rest, *many)), _SPEED)


def unpacked(data: bytes) -> FileFacts:
    """The facts as they were; those that are many are made when asked for. *Raises*: what a damaged text makes it raise."""
    row, reads, calls = marshal.loads(zlib.decompress(data))
    facts = _of_class(FileFacts).read((*row, _rows(Read, reads), _rows(Call, calls)))
    assert isinstance(facts, FileFacts)
    return facts


def _rows(kind: type[_T], rows: list[tuple[Any, ...]]) -> Rows[_T]:
    return Rows(tuple(field.name for field in fields(kind)), rows, _of_class(kind).read)  # type: ignore[arg-type]


class _Form(NamedTuple):
    """How values of a type are written and read."""

    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


@cache
def _of_class(kind: type) -> _Form:
    """A frozen value as the tuple of its fields. Those of `_LATER` are left out, and handed to `read` at the end."""
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind)]
    later = [name for name in names if (kind, name) in _LATER]
    names = [name for name in names if name not in later]
    forms = [(n, form) for n, name in enumerate(names) if (form := _of_type(hints[name])) is not None]
    several = attrgetter(*names)
    get = several if len(names) > 1 else lambda value: (several(value),)

    def write(value: object) -> tuple[Any, ...]:
        row = list(get(value))
        for n, form in forms:
            row[n] = form.write(row[n])
        return tuple(row)

    def read(row: tuple[Any, ...]) -> object:
        given = list(row)
        for n, form in forms:
            given[n] = form.read(given[n])
        return kind(*given) if not later else kind(**dict(zip((*names, *later), given, strict=True)))

    return _Form(write, read)


_LATER = {(FileFacts, "reads"), (FileFacts, "calls")}


def _of_type(hint: Any) -> _Form | None:
    """None for what is written as it is."""
    if hint in (str, int, bool):
        return None
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _Form(lambda value: value.value, hint)
    if is_dataclass(hint) and isinstance(hint, type):
        return _of_class(hint)
    if isinstance(hint, UnionType):
        return _of_union(get_args(hint))
    if get_origin(hint) is tuple:
        return _of_tuple(get_args(hint))
    raise TypeError(f"no form for {hint}")


def _of_union(kinds: tuple[type, ...]) -> _Form:
    numbers = {kind: n for n, kind in enumerate(kinds)}

    def write(value: object) -> tuple[int, Any]:
        number = numbers[type(value)]
        return number, _of_class(kinds[number]).write(value)

    return _Form(write, lambda row: _of_class(kinds[row[0]]).read(row[1]))


def _of_tuple(parts: tuple[Any, ...]) -> _Form | None:
    if len(parts) == 2 and parts[1] is ...:
        each = _of_type(parts[0])
        if each is None:
            return None
        write, read = each
        return _Form(lambda values: tuple(map(write, values)), lambda rows: tuple(map(read, rows)))
    forms = [_of_type(part) for part in parts]
    if not any(forms):
        return None
    return _Form(
        lambda values: tuple(form.write(v) if form else v for form, v in zip(forms, values, strict=True)),
        lambda rows: tuple(form.read(row) if form else row for form, row in zip(forms, rows, strict=True)),
    )
