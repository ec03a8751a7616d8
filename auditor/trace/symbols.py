"""The symbols of one target: what a name means, and which reads of a name mean a symbol."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from operator import itemgetter

from auditor.domain.fact import Binds, Read
from auditor.domain.sighting import FileFacts
from auditor.rulebook.index import snake
from auditor.trace.outline import DEEP, Outline, last, outline, owner

__all__ = ["Reader", "Symbols", "is_part", "last", "owner", "short"]

# Names of objects that hold options: any of them may be the holder of a field whose class is not known.
_HOLDERS = frozenset(
    "self this config cfg conf settings setting args arg arguments argument argv yargs flags options option opts params param props env ctx context state spec preset request input".split()
)
_COUNTS = re.compile(r"tokeni[sz]er|tiktoken|tokencount")
# Fields that all kinds of objects have: by such a name alone nothing is joined.
_ANYBODYS = frozenset("name value id type key label title text default".split())

# A read, and whether it means the symbol within the symbol's own file and outside of it (see `_joins`).
Reader = tuple[FileFacts, Read, bool | None, bool | None]


class Symbols:
    """Joins names by imports and aliases where it can, and fields by the likeness of their holders where it must."""

    def __init__(self, files: Sequence[FileFacts]) -> None:
        self._reads: dict[str, list[_Reads]] = defaultdict(list)
        self._aliases: dict[str, str] = {}
        self._signatures: dict[str, tuple[str, ...]] = {}
        self._signatures_by_last: dict[str, list[str]] = defaultdict(list)
        self._owners: dict[str, set[str]] = defaultdict(set)
        outlines = [(file, outline(file)) for file in files]
        held = frozenset[str]().union(*(one.mappings for _, one in outlines))
        for file, one in outlines:
            for alias in file.aliases:
                self._aliases.setdefault(alias.symbol, alias.of)
            for signature, (name, symbol) in zip(file.signatures, one.symbols, strict=True):
                self._signatures[symbol] = signature.parameters
                self._signatures_by_last[name].append(symbol)
            for name, reads in _reads_by_last(file, one, held):
                self._reads[name].append(reads)
            for name, kept_by in one.given:
                self._owners[name].add(kept_by)
        self._lists: dict[tuple[str, tuple[int, int]], set[str]] = defaultdict(set)
        for file, one in outlines:
            for name in one.reads.keys() & self._owners.keys():
                for n in one.reads[name]:
                    for level in file.reads[n].entries:
                        if not level.key:
                            self._lists[file.path, level.at].add(file.reads[n].name)
        # Equal questions are answered once: some names are read ten thousand times.
        self.real = lru_cache(maxsize=None)(self._followed)
        self.own = lru_cache(maxsize=None)(self._own)
        self.readers = lru_cache(maxsize=None)(self._readers)

    def parameters(self, function: str) -> tuple[str, ...]:
        """The parameters of a function or class of the target, in order; empty for others."""
        return self._signatures.get(function, ())

    def beside(self, file: FileFacts, read: Read) -> int:
        """How many names of models a list holds that a read stands in; 0 when it stands in none."""
        return max((len(self._lists[file.path, e.at]) for e in read.entries if not e.key), default=0)

    def _readers(self, symbol: str, how: Binds) -> list[Reader]:
        """The reads that may mean a symbol, with what `_joins` says of each within the symbol's file and outside of it."""
        named: dict[str, tuple[bool | None, bool | None]] = {}
        found = []
        for file, positions, entries in self._reads.get(last(symbol), ()):
            reads = [(n, file.reads[n]) for n in positions]
            # A read stands before what it reads of an entry.
            for _, read in sorted((*reads, *entries), key=itemgetter(0)) if entries else reads:
                joins = named.get(read.name)
                if joins is None:
                    joins = self._joins(read.name, symbol, how, True), self._joins(read.name, symbol, how, False)
                    named[read.name] = joins
                if joins != (None, None):
                    found.append((file, read, *joins))
        return found

    def _joins(self, name: str, symbol: str, how: Binds, same_file: bool) -> bool | None:
        """Whether a read name means the symbol: None no, False surely, True by its name alone."""
        if name == symbol:
            return False
        real = self.real(name)
        if real == symbol or (real.count(".") >= 1 and symbol.endswith(f".{real}")):
            return False
        if how not in (Binds.FIELD, Binds.PARAMETER) or symbol.startswith("env:"):
            return None
        holder, kept_by = owner(real), owner(symbol)
        if how is Binds.PARAMETER and "<arguments>" not in kept_by:
            return None
        if self._inherits(holder, kept_by):
            return False
        if holder in self._signatures or self.own(holder) is not None:
            return None
        if last(symbol) in _ANYBODYS:
            return None
        word, kind = snake(last(holder).removesuffix("()").removesuffix("[]")), snake(last(kept_by))
        alike = len(word) > 2 and (word in kind or kind in word)
        named = word in _HOLDERS or holder in ("", "?") or _about(word) == _about(kind) != ""
        generic = named and (same_file or len(self._owners[last(symbol)]) <= 1)
        parsed = "<arguments>" in kept_by and same_file
        return True if alike or generic or parsed else None

    def _inherits(self, holder: str, of: str) -> bool:
        """Whether a class is the owner or made from it."""
        for _ in range(6):
            if holder == of or (holder.count(".") >= 1 and of.endswith(f".{holder}")):
                return True
            if holder not in self._aliases:
                own = self.own(holder)
                if own is None or own not in self._aliases:
                    return False
                holder = own
            holder = self._aliases[holder]
        return False

    def _followed(self, name: str) -> str:
        """A name with the aliases in it followed: re-exports, and instances written as their class."""
        for _ in range(6):
            head, rest = name, ""
            while head not in self._aliases:
                head, dot, tail = head.rpartition(".")
                if not dot:
                    return name
                rest = f".{tail}{rest}"
            if not rest and head in self._signatures:
                return name  # a class of ours, not an instance: keep it
            name = f"{self._aliases[head]}{rest}"
        return name

    def _own(self, callee: str) -> str | None:
        """The function or class of this target that a callee means, None for somebody else's."""
        if callee in self._signatures:
            return callee
        tails = [
            s
            for s in self._signatures_by_last.get(last(callee), ())
            if callee.count(".") >= 1 and s.endswith(f".{callee}")
        ]
        return tails[0] if len(tails) == 1 else None


# Reads of one file by their positions, and those that it reads of a mapping's entries, each with the position of its read.
_Reads = tuple[FileFacts, tuple[int, ...], tuple[tuple[int, Read], ...]]


def _reads_by_last(file: FileFacts, outlined: Outline, held: Collection[str]) -> Iterator[tuple[str, _Reads]]:
    """The reads of a file by the last part of their names; those of a mapping's entry by the mapping too."""
    through = {n for part in outlined.through.keys() & held for n in outlined.through[part]}
    placed: dict[str, list[tuple[int, Read]]] = defaultdict(list)
    for n in sorted(through):
        if entry := _of_entry(file.reads[n], held):
            placed[last(entry.name)].append((n, entry))
    for name, positions in outlined.reads.items():
        yield name, (file, positions, tuple(placed.pop(name, ())))
    for name, entries in placed.items():
        yield name, (file, (), tuple(entries))


def _of_entry(read: Read, held: Collection[str]) -> Read | None:
    """The read of an entry of a mapping that is written as a field (`SETTINGS.chat.model`), None for any other."""
    parts = read.name.split(".")
    for i in range(len(parts) - 1, max(0, len(parts) - DEEP), -1):
        if parts[i - 1] in held and not any("(" in part.removesuffix("()") for part in parts):
            return replace(read, name=".".join(parts[:i]), key=".".join(p for p in (*parts[i:], read.key) if p))
    return None


def _about(holder: str) -> str:
    """What a holder of options holds them for (`model_args` and `model_arguments`: model), "" where its name says nothing."""
    about, _, kind = holder.rpartition("_")
    return about if kind in _HOLDERS else ""


def is_part(name: str) -> bool:
    """Whether a class does something with what it is given: it is none that only holds options, or counts tokens."""
    does = snake(name).rpartition("_")[2].rstrip("s") not in _HOLDERS
    return name[:1].isupper() and does and not _COUNTS.search(name.lower())


def short(name: str) -> str:
    return ".".join(name.split(".")[-2:])
