"""What each file of a target says: kept from an earlier run, read here, or read in several processes."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from auditor import glance, kept
from auditor.collect import holds_weights
from auditor.config import Options
from auditor.detect.hits import NAMES, STACK, Anchors, is_idle
from auditor.detect.match import Matcher
from auditor.detect.names import Names
from auditor.detect.scan import passed, scan
from auditor.domain.sighting import FileFacts
from auditor.domain.source import Gap, Scope, SourceFile
from auditor.resolve.known import Known
from auditor.resolve.snapshot import open_snapshot
from auditor.rulebook.load import load
from auditor.rulebook.types import Rulebook
from auditor.workers import isolated_map, start_is_cheap

THRESHOLDS = (20_000, 10, 1_000)  # allocations, then rounds of the younger generation: see `audit.few_collections`

_LARGE = 8 << 20  # bytes, or
_MANY = 1_500  # files, from which on several processes are faster than one
_LARGE_COPIES = 1 << 20  # the same where a process begins as a copy of this one
_MANY_COPIES = 150
_PATIENCE = 120.0  # seconds for one file
_LONGEST = 8 << 20  # bytes of a file whose facts are kept
_BATCH = 400  # files that are kept at once: what a killed run has read until then is there for the next one
_LASTING = frozenset(["syntax", "too-many-facts"])  # gaps that the same content has every time


def read(
    files: Sequence[SourceFile], options: Options, matcher: Matcher, rulebook: Rulebook, snapshot: str, *, whole: bool
) -> Iterator[FileFacts]:
    """What each file says, in their order. `snapshot` is the id of the lineage data in use.

    `whole` tells that there are no other files: then, where none of them can name a model that runs, those that name none
    are not parsed. What was not parsed leaves no gap: there is nothing in it to miss.
    """
    with kept.opened(kept.basis(rulebook.digest, snapshot)) if options.cache else nullcontext() as store:
        keys = [_key(file) if store else b"" for file in files]
        known = store.found([key for key in keys if key]) if store else {}
        seen = _seen(files, keys, known, options, rulebook)
        idle = whole and is_idle(_apart(file, one) for file, one in zip(files, seen, strict=True))
        passes = [idle and not one & NAMES and file.scope in _APART for file, one in zip(files, seen, strict=True)]
        known = {key: body for key, body in known.items() if len(body) > _SEEN}
        left = [
            _Item(file.path, file, one)
            for file, key, one, passing in zip(files, keys, seen, passes, strict=True)
            if not passing and key not in known
        ]
        fresh = _read(left, options, matcher, rulebook)
        pending: dict[bytes, bytes] = {}
        try:
            for file, key, one, passing in zip(files, keys, seen, passes, strict=True):
                if passing:
                    if key and key not in known:
                        pending[key] = bytes([one])
                    yield passed(file)
                    continue
                facts = _unpacked(known[key][_SEEN:]) or scan(file, matcher) if key in known else None
                if facts is None:
                    facts, key, body = next(fresh)
                    if key:
                        pending[key] = body
                    if store and len(pending) >= _BATCH:
                        store.keep(pending)
                        pending.clear()
                yield facts
        finally:
            if store and pending:
                store.keep(pending)


_DECIDED = (Scope.RUNTIME, Scope.TRAINING)  # where the role of a name depends on what other files say
_APART = (*_DECIDED, Scope.TEST, Scope.DOCUMENTATION, Scope.OUTPUT, Scope.VENDORED)
_SEEN = 1  # bytes of what is kept that say what was seen in the text; facts that were never asked for are not behind it


def _apart(file: SourceFile, seen: int) -> int:
    """What was seen in a file, as far as it matters to others."""
    return seen if file.scope in _DECIDED else seen & STACK


def _seen(
    files: Sequence[SourceFile],
    keys: Sequence[bytes],
    known: Mapping[bytes, bytes],
    options: Options,
    rulebook: Rulebook,
) -> list[int]:
    """What the text of each file holds (see `hits`); NAMES where nothing can be told without parsing."""
    anchors = _anchors(options, rulebook)
    seen = []
    for file, key in zip(files, keys, strict=True):
        path = file.path.encode("utf-8", "replace")
        if key in known:
            seen.append(known[key][0])
        elif anchors is None or anchors.weights(path) or (content := _content(file)) is None:
            seen.append(NAMES)
        else:
            seen.append(anchors.seen(path, content))
    return seen


@dataclass(frozen=True, slots=True)
class _Item:
    """A file to read, with what was seen in its text."""

    path: str
    file: SourceFile
    seen: int


_Read = tuple[FileFacts, bytes, bytes]  # with the key and the packed form, empty for what is not to be kept


def _read(items: Sequence[_Item], options: Options, matcher: Matcher, rulebook: Rulebook) -> Iterator[_Read]:
    """What each file says: read in this process, or where there is much to read in several."""
    many, large = (_MANY_COPIES, _LARGE_COPIES) if start_is_cheap() else (_MANY, _LARGE)
    several = len(items) > many or sum(item.file.size for item in items) > large
    if options.jobs == 1 or not several or (not options.jobs and (os.cpu_count() or 1) == 1):
        for item in items:
            facts, key = _scanned(item, matcher)
            key = key if options.cache else b""
            yield facts, key, _body(item, facts) if key else b""
        return

    options = replace(options, since="")
    _OF_COPIES[options] = rulebook
    elsewhere = partial(_elsewhere, options)
    for item, given in zip(items, isolated_map(elsewhere, items, jobs=options.jobs, seconds=_PATIENCE), strict=True):
        if isinstance(given, Gap):
            yield FileFacts(item.path, item.file.scope, "", (), gaps=(given,)), b"", b""
        else:
            key, body = given
            yield kept.unpacked(body[_SEEN:]), key, body


def _elsewhere(options: Options, item: _Item) -> tuple[bytes, bytes]:
    """Runs in a process of its own, which opens rules and snapshot for itself."""
    facts, key = _scanned(item, _own_matcher(options))
    return key, _body(item, facts)


def _body(item: _Item, facts: FileFacts) -> bytes:
    return bytes([item.seen]) + kept.packed(facts)


_OF_COPIES: dict[Options, Rulebook] = {}  # what a process that begins as a copy of this one finds loaded


@lru_cache(maxsize=1)
def _own_matcher(options: Options) -> Matcher:
    gc.set_threshold(*THRESHOLDS)
    rulebook = _OF_COPIES.get(options) or load(extra=options.rules, cache=options.cache)
    return Matcher(rulebook, Names(rulebook, Known(open_snapshot(options.snapshot))))


def _scanned(item: _Item, matcher: Matcher) -> tuple[FileFacts, bytes]:
    """What a file says, with the key of the very bytes that said it; no key where another time may say otherwise."""
    file = item.file
    content = _content(file)
    if content is None:
        return scan(file, matcher), b""
    facts = scan(replace(file, load=partial(_first, content)), matcher, item.seen)
    return facts, kept.key_of(file, content) if all(gap.code in _LASTING for gap in facts.gaps) else b""


def _first(content: bytes, n: int) -> bytes:
    return content[:n]


def _key(file: SourceFile) -> bytes:
    content = _content(file)
    return b"" if content is None else kept.key_of(file, content)


def _content(file: SourceFile) -> bytes | None:
    """All that a file holds; None when it is too long to be kept, has grown, or cannot be read."""
    if file.size > _LONGEST or holds_weights(file.path):
        return None
    try:
        content = file.load(file.size + 1)
    except OSError:
        return None
    return content if len(content) <= file.size else None


def _unpacked(body: bytes) -> FileFacts | None:
    try:
        return kept.unpacked(body)
    except Exception:  # what damage that its digest did not tell makes of it may raise anything
        return None


def _anchors(options: Options, rulebook: Rulebook) -> Anchors | None:
    """What the rules in use could speak of, written down at the first use of each state of them; None with other lineage data."""
    if options.snapshot:
        return None
    own = options.rules is None and options.cache
    if own and (anchors := glance.kept()):
        return anchors
    from auditor.anchors import keep, of

    return keep(rulebook) if own else of(rulebook)
