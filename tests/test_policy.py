"""What the auditing party decides: clauses in order, waivers with a last day, and a file that is hard to get wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.config import policy as read_policy
from auditor.domain.model import Verdict
from auditor.domain.reference import Confidence, Role, Usage
from auditor.domain.report import Decision, Elsewhere, Outcome, WaiverState
from auditor.errors import AuditError
from auditor.policy import SHIPPED, Clause, Match, Policy, Waiver, decide, idle_waivers
from tests.render.reports import ACME, BGE, CHINESE, FINDINGS, GPT, MENU, QWEN3, judgement, place, report

TODAY = date(2026, 11, 24)
NO_BGE = Clause("no-bge", Match(model=("baai/*",)), Outcome.DENY)
WAIVER = Waiver(("BAAI/*",), "evaluation only", "cto", date(2027, 3, 31))


def decided(
    *clauses: Clause, unknown: Outcome = Outcome.ALLOW, waivers: tuple[Waiver, ...] = ()
) -> dict[str, Decision]:
    made = decide(report(), Policy(clauses, unknown, waivers), today=TODAY)
    return {decision.model: decision for decision in made}


def test_the_shipped_policy_only_warns_and_only_of_what_runs() -> None:
    made = decide(report(), SHIPPED, today=TODAY)
    assert [(d.model, d.outcome) for d in made] == [("BAAI/bge-m3", Outcome.WARN)]


def test_the_first_clause_that_matches_decides() -> None:
    allow = replace(NO_BGE, id="allow-bge", outcome=Outcome.ALLOW)
    assert decided(allow, NO_BGE)["BAAI/bge-m3"].clause == "allow-bge"
    assert decided(NO_BGE, allow)["BAAI/bge-m3"].outcome is Outcome.DENY


@pytest.mark.parametrize(
    ("match", "models"),
    [
        (Match(jurisdiction="chinese", verdicts=(Verdict.DERIVED,)), {BGE.id}),
        (Match(countries=("CN",), usage=(Usage.RUNS,)), {BGE.id}),
        (Match(countries=("chinese",), usage=(Usage.RUNS,)), {BGE.id}),
        (Match(not_countries=("US", "CN")), {finding.id for finding in MENU}),
        (Match(not_countries=("US", "chinese"), model=("*bge*",)), set()),
        (Match(flags=("entity-*",)), {BGE.id}),
        (Match(operator=("openai",)), {GPT.id}),
        (Match(operator=("*",)), {GPT.id}),
        (Match(license=("unknown",), usage=(Usage.RUNS,)), {ACME.id, GPT.id}),
        (Match(counted=True, usage=(Usage.SELECTABLE,)), {QWEN3.id}),
        (Match(verdicts=(Verdict.UNKNOWN,)), {ACME.id}),
        (Match(roles=(Role.TRAINING,)), {"meta-llama/Llama-3.1-8B"}),
        (Match(modality=("embedding",)), {BGE.id}),
        (Match(license=("MIT",)), {BGE.id}),
        (Match(model=("openai:*",)), {"openai:gpt-5"}),
        (Match(product=("acme-*",), model=("acme/*",)), {ACME.id}),
        (Match(product=("other",)), set()),
        (Match(), {finding.id for finding in FINDINGS}),
    ],
)
def test_a_clause_speaks_of(match: Match, models: set[str]) -> None:
    assert set(decided(Clause("c", match, Outcome.WARN))) == models


def test_a_chain_is_as_sure_as_its_weakest_link() -> None:
    unsure = replace(BGE, occurrences=(place(BGE.id, Role.DEFAULT, "a.py", 1, confidence=Confidence.MEDIUM),))
    for least, count in ((Confidence.MEDIUM, 1), (Confidence.HIGH, 0)):
        clause = Clause("sure", Match(min_confidence=least), Outcome.DENY)
        assert len(decide(report(findings=(unsure,)), Policy((clause,)), today=TODAY)) == count


def test_all_conditions_must_hold_at_one_place() -> None:
    both = Clause("c", Match(model=(BGE.id,), usage=(Usage.RUNS,), roles=(Role.DOCUMENTATION,)), Outcome.DENY)
    assert not decided(both)


def test_allowing_a_model_in_one_product_does_not_allow_it_in_another() -> None:
    both = replace(
        BGE,
        occurrences=(
            place(BGE.id, Role.DEFAULT, "lab/a.py", 1, product="lab"),
            place(BGE.id, Role.DEFAULT, "shop/a.py", 1, product="shop"),
        ),
    )
    lab = Clause("lab-may", Match(product=("lab",)), Outcome.ALLOW)
    (made,) = decide(report(findings=(both,)), Policy((lab, NO_BGE)), today=TODAY)
    assert (made.outcome, made.clause) == (Outcome.DENY, "no-bge")


def test_a_clause_may_ask_of_another_jurisdiction_than_the_report() -> None:
    us = replace(CHINESE, id="us", countries=("US",), adjective="US")
    judged = Elsewhere(us, {one.id: judgement(Verdict.NO, "not theirs") for one in FINDINGS})
    judged = replace(
        judged, judgements={**judged.judgements, BGE.id: judgement(Verdict.ROOT, "the weights are Meta's")}
    )
    clause = Clause("no-us", Match(jurisdiction="us", counted=True), Outcome.DENY)
    (made,) = decide(replace(report(), elsewhere=(judged,)), Policy((clause,)), today=TODAY)
    assert (made.model, made.message) == (BGE.id, "the weights are Meta's")


def test_a_clause_that_the_report_cannot_answer_is_refused_and_not_passed_over() -> None:
    for match in (Match(jurisdiction="us", counted=True), Match(countries=("us",)), Match(not_countries=("us",))):
        policy = Policy((Clause("no-us", match, Outcome.DENY),))
        assert policy.jurisdictions == ("us",)
        with pytest.raises(AuditError, match="not judged for it"):
            decide(report(), policy, today=TODAY)


def test_what_the_baseline_knows_warns_and_anything_more_is_denied() -> None:
    known = {(BGE.id, Usage.RUNS, ".")}
    (made,) = decide(report(), Policy((NO_BGE,)), today=TODAY, known=known)
    assert (made.outcome, made.known) == (Outcome.WARN, True)
    for other in ((BGE.id, Usage.SELECTABLE, "."), (BGE.id, Usage.RUNS, "elsewhere"), (QWEN3.id, Usage.RUNS, ".")):
        (made,) = decide(report(), Policy((NO_BGE,)), today=TODAY, known={other})
        assert made.outcome is Outcome.DENY


def test_counted_means_what_the_jurisdiction_counts() -> None:
    strict = replace(report(), jurisdiction=replace(CHINESE, counted=(Verdict.ROOT,)))
    assert not decide(strict, SHIPPED, today=TODAY)


def test_unknown_is_decided_for_what_runs_and_no_clause_speaks_of() -> None:
    assert decided(unknown=Outcome.DENY)[ACME.id].clause == "unknown-origin"
    spoken_of = Clause("known-to-us", Match(model=("acme/*",)), Outcome.ALLOW)
    assert decided(spoken_of, unknown=Outcome.DENY)[ACME.id].outcome is Outcome.ALLOW


def test_a_waiver_softens_a_denial_and_says_who_and_why() -> None:
    made = decided(NO_BGE, waivers=(WAIVER,))[BGE.id]
    assert made.outcome is Outcome.WAIVED
    assert made.waiver == "evaluation only (approved by cto, until 2027-03-31)"


def test_a_waiver_holds_through_its_last_day() -> None:
    last = replace(WAIVER, expires=TODAY)
    assert decided(NO_BGE, waivers=(last,))[BGE.id].outcome is Outcome.WAIVED


def test_an_expired_waiver_is_not_applied_and_is_listed() -> None:
    expired = replace(WAIVER, expires=date(2026, 11, 23))
    assert decided(NO_BGE, waivers=(expired,))[BGE.id].outcome is Outcome.DENY
    (idle,) = idle_waivers(report(), Policy((NO_BGE,), waivers=(expired,)), today=TODAY)
    assert (idle.state, idle.approved_by, idle.expires) == (WaiverState.EXPIRED, "cto", "2026-11-23")


def test_a_waiver_that_nothing_needs_is_listed() -> None:
    other = replace(WAIVER, model=("nobody/*",))
    idle = idle_waivers(report(), Policy((NO_BGE,), waivers=(WAIVER, other)), today=TODAY)
    assert [(one.model, one.state) for one in idle] == [("nobody/*", WaiverState.UNUSED)]


def test_a_waiver_for_some_paths_does_not_cover_a_model_used_elsewhere() -> None:
    assert decided(NO_BGE, waivers=(replace(WAIVER, paths=("src/**",)),))[BGE.id].outcome is Outcome.DENY
    everywhere = replace(WAIVER, paths=("src/*", "deploy/*", "README.md"))
    assert decided(NO_BGE, waivers=(everywhere,))[BGE.id].outcome is Outcome.WAIVED


def test_waivers_for_different_paths_add_up() -> None:
    several = tuple(replace(WAIVER, paths=(path,)) for path in ("src/*", "deploy/*", "README.md"))
    assert decided(NO_BGE, waivers=several)[BGE.id].outcome is Outcome.WAIVED
    assert idle_waivers(report(), Policy((NO_BGE,), waivers=several), today=TODAY) == ()


@given(
    st.lists(st.sampled_from(["*", "BAAI/*", "Qwen/*", "acme/*"]), max_size=3),
    st.lists(st.sampled_from(list(Outcome)[:3]), max_size=3),
    st.dates(),
)
def test_a_waiver_never_adds_a_denial(globs: list[str], outcomes: list[Outcome], expires: date) -> None:
    clauses = tuple(Clause(str(n), Match(counted=n % 2 == 0), outcome) for n, outcome in enumerate(outcomes))
    waivers = tuple(replace(WAIVER, model=(glob,), expires=expires) for glob in globs)

    def denied(with_waivers: tuple[Waiver, ...]) -> set[str]:
        made = decide(report(), Policy(clauses, Outcome.DENY, with_waivers), today=TODAY)
        return {d.model for d in made if d.outcome is Outcome.DENY}

    assert denied(waivers) <= denied(())


POLICY = """
[policy]
unknown = "warn"
[[policy.clause]]
id = "no-cn-in-production"
match = { jurisdiction = "chinese", verdicts = ["counted"], usage = ["runs"], min-confidence = "medium", flags = "entity-list", operator = "x", not-countries = ["eu", "CH"] }
outcome = "deny"
message = "ask the board first"
[[waiver]]
match = { model = "acme/*", paths = ["research/**"] }
reason = "evaluation only, not shipped"
approved-by = "cto"
expires = 2027-03-31
"""


def written(folder: Path, text: str, name: str = "auditor.toml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_a_policy_file_says_all_of_it(tmp_path: Path) -> None:
    got = read_policy(written(tmp_path, POLICY), standing_in=tmp_path)
    match = Match(
        jurisdiction="chinese",
        counted=True,
        not_countries=("eu", "CH"),
        usage=(Usage.RUNS,),
        min_confidence=Confidence.MEDIUM,
        flags=("entity-list",),
        operator=("x",),
    )
    waiver = Waiver(("acme/*",), "evaluation only, not shipped", "cto", date(2027, 3, 31), ("research/**",))
    clause = Clause("no-cn-in-production", match, Outcome.DENY, "ask the board first")
    assert got == Policy((clause,), Outcome.WARN, (waiver,))


def test_the_work_tree_one_stands_in_is_asked_up_to_its_root_and_no_further(tmp_path: Path) -> None:
    written(tmp_path, "[policy]\n")
    inner = tmp_path / "repo" / "deep"
    inner.mkdir(parents=True)
    (tmp_path / "repo" / ".git").mkdir()
    assert read_policy(None, standing_in=inner) == SHIPPED
    written(tmp_path / "repo", POLICY)
    assert read_policy(None, standing_in=inner).unknown is Outcome.WARN


def test_a_project_file_may_carry_the_policy(tmp_path: Path) -> None:
    text = '[project]\nname = "x"\n[tool.auditor.policy]\nunknown = "deny"\n'
    written(tmp_path, text, "pyproject.toml")
    assert read_policy(None, standing_in=tmp_path).unknown is Outcome.DENY


def test_a_broken_project_file_that_is_not_about_us_is_none_of_our_business(tmp_path: Path) -> None:
    written(tmp_path, "{{ cookiecutter }}", "pyproject.toml")
    assert read_policy(None, standing_in=tmp_path) == SHIPPED
    written(tmp_path, "[tool.auditor.policy\n", "pyproject.toml")
    with pytest.raises(AuditError, match="not valid TOML"):
        read_policy(None, standing_in=tmp_path)


def test_a_project_file_without_our_table_cannot_be_named_as_policy(tmp_path: Path) -> None:
    file = written(tmp_path, '[project]\nname = "x"\n', "pyproject.toml")
    with pytest.raises(AuditError, match=r"has no \[tool\.auditor\]"):
        read_policy(file, standing_in=tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        'policy = "strict"',
        '[policy]\nclause = "x"',
        "[[policy.clause]]\nid = 1",
        '[[policy.clause]]\nid = "a"\noutcome = "deny"\nmatch = { model = [1] }',
        '[[policy.clause]]\nid = "a"\noutcome = "deny"\n[[policy.clause]]\nid = "a"\noutcome = "warn"',
    ],
)
def test_values_of_the_wrong_shape_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(AuditError):
        read_policy(written(tmp_path, text), standing_in=tmp_path)


def test_waivers_alone_keep_the_shipped_clauses(tmp_path: Path) -> None:
    text = POLICY[POLICY.index("[[waiver]]") :]
    assert read_policy(written(tmp_path, text), standing_in=tmp_path).clauses == SHIPPED.clauses


@pytest.mark.parametrize(
    ("right", "wrong", "message", "hint"),
    [
        ("[[waiver]]", "[[waivers]]", "waivers: no such key", "did you mean 'waiver'?"),
        ("usage =", "usages =", "policy.clause[1].match.usages: no such key", "did you mean 'usage'?"),
        ('"runs"', '"run"', "policy.clause[1].match.usage: no such value 'run'", "did you mean 'runs'?"),
        ('"counted"', '"derivd"', "no such value 'derivd'", "did you mean 'derived'?"),
        ('"medium"', '"certain"', "min-confidence: no such value", "low, medium, high"),
        ('"deny"', '"denied"', "policy.clause[1].outcome", "did you mean 'deny'?"),
        ('unknown = "warn"', 'unknown = "waived"', "policy.unknown", "one of allow, warn, deny"),
        ("expires = 2027-03-31", "", "waiver[1].expires: is required", ""),
        ("expires = 2027-03-31", 'expires = "soon"', "waiver[1].expires", ""),
        ('approved-by = "cto"', "", "waiver[1].approved-by: is required", ""),
        ('reason = "evaluation only, not shipped"', 'reason = ""', "waiver[1].reason", ""),
        ('model = "acme/*", ', "", "waiver[1].match.model: is required", ""),
        ("[policy]", "[policy", "not valid TOML", ""),
        ('verdicts = ["counted"], ', "", "match.jurisdiction: needs verdicts", "counted"),
        (
            'usage = ["runs"]',
            'countries = ["Germany"]',
            "match.countries: no such value 'Germany'",
            "two capital letters",
        ),
        ('usage = ["runs"]', 'operators = ["x"]', "operators: no such key", "did you mean 'operator'?"),
    ],
)
def test_a_slip_is_refused_with_what_was_meant(tmp_path: Path, right: str, wrong: str, message: str, hint: str) -> None:
    assert right in POLICY
    with pytest.raises(AuditError) as raised:
        read_policy(written(tmp_path, POLICY.replace(right, wrong)), standing_in=tmp_path)
    assert message in raised.value.message
    assert hint in raised.value.hint
    assert raised.value.exit_code == 2


def test_a_policy_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(AuditError, match="cannot read"):
        read_policy(tmp_path / "none.toml", standing_in=tmp_path)
