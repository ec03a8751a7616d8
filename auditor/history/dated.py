"""When each model came into use and when it went: a whole audit at each commit that can have changed the answer.

Auditing every commit would cost hours, so the history is first read for names alone: each content once, each line once.
A use can only begin or end where a name enters a shipped file or leaves one, but for what moves without its name (a
switch turned, a dependency's new version), which is seen at the next commit that is looked at. What is said of a commit
is what `auditor scan --rev` says of it.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from functools import reduce

from auditor import kept
from auditor.audit import Auditor, Memo, Progress, few_collections, hub, knowledge
from auditor.collect import line
from auditor.config import Options
from auditor.domain.history import History, Moment, Past, Stretch
from auditor.domain.source import Target
from auditor.errors import TargetError
from auditor.history.earlier import Earlier
from auditor.history.looks import looks_of
from auditor.history.uses import Changes, Use, after, changed, changes_at, passing
from auditor.names import NamesOfText


def history(target: Target, options: Options, *, progress: Progress | None = None) -> History:
    """The history of a repository on this machine, up to a revision. *Raises*: AuditError, as `audit`."""
    tell = progress or (lambda stage, done, total: None)
    with ExitStack() as stack:
        stack.enter_context(few_collections())
        rulebook, snapshot = stack.enter_context(knowledge(options))
        memo: Memo = {}
        auditor = Auditor(rulebook, snapshot, passing(options), memo, stack.enter_context(hub(options)))
        way = line(target)
        if not way.steps:
            raise TargetError(f"there is no commit in {way.name}")
        looks = looks_of(way, NamesOfText(rulebook, auditor.recognise), tell)
        commits = [step.commit for step in looks]
        state = kept.basis(rulebook.digest, snapshot.info().id, auditor.jurisdiction.id)
        earlier = Earlier(state, way.steps[0].commit, way.part) if options.cache and not options.online else None
        found = earlier.changes(commits) if earlier else []
        fresh = commits[len(found) :]
        before = reduce(after, found, dict[str, Use]())
        for n, changes in enumerate(changes_at(fresh, target, options, auditor, memo, tell)):
            found.append(changes if n else changed(before, after({}, changes)))
        if earlier and fresh:
            earlier.keep(commits, found)
        told = _Timeline()
        for step, changes in zip(looks, found, strict=True):
            told.look(Moment(step.commit, step.date), changes)
        return History(
            name=way.name,
            jurisdiction=auditor.jurisdiction,
            first=Moment(way.steps[0].commit, way.steps[0].date),
            last=Moment(way.steps[-1].commit, way.steps[-1].date),
            commits=len(way.steps),
            looks=len(looks),
            blobs=len({blob for step in way.steps for _, blob in step.changed if blob}),
            pasts=told.pasts(),
            cut=way.cut,
        )


class _Timeline:
    """Stretches, commit by commit."""

    def __init__(self) -> None:
        self._open: dict[str, Stretch] = {}
        self._closed: dict[str, list[Stretch]] = {}
        self._known: dict[str, Use] = {}

    def look(self, now: Moment, changes: Changes) -> None:
        """What changed at a commit, later than those before."""
        for model, use in sorted(changes.items()):
            running = self._open.get(model)
            if use is not None:
                self._known[model] = use
            if running is not None and (use is None or use.usage is not running.usage):
                self._closed.setdefault(model, []).append(replace(running, until=now))
                del self._open[model]
                running = None
            if use is not None and running is None:
                self._open[model] = Stretch(use.usage, now, None, use.place, use.product, use.why)

    def pasts(self) -> tuple[Past, ...]:
        pasts = []
        for model, use in self._known.items():
            stretches = [*self._closed.get(model, ()), *([self._open[model]] if model in self._open else [])]
            pasts.append(Past(model, use.verdict, use.confidence, use.origin, tuple(stretches)))
        return tuple(pasts)
