"""One product of a portfolio, audited and kept, or taken from the store: the same here and on another machine."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from auditor import __version__
from auditor.audit import Auditor, Memo, audit, few_collections
from auditor.collect import opened
from auditor.collect.address import is_url, last_part, shown
from auditor.collect.identity import commit_at, identity
from auditor.config import Options
from auditor.domain.portfolio import Audited, Holding
from auditor.domain.report import Report
from auditor.domain.source import Target
from auditor.errors import AuditError
from auditor.portfolio import store as stores
from auditor.portfolio.merge import Origin, row
from auditor.portfolio.store import report_name
from auditor.render import FORMATS
from auditor.resolve.snapshot import open_snapshot
from auditor.rulebook.load import load


@dataclass(frozen=True, slots=True)
class Job:
    """What a process is told. `path` names it in messages; `place` is the source as it can be opened from here."""

    number: int
    path: str
    holding: Holding
    place: str
    options: Options
    digests: tuple[str, str]  # of rules and snapshot
    store: str
    scratch: str
    dates: tuple[str, ...] = ()  # to look back at


@dataclass(frozen=True, slots=True)
class Done:
    """A product's row. *Shape*: no origin when it failed; `fresh` false when the store had it."""

    number: int
    audited: Audited
    origin: Origin | None
    fresh: bool
    seconds: float
    past: tuple[Audited | None, ...] = ()  # at each of the dates; None before there was anything


def work(job: Job) -> Done:
    """Audits one product unless that is done already. What can be expected to go wrong is the product's error."""
    started = time.monotonic()
    _note(job, "begin")
    tempfile.tempdir = job.scratch  # what is fetched here goes with the run, also when this process is killed
    target = Target(job.place, job.holding.revision, part=job.holding.part)
    try:
        audited, origin, fresh = _kept(job, target)
    except AuditError as error:
        audited, origin, fresh = failed(job, error.message), None, True
    try:
        past = tuple(_at(job, target, date) for date in job.dates)
    finally:
        if not job.options.online:
            _auditor(job.options)[1].clear()
        tempfile.tempdir = None
        _note(job, "end")
    return Done(job.number, audited, origin, fresh, time.monotonic() - started, past)


def _at(job: Job, target: Target, date: str) -> Audited | None:
    """The product as it was when a day ended. Files that have not changed since are not read again."""
    try:
        commit = commit_at(target, date)
        return _kept(job, replace(target, revision=commit))[0] if commit else None
    except AuditError as error:
        return failed(job, error.message)


def failed(job: Job, reason: str) -> Audited:
    return Audited(job.holding, error=reason.replace(job.place, job.holding.source), why="")


def _kept(job: Job, target: Target) -> tuple[Audited, Origin, bool]:
    """The row and origin of a target's report, and whether it had to be made."""
    held = stores.opened(job.store)
    content = identity(target)
    key = _key(job, content)
    name = report_name(key)
    known = held.read(name)
    if known is not None:
        with suppress(AuditError):  # damaged: made anew
            audited, origin = row(known, job.holding, key, name)
            _same_knowledge(job, origin)
            return audited, origin, False
    if is_url(job.place):
        target = replace(target, revision=content)
    report = _report(target, job.options)
    from auditor.render.json import render

    text = render(report).encode()
    audited, origin = row(text, job.holding, key, name)
    _same_knowledge(job, origin)
    for one in FORMATS:
        if one.name == "html":
            held.write(report_name(key, "html"), _page(one.module, report))
    held.write(name, text)
    return audited, origin, True


def _same_knowledge(job: Job, origin: Origin) -> None:
    """*Raises*: AuditError when the rules were edited after the run had begun: the report would lie under a wrong name."""
    if (origin.rules, origin.snapshot.id) != job.digests:
        raise AuditError("the rules or the lineage data changed while the run went on")


def _report(target: Target, options: Options) -> Report:
    if options.online:  # what could not be looked up is a gap of the one report
        return audit(target, options)
    auditor, _ = _auditor(options)
    with few_collections(), opened(target) as collection:
        return auditor.report(collection, lambda stage, done, total: None)


@lru_cache(maxsize=1)
def _auditor(options: Options) -> tuple[Auditor, Memo]:
    """One for all products of a process: to make it takes longer than to audit a small product."""
    memo: Memo = {}
    rulebook = load(extra=options.rules, cache=options.cache)
    return Auditor(rulebook, open_snapshot(options.snapshot), options, memo), memo


def _page(module: str, report: Report) -> bytes:
    from importlib import import_module

    page: str = import_module(module).render(report)
    return page.encode("utf-8", "backslashreplace")


def _key(job: Job, content: str) -> str:
    """The report's name in the store: of everything that its bytes depend on."""
    place = shown(job.place) if is_url(job.place) else last_part(os.path.realpath(job.place))
    options = job.options
    parts = [__version__, place, content, job.holding.part, options.jurisdiction, options.online, *job.digests]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def _note(job: Job, what: str) -> None:
    """A line for whoever watches the run: what begins and what ends."""
    with suppress(OSError), open(Path(job.scratch, "events"), "a", encoding="utf-8") as file:
        file.write(f"{what}\t{job.number}\n")


@lru_cache(maxsize=1)
def digests(options: Options) -> tuple[str, str]:
    """The digests of the rules and of the lineage data that the audits will use. *Raises*: AuditError."""
    snapshot = open_snapshot(options.snapshot)
    try:
        return load(extra=options.rules, cache=options.cache).digest, snapshot.info().id
    finally:
        snapshot.close()
