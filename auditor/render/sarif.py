"""A report as SARIF 2.1.0, within what GitHub code scanning takes: a result for each model in use and file.

A model that is only mentioned, or known to have no share of the jurisdiction asked about, is no result unless the policy
speaks of it: every result is shown as an alert, whatever its level. Fingerprints hold no line number, so a result
stays the same one when the file around it changes. *Source*: SARIF 2.1.0 (OASIS), and the limits of
https://docs.github.com/code-security/reference/code-scanning/sarif-files/sarif-support
"""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from auditor.domain.model import Verdict
from auditor.domain.reference import Occurrence, Usage
from auditor.domain.report import Decision, Finding, Outcome, Provenance, Report
from auditor.render import words
from auditor.render.escape import visible
from auditor.render.sarif_rules import NOTE, level, rule_id, rules
from auditor.render.uris import address, encoded

Json = dict[str, object]

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MOST_RESULTS = 5_000  # of 25,000 that are taken, GitHub shows so many
MOST_BYTES = 10_000_000  # of the compressed file
_MOST_PLACES = 20  # in one file, beside the one that the result stands at
_MOST_GAPS = 100
_ROOT = "%SRCROOT%"
_LEVELS = ("error", "warning", NOTE)
_VERB = {Usage.RUNS: "Runs", Usage.SELECTABLE: "Offers", Usage.TRAINS: "Trains from", Usage.MENTIONS: "Mentions"}


@dataclass(frozen=True, slots=True)
class _Found:
    """A model in one file. *Shape*: places best first, never empty."""

    finding: Finding
    decision: Decision | None
    places: tuple[Occurrence, ...]

    @property
    def first(self) -> Occurrence:
        return self.places[0]


def render(report: Report) -> str:
    """The log as one JSON document, indented, in ASCII, ending in a line break."""
    found = sorted(_found(report), key=lambda one: _seriousness(one, report))
    kept = found[:MOST_RESULTS]
    while True:
        text = json.dumps(_log(report, kept, left_out=len(found) - len(kept)), indent=1) + "\n"
        if not kept or len(text) <= MOST_BYTES or len(zlib.compress(text.encode())) <= MOST_BYTES:
            return text
        kept = kept[: len(kept) // 2]


def _found(report: Report) -> Iterator[_Found]:
    decisions = {decision.model: decision for decision in report.decisions}
    for finding in report.findings:
        decision = decisions.get(finding.id)
        objected = decision is not None and decision.outcome in (Outcome.DENY, Outcome.WARN)
        strongest = finding.usage
        mentioned = strongest is Usage.MENTIONS
        if (mentioned and not objected) or _cleared(finding, decision):
            continue
        by_file: defaultdict[str, list[Occurrence]] = defaultdict(list)
        for place in words.best_places(finding.occurrences):
            if mentioned or place.usage is not Usage.MENTIONS:
                by_file[place.path].append(place)
        for places in by_file.values():
            # The decision is about the strongest use; a place of weaker use is told, and not as an offence.
            decisive = places[0].usage is strongest
            yield _Found(finding, decision if decisive else None, tuple(places))


def _cleared(finding: Finding, decision: Decision | None) -> bool:
    allowed = decision is None or decision.outcome is Outcome.ALLOW
    return allowed and finding.judgement.verdict is Verdict.NO


def _seriousness(one: _Found, report: Report) -> tuple[int, int, int, int, str, str]:
    """The most serious first: what the policy says, then what the question was about, then how it is used."""
    verdict = one.finding.judgement.verdict
    return (
        _LEVELS.index(level(one.decision)),
        0 if verdict in report.jurisdiction.counted else 1 if verdict is Verdict.UNKNOWN else 2,
        one.first.usage.rank,
        -min(one.first.confidence, one.finding.judgement.confidence),
        one.finding.id,
        one.first.path,
    )


def _log(report: Report, found: Sequence[_Found], *, left_out: int) -> Json:
    told = rules(((one.finding, one.decision) for one in found), report.jurisdiction)
    index = {str(rule["id"]): n for n, rule in enumerate(told)}
    driver = {"name": "auditor", "semanticVersion": visible(report.provenance.version), "rules": told}
    run: Json = {
        "tool": {"driver": driver},
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the audited tree."}}},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": _notifications(report, left_out)}],
        "results": [_result(one, report, index) for one in found],
        "properties": {"jurisdiction": visible(report.jurisdiction.id), "verdict": report.verdict.value},
    }
    controlled = _version_control(report.provenance)
    if controlled:
        run["versionControlProvenance"] = [controlled]
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _version_control(provenance: Provenance) -> Json:
    repository = address(provenance.repository or "")
    if not repository:
        return {}
    revision = {"revisionId": visible(provenance.commit)} if provenance.commit else {}
    return {"repositoryUri": repository, **revision, "mappedTo": {"uriBaseId": _ROOT}}


def _notifications(report: Report, left_out: int) -> list[Json]:
    gaps = report.gaps
    told = [
        ("not-examined", f"{gap.path}: {gap.message} ({gap.stage} {gap.code})") for gap in sorted(gaps)[:_MOST_GAPS]
    ]
    if len(gaps) > _MOST_GAPS:
        more = f"{len(gaps) - _MOST_GAPS:,} more things could not be examined; the JSON report lists them all"
        told.append(("not-examined", more))
    if left_out:
        less = f"{left_out:,} results were left out, the least serious ones; the JSON report has them all"
        told.append(("left-out", less))
    return [{"descriptor": {"id": id_}, "level": "warning", "message": {"text": _plain(text)}} for id_, text in told]


def _result(one: _Found, report: Report, index: dict[str, int]) -> Json:
    finding, decision = one.finding, one.decision
    id_ = rule_id(finding, decision)
    result: Json = {
        "ruleId": id_,
        "ruleIndex": index[id_],
        "level": level(decision),
        "message": {"text": _message(one, report)},
        "locations": [_location(one.first)],
        "partialFingerprints": {"primaryLocationLineHash": f"{_fingerprint(one)}:1"},
        "properties": {
            "model": visible(finding.id),
            "usage": one.first.usage.value,
            "role": one.first.role.value,
            "verdict": finding.judgement.verdict.value,
            "confidence": min(one.first.confidence, finding.judgement.confidence).label,
        },
    }
    others = one.places[1 : _MOST_PLACES + 1]
    if others:
        result["relatedLocations"] = [
            {"id": n, **_location(place), "message": {"text": _plain(_how(place))}}
            for n, place in enumerate(others, start=1)
        ]
    if decision is not None and decision.outcome is Outcome.WAIVED:
        waiver = {"kind": "external", "status": "accepted", "justification": visible(decision.waiver or "")}
        result["suppressions"] = [waiver]
    return result


def _message(one: _Found, report: Report) -> str:
    """The fact in the first sentence, which is all that a list of alerts shows; then the policy, the lineage, the rest."""
    finding, decision = one.finding, one.decision
    bases = report.jurisdiction.bases
    role = words.ROLE[one.first.role]
    parts = [
        f"{_VERB[one.first.usage]} {finding.id}: {words.whose(finding, bases)}.",
        f"{role[0].upper()}{role[1:]}: {one.first.why}.",
        f"Origin {finding.judgement.verdict.value} with {words.confidence(finding.judgement.confidence)}: "
        f"{finding.judgement.why}.",
    ]
    if decision is not None:
        told = f": {decision.message}" if decision.message != finding.judgement.why else ""
        waiver = f", waived: {decision.waiver}" if decision.waiver else ""
        known = ", known to the baseline" if decision.known else ""
        parts.append(f"Policy clause {decision.clause}{known}{told}{waiver}.")
    if finding.edges:
        parts.append(f"Lineage: {words.lineage(finding, bases)}.")
    parts.extend(f"{flag.subject}: {flag.note} (as of {flag.as_of})." for flag in finding.flags)
    more = len(one.places) - 1 - _MOST_PLACES
    if more > 0:
        parts.append(f"{words.number(more, 'further place')} in this file.")
    return _plain(" ".join(parts))


def _how(place: Occurrence) -> str:
    return f"{words.ROLE[place.role]}: {place.why}"


def _location(place: Occurrence) -> Json:
    span = place.span
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": encoded(place.path), "uriBaseId": _ROOT},
            "region": {
                "startLine": span.line,
                "startColumn": span.column,
                "endLine": span.end_line,
                "endColumn": span.end_column,
            },
        }
    }


def _fingerprint(one: _Found) -> str:
    """The model in its file, whatever stands around it.

    GitHub tells alerts apart by rule, path and this. Left out, the upload action would take a hash of the line, and the
    models of a menu on one line would become one alert; it keeps ours, and remarks that it would have taken another.
    """
    return sha256(f"{one.finding.id}\n{one.first.path}".encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _plain(text: str) -> str:
    """Text in which nothing is a link or a placeholder (SARIF, sections 3.11.5 and 3.11.6)."""
    escaped = visible(text).replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    return escaped.replace("{", "{{").replace("}", "}}")
