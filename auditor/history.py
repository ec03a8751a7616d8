"""When each model came into use and when it went: a whole audit at each commit that can have changed the answer.

Auditing every commit would cost hours, so the history is first read for names alone: each content once, each line once.
A use can only begin or end where a name enters a shipped file or leaves one, but for what moves without its name (a
switch turned, a dependency's new version), which is seen at the next commit that is looked at. What is said of a commit
is what `auditor scan --rev` says of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace

from auditor.audit import Auditor, Memo, Progress, few_collections, hub, knowledge
from auditor.collect import Line, contents, holds_weights, line, opened
from auditor.collect.commits import Step
from auditor.config import Options
from auditor.domain.history import History, Moment, Past, Stretch
from auditor.domain.reference import Usage
from auditor.domain.report import Finding
from auditor.domain.source import Target
from auditor.errors import TargetError
from auditor.names import NamesOfText


def history(target: Target, options: Options, *, progress: Progress | None = None) -> History:
    """The history of a repository on this machine, up to a revision. *Raises*: AuditError, as `audit`."""
    tell = progress or (lambda stage, done, total: None)
    with ExitStack() as stack:
        stack.enter_context(few_collections())
        rulebook, snapshot = stack.enter_context(knowledge(options))
        memo: Memo = {}
        auditor = Auditor(rulebook, snapshot, options, memo, stack.enter_context(hub(options)))
        way = line(target)
        if not way.steps:
            raise TargetError(f"there is no commit in {way.name}")
        names = NamesOfText(rulebook, auditor.recognise)
        said = _names(way, names, tell)
        looks = list(_looks(way.steps, said))
        told = _Timeline()
        for n, step in enumerate(looks):
            tell("auditing", n, len(looks))
            with opened(replace(target, revision=step.commit)) as collection:
                report = auditor.report(collection, lambda stage, done, total: None)
                present = {(file.path, file.blob) for file in collection.files}
            for gone in memo.keys() - present:
                del memo[gone]
            told.look(Moment(step.commit, step.date), report.findings)
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


def _names(way: Line, names: NamesOfText, tell: Progress) -> dict[str, frozenset[str]]:
    """The names in each blob that has any."""
    blobs = {blob for step in way.steps for path, blob in step.changed if blob and not holds_weights(path)}
    said: dict[str, frozenset[str]] = {}
    for n, (blob, content) in enumerate(contents(way.repo, blobs)):
        tell("reading", n, len(blobs))
        if found := names.of(content):
            said[blob] = found
    return said


def _looks(steps: Iterable[Step], said: dict[str, frozenset[str]]) -> Iterator[Step]:
    """The commits at which a name enters a shipped file or leaves one for good or for another, and the last commit."""
    held: dict[str, frozenset[str]] = {}
    step = None
    for step in steps:
        before: Counter[str] = Counter()
        after: Counter[str] = Counter()
        for path, blob in step.changed:
            before.update(held.pop(path, ()))
            names = frozenset([path]) if blob and holds_weights(path) else said.get(blob, frozenset())
            if names:
                held[path] = names
                after.update(names)
        if before != after:
            yield step
            seen = True
        else:
            seen = False
    if step is not None and not seen:
        yield step


class _Timeline:
    """Stretches, commit by commit."""

    def __init__(self) -> None:
        self._open: dict[str, Stretch] = {}
        self._closed: dict[str, list[Stretch]] = {}
        self._known: dict[str, Finding] = {}

    def look(self, now: Moment, findings: Iterable[Finding]) -> None:
        """What is in use at a commit, later than those before."""
        used = {finding.id: finding for finding in findings if finding.usage is not Usage.MENTIONS}
        self._known |= dict(sorted(used.items()))
        for model in self._open.keys() | used.keys():
            finding, running = used.get(model), self._open.get(model)
            if running is not None and (finding is None or finding.usage is not running.usage):
                self._closed.setdefault(model, []).append(replace(running, until=now))
                del self._open[model]
                running = None
            if finding is not None and running is None:
                place = min(
                    (place for place in finding.occurrences if place.usage is finding.usage),
                    key=lambda place: (-place.confidence, place.path, place.span),
                )
                where = f"{place.path}:{place.span.line}"
                self._open[model] = Stretch(finding.usage, now, None, where, place.product, place.why)

    def pasts(self) -> tuple[Past, ...]:
        pasts = []
        for model, finding in self._known.items():
            stretches = [*self._closed.get(model, ()), *([self._open[model]] if model in self._open else [])]
            judged = finding.judgement
            pasts.append(Past(model, judged.verdict, judged.confidence, judged.why, tuple(stretches)))
        return tuple(pasts)
