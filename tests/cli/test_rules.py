"""`auditor rules` and `auditor snapshot`: what is known can be read, and tried."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import run

RULES = """
[[call]]
id = "py-acme-load"
languages = ["python"]
callee = ["acme.load"]
position = 0
names = "hub"
reads = "weights"
source = "https://acme.example/docs"
as-of = 2026-11-01
hit = [{ code = '''import acme
acme.load("acme-lab/name-7b")''', finds = ["FINDS"] }]
miss = [{ code = '''import acme
acme.load("./ckpt")''', because = "a path" }]
"""


def private(folder: Path, finds: str) -> str:
    (folder / "calls").mkdir()
    (folder / "calls" / "acme.toml").write_text(RULES.replace("FINDS", finds))
    return str(folder)


def test_one_kind_can_be_listed() -> None:
    lines = run("rules", "list", "jurisdictions").stdout.splitlines()
    assert any(line.split()[:2] == ["jurisdictions", "chinese"] for line in lines)
    assert {line.split()[0] for line in lines} == {"jurisdictions"}


def test_parsers_are_listed_too() -> None:
    assert "*.py" in run("rules", "list", "parsers").stdout


@pytest.mark.parametrize(
    ("args", "hint"),
    [(("list", "publisher"), "did you mean 'publishers'?"), (("show", "opnai"), "did you mean 'openai'?")],
)
def test_a_slip_names_what_is_near(args: tuple[str, ...], hint: str) -> None:
    result = run("rules", *args)
    assert result.exit_code == 2
    assert hint in result.stderr


def test_a_rule_shows_its_source_date_and_examples(tmp_path: Path) -> None:
    text = run("rules", "show", "py-acme-load", "--rules", private(tmp_path, "acme-lab/name-7b")).stdout
    assert text.startswith("calls: py-acme-load\n  source      https://acme.example/docs\n  as-of       2026-11-01\n")
    assert 'acme.load("acme-lab/name-7b") -> acme-lab/name-7b' in text
    assert 'acme.load("./ckpt") (a path)' in text


def test_an_id_of_two_kinds_shows_both() -> None:
    text = run("rules", "show", "openai").stdout
    assert "publishers: openai\n" in text
    assert "providers: openai\n" in text


def test_an_example_that_does_not_hold_is_2(tmp_path: Path) -> None:
    result = run("rules", "test", "--rules", private(tmp_path, "acme-lab/other"))
    assert result.exit_code == 2
    assert "py-acme-load: " in result.stderr
    assert "finds acme-lab/name-7b, not acme-lab/other" in result.stderr


def test_an_example_that_holds_is_not_complained_of(tmp_path: Path) -> None:
    assert "py-acme-load" not in run("rules", "test", "--rules", private(tmp_path, "acme-lab/name-7b")).stderr


def test_a_malformed_rule_is_2(tmp_path: Path) -> None:
    (tmp_path / "flags.toml").write_text("[[flag]]\n")
    result = run("rules", "list", "--rules", str(tmp_path))
    assert result.exit_code == 2
    assert "flags.toml" in result.stderr


def test_the_reference_has_a_row_a_rule(tmp_path: Path) -> None:
    text = run("rules", "doc", "--rules", private(tmp_path, "acme-lab/name-7b")).stdout
    assert text.startswith("# Rules\n")
    assert "| `py-acme-load` | acme.load | https://acme.example/docs | 2026-11-01 |" in text


def test_the_snapshot_tells_its_date_and_size() -> None:
    lines = dict(line.split(maxsplit=1) for line in run("snapshot", "status").stdout.splitlines())
    assert set(lines) == {"id", "built", "models", "edges", "place"}
    assert lines["models"] != "0"


def test_the_shipped_snapshot_is_whole() -> None:
    result = run("snapshot", "verify")
    assert (result.exit_code, result.stdout) == (0, "the snapshot is whole\n")


def test_a_damaged_snapshot_is_2(tmp_path: Path) -> None:
    (tmp_path / "MANIFEST.toml").write_text("x = 1\n")
    assert run("snapshot", "verify", "--snapshot", str(tmp_path)).exit_code == 2
    assert run("snapshot", "status", "--snapshot", str(tmp_path / "none")).exit_code == 2


def test_a_build_refuses_a_date_or_a_folder_that_is_none(tmp_path: Path) -> None:
    tables, out = Path(__file__).parents[2] / "rules" / "snapshot", tmp_path / "out"
    refused = run("snapshot", "build", str(tables), str(out), "--built", "soon")
    assert (refused.exit_code, refused.stderr) == (2, "error: --built soon: not a date\nhint: such as 2026-11-24\n")
    assert run("snapshot", "build", str(tmp_path / "none"), str(out)).exit_code == 2
    assert not out.exists()
