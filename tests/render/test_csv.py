"""A table for spreadsheets: every place is a row, nothing is a formula, and what was not examined is in it."""

from __future__ import annotations

import csv
from collections import Counter
from io import StringIO

import pytest

from auditor.domain.report import Report
from auditor.render.csv import COLUMNS, render
from tests.render.poison import poisoned
from tests.render.reports import FINDINGS, GAPS, report


def rows(given: Report) -> list[dict[str, str]]:
    text = render(given)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(StringIO(text[1:], newline=""), strict=True))


def test_a_place_is_a_row_with_all_that_is_known_of_its_model() -> None:
    (row,) = [row for row in rows(report()) if row["path"] == "src/embed.py"]
    assert (row["model"], row["usage"], row["role"], row["line"]) == ("BAAI/bge-m3", "runs", "default", "14")
    assert (row["verdict"], row["base_countries"], row["changed_in"]) == ("derived", "US", "CN")
    assert (row["policy"], row["policy_clause"]) == ("warn", "counted-weights-in-use")
    assert row["lineage"].endswith("fine-tune of xlm-roberta-large (Meta, US)")


def test_every_place_and_every_gap_has_its_row() -> None:
    kinds = Counter(row["row"] for row in rows(report()))
    assert kinds == {"place": sum(len(finding.occurrences) for finding in FINDINGS), "gap": len(GAPS)}


def test_unknown_is_a_value_and_not_an_empty_cell() -> None:
    (row,) = [row for row in rows(report()) if row["model"] == "acme/ranker-7b"]
    assert (row["verdict"], row["base_countries"], row["publisher"], row["modality"]) == ("unknown",) * 4


def test_what_the_question_is_about_comes_first() -> None:
    models = [row["model"] for row in rows(report())]
    assert models[0] == "BAAI/bge-m3"
    assert models.index("acme/ranker-7b") < models.index("openai:gpt-5") < models.index("Qwen/Qwen3-8B")


def test_a_repository_without_models_gives_the_header_alone() -> None:
    assert render(report(findings=(), gaps=())).split("\r\n") == [
        "\ufeff" + ",".join(f'"{column}"' for column in COLUMNS),
        "",
    ]


@pytest.mark.parametrize(
    "formula", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "x;=1", '";=1;"', "=HYPERLINK(1)"]
)
def test_no_cell_begins_like_a_formula_by_comma_or_by_semicolon(formula: str) -> None:
    text = render(poisoned(report(), formula))
    for separator in ",;":
        for row in csv.reader(StringIO(text[1:], newline=""), delimiter=separator):
            for cell in row:
                assert not cell.strip().startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))


def test_a_row_is_a_line_whatever_names_hold() -> None:
    text = render(poisoned(report(), 'a\r\n"b",\x00\u2028c'))
    assert len(text.splitlines()) == 1 + len(rows(report()))
    assert all(character.isprintable() or character in "\r\n\ufeff" for character in text)


def test_the_same_report_gives_the_same_bytes() -> None:
    assert render(report()) == render(report())
