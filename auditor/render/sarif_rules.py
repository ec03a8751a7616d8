"""The rules that SARIF results point at: one a clause of the policy that spoke, one a verdict where none did."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from auditor.domain.model import Verdict
from auditor.domain.report import Decision, Finding, Jurisdiction, Outcome
from auditor.render.escape import visible

Json = dict[str, object]

LEVEL = {Outcome.DENY: "error", Outcome.WARN: "warning"}
NOTE = "note"

_TAGS = ["ai-model", "supply-chain", "provenance"]
_MEANS = {
    Verdict.ROOT: "The weights go back to pretraining by a developer of the jurisdiction asked about ({name}).",
    Verdict.DERIVED: "A developer of the jurisdiction asked about ({name}) changed weights whose roots are elsewhere.",
    Verdict.COMPONENT: "A part that ships inside the model has weights from the jurisdiction asked about ({name}).",
    Verdict.TEACHER: "The model was trained on outputs of a model from the jurisdiction asked about ({name}).",
    Verdict.NO: "The lineage of the model is known, and nobody of the jurisdiction asked about ({name}) has a share.",
    Verdict.UNKNOWN: "Nothing establishes whose weights these are. Unknown is not clean.",
}
_TO_DO = (
    "What to do: read the lineage in the message and the places that it names. To be rid of the model, change the value "
    "at the place shown. To keep it knowingly, add a waiver with reason, approver and expiry to the policy "
    "(`auditor.toml`). `auditor explain MODEL` shows the whole lineage with its evidence."
)


def rule_id(finding: Finding, decision: Decision | None) -> str:
    """The permanent id of the rule that a result belongs to."""
    return f"policy-{visible(decision.clause)}" if decision else f"origin-{finding.judgement.verdict.value}"


def level(decision: Decision | None) -> str:
    """As serious as the policy says: what is denied is an error, what only exists is a note."""
    return LEVEL.get(decision.outcome, NOTE) if decision else NOTE


def rules(found: Iterable[tuple[Finding, Decision | None]], jurisdiction: Jurisdiction) -> list[Json]:
    """Each rule once. *Shape*: sorted by id; a clause is as serious by default as its most serious decision."""
    clauses: dict[str, list[Decision]] = {}
    verdicts: dict[str, Verdict] = {}
    for finding, decision in found:
        if decision:
            clauses.setdefault(rule_id(finding, decision), []).append(decision)
        else:
            verdicts[rule_id(finding, None)] = finding.judgement.verdict
    told = [_clause(id_, decisions) for id_, decisions in clauses.items()]
    told += [_verdict(id_, verdict, jurisdiction) for id_, verdict in verdicts.items()]
    return sorted(told, key=lambda rule: str(rule["id"]))


def _clause(id_: str, decisions: Sequence[Decision]) -> Json:
    clause = visible(decisions[0].clause)
    levels = {level(decision) for decision in decisions}
    most = next(one for one in ("error", "warning", NOTE) if one in levels)
    short = f"Model that the policy clause {clause} speaks of"
    full = f"The clause {clause} of the policy decides on this use of an AI model."
    return _rule(id_, short, full, most)


def _verdict(id_: str, verdict: Verdict, jurisdiction: Jurisdiction) -> Json:
    short = f"AI model in use: origin {verdict.value} for {visible(jurisdiction.name)}"
    return _rule(id_, short, _MEANS[verdict].format(name=visible(jurisdiction.name)), NOTE)


def _rule(id_: str, short: str, full: str, most: str) -> Json:
    return {
        "id": id_,
        "name": "".join(word.capitalize() for word in id_.split("-")),
        "shortDescription": {"text": short},
        "fullDescription": {"text": full},
        "help": {"text": f"{full}\n\n{_TO_DO}", "markdown": f"{full}\n\n{_TO_DO}"},
        "defaultConfiguration": {"level": most},
        "properties": {"tags": _TAGS},
    }
