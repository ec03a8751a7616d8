"""`auditor portfolio` and `auditor claim` as they are called."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import run
from tests.collect.repos import write

CHAT = 'from transformers import pipeline\n\nchat = pipeline("text-generation", model="Qwen/Qwen3-8B")\n'


@pytest.fixture(scope="module")
def fund(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two products, one that is not there, and the result of auditing them in every format."""
    folder = tmp_path_factory.mktemp("fund")
    write(folder, {"a/a.py": CHAT, "b/b.py": "print('hello')\n"})
    products = "".join(f'[[product]]\nname = "{n}"\nsource = "{n}"\n' for n in ("a", "b", "gone"))
    (folder / "fund.toml").write_text(products, "utf-8")
    files = [arg for ending in ("json", "html", "md", "csv") for arg in ("-o", str(folder / f"out.{ending}"))]
    done = run("portfolio", str(folder / "fund.toml"), "--store", str(folder / "store"), *files)
    assert done.exit_code == 0, done.stderr
    assert "1 of 3 products could not be audited" in done.stderr
    return folder


def test_every_format_is_written_and_links_to_the_reports(fund: Path) -> None:
    document = json.loads((fund / "out.json").read_text("utf-8"))
    assert [one["verdict"] for one in document["products"]] == ["yes", "no", "unknown"]
    report = document["products"][0]["report"]
    assert json.loads((fund / "store" / report).read_text("utf-8"))["summary"]["verdict"] == "yes"
    assert f'href="store/{report.removesuffix("json")}html"' in (fund / "out.html").read_text("utf-8")
    assert (fund / "store" / report).with_suffix(".html").is_file()
    assert (fund / "out.md").read_text("utf-8").startswith("# ")
    assert (fund / "out.csv").read_text("utf-8").startswith("\ufeff")


def test_a_failed_product_is_incomplete_only_when_that_is_asked(fund: Path) -> None:
    done = run("portfolio", str(fund / "fund.toml"), "--store", str(fund / "store"), "--strict", "--quiet")
    assert done.exit_code == 4
    assert done.stderr == ""


def test_a_portfolio_of_which_nothing_can_be_audited_is_3(tmp_path: Path) -> None:
    (tmp_path / "fund.toml").write_text('[[product]]\nname = "a"\nsource = "gone"\n', "utf-8")
    done = run("portfolio", str(tmp_path / "fund.toml"), "--store", str(tmp_path / "store"))
    assert done.exit_code == 3
    assert "no product could be audited: a: no such target" in done.stderr


def test_faults_of_a_manifest_are_2(tmp_path: Path) -> None:
    (tmp_path / "fund.toml").write_text("[[product]]\n", "utf-8")
    done = run("portfolio", str(tmp_path / "fund.toml"), "--store", str(tmp_path / "store"))
    assert done.exit_code == 2
    assert "2 faults in the manifest" in done.stderr
    assert not (tmp_path / "store").exists()


def test_claims_are_tested_over_reports_made_earlier(fund: Path) -> None:
    of_portfolio = run("claim", str(fund / "out.json"), "--format", "json")
    of_reports = run("claim", str(fund / "store" / "reports"), "--format", "json")
    assert of_portfolio.exit_code == of_reports.exit_code == 0
    first, second = (json.loads(done.stdout)["claims"][0]["readings"][0] for done in (of_portfolio, of_reports))
    assert (first["numerator"], first["denominator"], first["unknown"]) == (1, 2, 1)
    assert (second["numerator"], second["denominator"], second["unknown"]) == (1, 2, 0)


def test_claims_of_ones_own_take_the_place_of_the_public_ones(fund: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        '[[claim]]\nid = "p"\nstatement = "Under 10 percent"\njurisdiction = "eu"\n'
        '[[claim.reading]]\ncount = "origin-any"\nof = "audited"\nop = "<"\nvalue = 0.1\n',
        "utf-8",
    )
    done = run("claim", str(fund / "out.json"), "--claims", str(own), "--format", "json")
    (claim,) = json.loads(done.stdout)["claims"]
    assert (claim["id"], claim["readings"][0]["numerator"]) == ("p", 0)


@pytest.mark.parametrize(
    ("content", "told"),
    [("{", "is not JSON"), ("{}", "is not a report"), ('{"portfolio": {}}', "is not a whole portfolio")],
)
def test_what_is_no_report_is_told_by_name(tmp_path: Path, content: str, told: str) -> None:
    file = tmp_path / "x.json"
    file.write_text(content, "utf-8")
    done = run("claim", str(file))
    assert done.exit_code == 2
    assert told in done.stderr
    assert "x.json" in done.stderr


def test_a_report_of_other_rules_is_not_counted_together(fund: Path, tmp_path: Path) -> None:
    reports = sorted((fund / "store" / "reports").glob("*.json"))
    other = json.loads(reports[0].read_text("utf-8"))
    other["tool"]["rules"] = "0" * 16
    (tmp_path / "other.json").write_text(json.dumps(other), "utf-8")
    done = run("claim", str(reports[1]), str(tmp_path / "other.json"))
    assert done.exit_code == 2
    assert "made with other rules" in done.stderr


def test_an_output_whose_name_means_no_format_is_refused_before_the_work(tmp_path: Path) -> None:
    done = run("portfolio", str(tmp_path / "none.toml"), "-o", "answer.docx")
    assert done.exit_code == 2
    assert "*.html" in done.stderr


@pytest.mark.parametrize("at", ["yesterday", "2025-13-01", "2999-01-01", "2025-01-01,"])
def test_what_is_no_day_of_the_past_is_refused_before_the_work(tmp_path: Path, at: str) -> None:
    done = run("portfolio", str(tmp_path / "none.toml"), "--at", at)
    assert done.exit_code == 2
    assert "--at" in done.stderr
