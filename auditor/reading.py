"""What each file of a target says: kept from an earlier run, read here, or read in several processes."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import lru_cache, partial

from auditor import kept
from auditor.collect import holds_weights
from auditor.config import Options
from auditor.detect.match import Matcher
from auditor.detect.names import Names
from auditor.detect.scan import scan
from auditor.domain.sighting import FileFacts
from auditor.domain.source import Gap, SourceFile
from auditor.resolve.known import Known
from auditor.resolve.snapshot import open_snapshot
from auditor.rulebook.load import load

THRESHOLDS = (20_000, 10, 1_000)  # allocations, then rounds of the younger generation: see `audit.few_collections`

_LARGE = 8 << 20  # bytes, or
_MANY = 1_500  # files, from which on several processes are faster than one
_PATIENCE = 120.0  # seconds for one file
_LONGEST = 8 << 20  # bytes of a file whose facts are kept
_BATCH = 400  # files that are kept at once: what a killed run has read until then is there for the next one
_LASTING = frozenset(["syntax", "too-many-facts"])  # gaps that the same content has every time


def read(
    files: Sequence[SourceFile], options: Options, matcher: Matcher, knowledge: Sequence[str]
) -> Iterator[FileFacts]:
    """What each file says, in their order. `knowledge` are the digests of the rules and the lineage data."""
    with kept.opened(kept.basis(*knowledge)) if options.cache else nullcontext() as store:
        keys = [_key(file) if store else b"" for file in files]
        known = store.found([key for key in keys if key]) if store else {}
        fresh = _read([file for file, key in zip(files, keys, strict=True) if key not in known], options, matcher)
        pending: dict[bytes, bytes] = {}
        try:
            for file, key in zip(files, keys, strict=True):
                facts = _unpacked(known[key]) or scan(file, matcher) if key in known else None
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


_Read = tuple[FileFacts, bytes, bytes]  # with the key and the packed form, empty for what is not to be kept


def _read(files: Sequence[SourceFile], options: Options, matcher: Matcher) -> Iterator[_Read]:
    """What each file says: read in this process, or where there is much to read in several."""
    several = len(files) > _MANY or sum(file.size for file in files) > _LARGE
    if options.jobs == 1 or not several or (not options.jobs and (os.cpu_count() or 1) == 1):
        for file in files:
            facts, key = _scanned(file, matcher)
            key = key if options.cache else b""
            yield facts, key, kept.packed(facts) if key else b""
        return
    from auditor.workers import isolated_map

    elsewhere = partial(_elsewhere, replace(options, since=""))
    for file, given in zip(files, isolated_map(elsewhere, files, jobs=options.jobs, seconds=_PATIENCE), strict=True):
        if isinstance(given, Gap):
            yield FileFacts(file.path, file.scope, "", (), gaps=(given,)), b"", b""
        else:
            key, body = given
            yield kept.unpacked(body), key, body


def _elsewhere(options: Options, file: SourceFile) -> tuple[bytes, bytes]:
    """Runs in a process of its own, which opens rules and snapshot for itself."""
    facts, key = _scanned(file, _own_matcher(options))
    return key, kept.packed(facts)


@lru_cache(maxsize=1)
def _own_matcher(options: Options) -> Matcher:
    gc.set_threshold(*THRESHOLDS)
    rulebook = load(extra=options.rules, cache=options.cache)
    return Matcher(rulebook, Names(rulebook, Known(open_snapshot(options.snapshot))))


def _scanned(file: SourceFile, matcher: Matcher) -> tuple[FileFacts, bytes]:
    """What a file says, with the key of the very bytes that said it; no key where another time may say otherwise."""
    content = _content(file)
    if content is None:
        return scan(file, matcher), b""
    facts = scan(replace(file, load=partial(_first, content)), matcher)
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
