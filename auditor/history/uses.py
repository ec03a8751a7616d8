"""Which models are in use at each of many commits: audited one after the other, in several processes where they are many."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from auditor.audit import Auditor, Memo, Progress
from auditor.collect import opened
from auditor.config import Options
from auditor.domain.model import Verdict
from auditor.domain.reference import Confidence, Usage
from auditor.domain.report import Finding
from auditor.domain.source import Gap, Target
from auditor.errors import TargetError
from auditor.resolve.snapshot import open_snapshot
from auditor.rulebook.load import load
from auditor.workers import isolated_map

_MANY = 60  # commits, from which on several processes are faster than one
_MOST = 4  # processes, where nobody says how many
_SHARES = 3  # of each process: what lies between two of them is read again, so they must not be short
_PATIENCE = 120.0  # seconds for one commit


@dataclass(frozen=True, slots=True)
class Use:
    """A model in use at a commit, with the place that convinces most (path:line) and what is known of its origin."""

    usage: Usage
    place: str
    product: str
    why: str
    verdict: Verdict
    confidence: Confidence
    origin: str


Changes = Mapping[str, Use | None]  # by model: what is not as at the commit before, None for what is gone


def changes_at(
    commits: Sequence[str], target: Target, options: Options, auditor: Auditor, memo: Memo, tell: Progress
) -> Iterator[Changes]:
    """What changed at each of the commits, given in the order of time; at the first everything has come.

    `memo` is the auditor's. That a model has moved within the repository is no change. *Raises*: TargetError.
    """
    processes = options.jobs or min(os.cpu_count() or 1, _MOST)
    if processes == 1 or len(commits) < _MANY or options.online:
        before: Mapping[str, Use] = {}
        for n, commit in enumerate(commits):
            tell("auditing", n, len(commits))
            now = _uses(auditor, memo, target, commit)
            yield changed(before, now)
            before = now
        return
    long = -(-len(commits) // (_SHARES * processes))
    shares = [_Share(tuple(commits[n : n + long])) for n in range(0, len(commits), long)]
    alone = partial(_of_share, replace(options, jobs=1), target)
    found = isolated_map(alone, shares, jobs=processes, seconds=_PATIENCE * long)
    done, last = 0, dict[str, Use]()
    for share, told in zip(shares, found, strict=True):
        if isinstance(told, Gap):
            raise TargetError(f"cannot audit from commit {share.path} on: {told.message}", hint="try --jobs 1")
        for n, changes in enumerate(told):
            now = after({} if n == 0 else last, changes)
            yield changed(last, now)
            last = now
        done += len(share.commits)
        tell("auditing", done, len(commits))


def changed(before: Mapping[str, Use], now: Mapping[str, Use]) -> Changes:
    """What came, is used or judged otherwise, or is gone."""
    came = {model: use for model, use in now.items() if model not in before or _other(before[model], use)}
    return {**came, **dict.fromkeys(sorted(before.keys() - now.keys()))}


def after(before: Mapping[str, Use], changes: Changes) -> dict[str, Use]:
    """The uses that changes lead to."""
    return {model: use for model, use in {**before, **changes}.items() if use is not None}


@dataclass(frozen=True, slots=True)
class _Share:
    """Commits that one process audits."""

    commits: tuple[str, ...]

    @property
    def path(self) -> str:
        return self.commits[0][:10]


def _uses(auditor: Auditor, memo: Memo, target: Target, commit: str) -> dict[str, Use]:
    with opened(replace(target, revision=commit)) as collection:
        report = auditor.report(collection, lambda stage, done, total: None)
        present = {(file.path, file.blob) for file in collection.files}
    for gone in memo.keys() - present:
        del memo[gone]
    return {one.id: _use(one) for one in report.findings if one.usage is not Usage.MENTIONS}


def _use(finding: Finding) -> Use:
    place = min(
        (place for place in finding.occurrences if place.usage is finding.usage),
        key=lambda place: (-place.confidence, place.path, place.span),
    )
    judged = finding.judgement
    where = f"{place.path}:{place.span.line}"
    return Use(finding.usage, where, place.product, place.why, judged.verdict, judged.confidence, judged.why)


def _of_share(options: Options, target: Target, share: _Share) -> list[Changes]:
    """Runs in a process of its own."""
    auditor, memo = _own_auditor(options)
    told: list[Changes] = []
    before: Mapping[str, Use] = {}
    for commit in share.commits:
        now = _uses(auditor, memo, target, commit)
        told.append(changed(before, now))
        before = now
    return told


def _other(before: Use, now: Use) -> bool:
    """Whether anything but the place is another."""
    return replace(before, place="", product="", why="") != replace(now, place="", product="", why="")


@lru_cache(maxsize=1)
def _own_auditor(options: Options) -> tuple[Auditor, Memo]:
    memo: Memo = {}
    rulebook, snapshot = load(extra=options.rules, cache=options.cache), open_snapshot(options.snapshot)
    return Auditor(rulebook, snapshot, passing(options), memo), memo


def passing(options: Options) -> Options:
    """Options under which no file's facts are kept: those of old versions would push out what the next scan needs."""
    return replace(options, cache=False)
