"""Claims as data: what the shipped ones say, what users may write, and how faults are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.domain.claim import Axes, Group, Level, Meaning, Op, Threshold
from auditor.errors import AuditError
from auditor.portfolio.claims import Claims, read, shipped
from auditor.rulebook.load import load
from auditor.rulebook.load import shipped as rules_folder

OWN = """\
[[claim]]
id = "promise"
statement = "Under 10 percent of our portfolio runs on Chinese weights"
jurisdiction = "chinese"
[[claim.reading]]
count = "origin-any"
of = "audited"
op = "<"
value = 0.10
usage = "selectable"
meaning = "strict"
narrow = true
"""


def own(folder: Path, text: str) -> Claims:
    file = folder / "own.toml"
    file.write_text(text, "utf-8")
    return read(file, jurisdictions=("chinese", "eu"), other=shipped(rules_folder()))


def faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(AuditError) as caught:
        own(folder, text)
    return [line.replace(f"{folder / 'own.toml'}:", "") for line in caught.value.message.splitlines()][1:]


def test_the_public_claim_is_quoted_with_what_it_was_turned_into() -> None:
    (claim,) = shipped(rules_folder()).rules
    assert [wording.kind for wording in claim.wordings] == ["original", "clarification", "became", "became"]
    assert all(wording.source.startswith("https://") and wording.as_of for wording in claim.wordings)
    assert "80% chance" in claim.wordings[0].text


def test_the_public_claim_has_all_its_readings() -> None:
    (claim,) = shipped(rules_folder()).rules
    told = {one.label: (one.count, one.of, one.threshold) for one in claim.readings}
    eighty = Threshold(Op.AT_LEAST, 0.8)
    assert told == {
        "R1": (Group.ORIGIN, Group.AUDITED, eighty),
        "R2": (Group.ORIGIN, Group.AI_USERS, eighty),
        "R3": (Group.ORIGIN, Group.OPEN_WEIGHT_USERS, eighty),
        "R4": (Group.ORIGIN, Group.AUDITED, Threshold(Op.WITHIN, 0.16, 0.24)),
        "R4p": (Group.OPEN_WEIGHT_USERS, Group.AUDITED, Threshold(Op.WITHIN, 0.2, 0.3)),
        "R5": (Group.PRIMARY_ORIGIN, Group.GENERATIVE_USERS, eighty),
    }


def test_every_jurisdiction_and_modality_of_the_public_claims_is_one_of_the_rules() -> None:
    rulebook, public = load(), shipped(rules_folder())
    assert {r.jurisdiction for c in public.rules for r in c.readings} <= {one.id for one in rulebook.jurisdictions}
    modalities = {family.modality for family in rulebook.families} | {rule.record.modality for rule in rulebook.models}
    assert public.generative | public.narrow <= modalities
    assert not public.generative & public.narrow


def test_users_write_claims_of_their_own(tmp_path: Path) -> None:
    claims = own(tmp_path, OWN)
    (reading,) = claims.rules[0].readings
    assert (reading.id, reading.statement) == ("promise", claims.rules[0].statement)
    assert reading.axes == Axes(Level.OFFERED, Meaning.STRICT, narrow=True)
    assert reading.threshold == Threshold(Op.UNDER, 0.1)
    assert claims.narrow == {"embedding", "reranker", "ocr"}


def test_faults_of_claims_are_told_at_once_with_their_lines(tmp_path: Path) -> None:
    text = OWN.replace('"<"', '"<<"').replace("0.10", "10").replace('"audited"', '"audited-ones"').replace("narow", "")
    assert faults(tmp_path, text.replace('jurisdiction = "chinese"', 'jurisdiction = "chinse"')) == [
        "4: claim[1].jurisdiction is 'chinse': did you mean 'chinese'?",
        "7: claim[1].reading[1].of is 'audited-ones': did you mean 'audited'?",
        "8: claim[1].reading[1].op is '<<': did you mean '<'?",
        "9: claim[1].reading[1].value must be a share from 0 to 1",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (OWN.replace('op = "<"', 'op = "within"\nupper = 0.05'), "upper is less than value"),
        (OWN.replace("narrow = true", "upper = 0.5"), 'upper goes with op = "within"'),
        (OWN + OWN, "id repeats 'promise'"),
        (OWN.partition("[[claim.reading]]")[0], "reading is missing"),
        (OWN.replace("narrow = true", 'narrow = "yes"'), "narrow must be true or false"),
        ("", "has no [[claim]]"),
    ],
)
def test_what_cannot_be_tested_is_refused(tmp_path: Path, text: str, told: str) -> None:
    assert any(told in fault for fault in faults(tmp_path, text))
