"""One audit, from target to report: the only module that names every stage. Read it top to bottom."""

from __future__ import annotations

import gc
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from difflib import get_close_matches

from auditor import __version__
from auditor.collect import opened
from auditor.config import OWN_FILE, SHARED_FILE, Options
from auditor.detect.match import Matcher
from auditor.detect.names import Names
from auditor.detect.scan import scan
from auditor.detect.written import without_output
from auditor.domain.fact import Setting
from auditor.domain.model import Resolution
from auditor.domain.reference import Occurrence, Reference, Role, Scheme
from auditor.domain.report import (
    Elsewhere,
    Explained,
    Finding,
    Jurisdiction,
    Provenance,
    Report,
)
from auditor.domain.sighting import FileFacts
from auditor.domain.source import Collection, Gap, SourceFile, Target
from auditor.errors import AuditError
from auditor.judge import judge
from auditor.products import products_of
from auditor.reading import THRESHOLDS, read
from auditor.resolve.catalog import Online
from auditor.resolve.chain import Resolver
from auditor.resolve.known import Known
from auditor.resolve.snapshot import Snapshot, open_snapshot
from auditor.rulebook.load import load
from auditor.rulebook.types import Rulebook
from auditor.trace import occurrences, stacks

Progress = Callable[[str, int, int], None]
Memo = dict[tuple[str, str], FileFacts]  # by path and blob


def audit(target: Target, options: Options, *, progress: Progress | None = None, memo: Memo | None = None) -> Report:
    """The report on one target. *Raises*: AuditError when nothing could be audited, or rules and snapshot are bad.

    With a `memo`, files whose content it has are not read again; it is for one set of rules.
    """
    with ExitStack() as stack:
        stack.enter_context(few_collections())
        rulebook, snapshot = stack.enter_context(knowledge(options))
        online = stack.enter_context(hub(options))
        auditor = Auditor(rulebook, snapshot, options, {} if memo is None else memo, online, once=memo is None)
        collection = stack.enter_context(opened(target, since=options.since))
        return auditor.report(collection, progress or (lambda stage, done, total: None))


class Auditor:
    """The stages from files to a report, with what they know; `memo` holds what files of known content say.

    `once` tells that one report is asked for, so that nothing has to be known for the next.
    """

    def __init__(
        self,
        rulebook: Rulebook,
        snapshot: Snapshot,
        options: Options,
        memo: Memo,
        online: Online | None = None,
        *,
        once: bool = False,
    ) -> None:
        self._rulebook = rulebook
        self._snapshot = snapshot
        self._options = options
        self._memo = memo
        self._whole = once
        self._matcher = Matcher(rulebook, Names(rulebook, Known(snapshot)))
        self._resolver = Resolver(rulebook, snapshot, online=online)
        self.jurisdiction = jurisdiction_of(rulebook, options.jurisdiction)
        self.recognise = self._matcher.names.recognise
        self._others = [jurisdiction_of(rulebook, one) for one in options.elsewhere if one != self.jurisdiction.id]

    def report(self, collection: Collection, tell: Progress) -> Report:
        """The report on what was collected."""
        rulebook, resolver = self._rulebook, self._resolver
        files = []
        for i, facts in enumerate(self._read(collection.files)):
            tell("reading", i, len(collection.files))
            files.append(facts)
        tell("tracing", 0, 1)
        kept, paths = without_output(files, rulebook), [file.path for file in collection.files]
        places = occurrences(kept, paths, collection.parts, rulebook, self.recognise, self._matcher.names.short)
        tell("resolving", 0, 1)
        resolved = {r.reference: r for r in resolver.resolve(o.reference for o in places)}
        findings = tuple(_findings(places, resolved, self.jurisdiction, rulebook))
        gaps = (*collection.gaps, *(g for f in files for g in f.gaps), *resolver.gaps)
        return Report(
            provenance=Provenance(
                version=__version__,
                rules=rulebook.digest,
                snapshot=self._snapshot.info(),
                online=self._options.online,
                kind=collection.kind,
                location=collection.location,
                repository=collection.repository,
                commit=collection.commit,
                files_seen=collection.files_seen,
                files_read=len(files),
                bytes_read=sum(f.size for f in files),
            ),
            jurisdiction=self.jurisdiction,
            products=products_of(collection.parts, findings, self.jurisdiction),
            findings=findings,
            decisions=(),
            gaps=tuple(sorted(set(gaps))),
            stacks=stacks(files, rulebook),
            regions=rulebook.jurisdictions,
            elsewhere=tuple(_elsewhere(findings, resolved, one, rulebook) for one in self._others),
        )

    def _read(self, files: Sequence[SourceFile]) -> Iterator[FileFacts]:
        """What each file says, in their order."""
        fresh = [file for file in files if (file.path, file.blob) not in self._memo]
        said = read(fresh, self._options, self._matcher, self._rulebook, self._snapshot.info().id, whole=self._whole)
        for file in files:
            facts = self._memo.get((file.path, file.blob))
            if facts is None:
                facts = _without_policy(next(said))
                if file.blob:
                    self._memo[file.path, file.blob] = facts
            yield facts


def _without_policy(facts: FileFacts) -> FileFacts:
    """A file's facts without the models that a policy of ours names in it: to waive a model is not to use it."""
    name = facts.path.rpartition("/")[2]
    if name not in (OWN_FILE, SHARED_FILE):
        return facts
    ours = ("policy",), ("waiver",)
    prefixes = ours if name == OWN_FILE else tuple(("tool", "auditor", *table) for table in ours)
    kept = tuple(
        sighting
        for sighting in facts.sightings
        if not isinstance(sighting.fact, Setting) or sighting.fact.path[: len(prefixes[0])] not in prefixes
    )
    return facts if len(kept) == len(facts.sightings) else replace(facts, sightings=kept)


def explain(
    names: Sequence[str], options: Options, *, missed: Callable[[Gap], object] = lambda gap: None
) -> tuple[Explained, ...]:
    """What is known of each name, in the order asked; `missed` is told what could not be looked up."""
    with knowledge(options) as (rulebook, snapshot), hub(options) as online:
        jurisdiction = jurisdiction_of(rulebook, options.jurisdiction)
        recogniser = Names(rulebook, Known(snapshot))
        resolver = Resolver(rulebook, snapshot, online=online)
        explained = []
        for name in names:
            found = recogniser.recognise(name.strip(), "hub") or recogniser.recognise(name.strip(), "api")
            reference = found.reference if found and found.reference.name else Reference(Scheme.FAMILY, name.strip())
            reference = _in_file(name, rulebook, recogniser) or reference
            (resolution,) = resolver.resolve([reference])
            others = tuple(sorted({a.model for a in resolution.answers[1:]} | set(snapshot.named(name.strip())[:12])))
            finding = judge(resolution, jurisdiction, rulebook)
            explained.append(Explained(name, finding, tuple(o for o in others if o != finding.id)))
        for gap in resolver.gaps:
            missed(gap)
        return tuple(explained)


def _in_file(name: str, rulebook: Rulebook, names: Names) -> Reference | None:
    """The model whose weights a local file holds, by its header; None for any other file, or none."""
    if not os.path.isfile(name):
        return None
    with opened(Target(name)) as collection:
        files = [scan(file, Matcher(rulebook, names)) for file in collection.files]
        paths = [file.path for file in files]
        places = occurrences(files, paths, collection.parts, rulebook, names.recognise, names.short)
    return next((place.reference for place in places if place.role is Role.BUNDLED), None)


def jurisdiction_of(rulebook: Rulebook, wanted: str) -> Jurisdiction:
    """The jurisdiction of that id. *Raises*: AuditError naming those that there are."""
    known = {jurisdiction.id: jurisdiction for jurisdiction in rulebook.jurisdictions}
    if wanted in known:
        return known[wanted]
    if (named := wanted.removeprefix(_OUTSIDE)) in known:
        inside = known[named]
        name, adjective = f"outside {inside.name}", f"non-{inside.adjective}"
        return replace(inside, id=wanted, name=name, adjective=adjective, outside=True)
    near = get_close_matches(named, known, n=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    raise AuditError(
        f"no jurisdiction {wanted!r} in the rules",
        hint=f"{hint}one of {', '.join(known)}, or {_OUTSIDE}ID for all others",
    )


_OUTSIDE = "outside-"  # before the id of a jurisdiction: every other country


@contextmanager
def few_collections() -> Iterator[None]:
    """Lets the garbage collector pass over what lives until the end of an audit.

    Facts are many, long-lived and free of cycles: by the interpreter's own thresholds a third of a scan goes into
    looking at them again. Syntax trees, which do hold cycles, still go with the young.
    """
    before = gc.get_threshold()
    gc.set_threshold(*THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def knowledge(options: Options) -> Iterator[tuple[Rulebook, Snapshot]]:
    """The rules and the lineage data, open until the context ends. *Raises*: RuleError, SnapshotError."""
    rulebook = load(extra=options.rules, cache=options.cache)
    snapshot = open_snapshot(options.snapshot)
    try:
        yield rulebook, snapshot
    finally:
        snapshot.close()


@contextmanager
def hub(options: Options) -> Iterator[Online | None]:
    """The Hub, where it may be asked."""
    if not options.online:
        yield None
        return
    from auditor.resolve.cache import kept_hub

    catalog = kept_hub(os.environ, keep=options.cache)
    try:
        yield catalog
    finally:
        catalog.close()


def _elsewhere(
    findings: Iterable[Finding],
    resolved: dict[Reference, Resolution],
    jurisdiction: Jurisdiction,
    rulebook: Rulebook,
) -> Elsewhere:
    """The same findings, judged for another jurisdiction."""
    judged = {one.id: judge(resolved[one.reference], jurisdiction, rulebook).judgement for one in findings}
    return Elsewhere(jurisdiction, judged)


def _findings(
    places: Iterable[Occurrence],
    resolved: dict[Reference, Resolution],
    jurisdiction: Jurisdiction,
    rulebook: Rulebook,
) -> Iterator[Finding]:
    """One finding for each model: references that name the same one are joined, whatever their case. Sorted by id."""
    judged = {reference: judge(resolution, jurisdiction, rulebook) for reference, resolution in resolved.items()}
    grouped: dict[str, list[Occurrence]] = defaultdict(list)
    for place in places:
        grouped[judged[place.reference].id.lower()].append(place)
    found = []
    for same in grouped.values():
        used = Counter(place.reference for place in same)
        best = max(used, key=lambda reference: (_sure(resolved[reference]), used[reference], judged[reference].id))
        found.append(replace(judged[best], occurrences=tuple(same)))
    yield from sorted(found, key=lambda finding: finding.id)


def _sure(resolution: Resolution) -> int:
    return resolution.answers[0].confidence if resolution.answers else -1
