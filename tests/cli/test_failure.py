"""Every failure has its exit code, says what happened and what to try, and shows no traceback."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from auditor.errors import RuleError, TargetError
from tests.cli.running import answer, empty_folder, run

__all__ = ["empty_folder"]
pytestmark = pytest.mark.usefixtures("empty_folder")


def command(*args: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "auditor", *args],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )


@pytest.mark.parametrize(
    ("error", "code"), [(TargetError("no x", hint="try y"), 3), (RuleError("no x", hint="try y"), 2)]
)
def test_an_expected_failure_has_its_own_code(error: Exception, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, error)
    result = run("scan")
    assert (result.exit_code, result.stderr) == (code, "error: no x\nhint: try y\n")


def test_a_bug_is_70_and_its_traceback_is_kept(monkeypatch: pytest.MonkeyPatch, empty_folder: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(empty_folder))
    answer(monkeypatch, KeyError("surprise"))
    result = run("scan")
    assert result.exit_code == 70
    assert result.stderr.startswith(
        "error: internal error: KeyError: 'surprise'\nhint: this is a bug; the traceback is in "
    )
    assert "Traceback" not in result.stderr
    (kept,) = empty_folder.glob("auditor-traceback-*.txt")
    assert str(kept) in result.stderr
    assert "KeyError: 'surprise'" in kept.read_text()


@pytest.mark.parametrize("error", [MemoryError(), RecursionError()])
def test_exhaustion_is_a_failure_like_any_other(
    error: Exception, monkeypatch: pytest.MonkeyPatch, empty_folder: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(empty_folder))
    answer(monkeypatch, error)
    assert run("scan").exit_code == 70


def test_an_interrupt_is_130(monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, KeyboardInterrupt())
    result = run("scan")
    assert result.exit_code == 130
    assert "error: interrupted" in result.stderr


def test_foreign_text_in_an_error_cannot_act(monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, TargetError("no such revision '\x1b[2J\u202e'"))
    assert run("scan").stderr == "error: no such revision '\\x1b[2J\\u202e'\n"


@pytest.mark.parametrize(
    ("args", "error", "hint"),
    [
        (("scna",), "no such command 'scna'", "did you mean `auditor scan`?"),
        (("rules", "lst"), "no such command 'lst'", "did you mean `auditor rules list`?"),
        (("rules",), "missing command", "auditor rules --help"),
        (("zzz",), "no such command 'zzz'", "one of scan, explain"),
        (("--verbos",), "no such option '--verbos'", ""),
        (("explain",), "missing argument 'MODEL...'", "auditor explain --help"),
    ],
)
def test_a_slip_of_the_pen_is_2(args: tuple[str, ...], error: str, hint: str) -> None:
    result = run(*args)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"error: {error}")
    assert hint in result.stderr


def test_a_target_without_a_command_gets_the_command(empty_folder: Path) -> None:
    (empty_folder / "repo").mkdir()
    assert "hint: did you mean `auditor scan repo`?" in run("repo").stderr


def test_alone_it_shows_its_help() -> None:
    result = run()
    assert result.exit_code == 0
    assert result.stdout.startswith("Usage: auditor")


def test_help_and_version_import_nothing_heavy(empty_folder: Path) -> None:
    code = (
        "import sys\nfrom auditor.cli.main import main\n"
        "try:\n    main(['--help'], prog_name='auditor')\nexcept SystemExit as e:\n    assert not e.code\n"
        "print(sorted({'rich', 'git', 'jinja2', 'huggingface_hub', 'auditor.audit'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "[]"
    assert re.search(r"^  scan +Audit a work tree", done.stdout, re.MULTILINE)


def test_the_program_itself_answers_with_these_codes(empty_folder: Path) -> None:
    assert command("scan", cwd=empty_folder).returncode == 0
    assert command("scan", "--jurisdiction", "atlantis", cwd=empty_folder).returncode == 2
    gone = command("scan", "not-there", cwd=empty_folder)
    assert gone.returncode == 3
    assert gone.stderr.startswith("error: ")
    assert "Traceback" not in gone.stderr


def test_an_unknown_jurisdiction_lists_the_known_ones(empty_folder: Path) -> None:
    result = run("scan", "--jurisdiction", "atlantis")
    assert result.exit_code == 2
    assert "chinese" in result.stderr.split("hint: ")[1]


@pytest.mark.parametrize(("args", "code"), [(("rules", "doc"), 0), (("scan", "--format", "json", "--strict"), 4)])
def test_a_reader_that_has_seen_enough_does_not_change_the_exit_code(
    args: tuple[str, ...], code: int, empty_folder: Path
) -> None:
    (empty_folder / "broken.py").write_text("x = (\n" * 50 + "MODEL = 'Qwen/Qwen3-8B'\n")
    for n in range(400):
        (empty_folder / f"m{n}.py").write_text(f"MODEL = 'Qwen/Qwen3-{n}B'\n")
    with subprocess.Popen(
        [sys.executable, "-m", "auditor", *args],
        cwd=empty_folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        remarks = process.stderr.read()
        assert process.wait(60) == code
        assert b"Traceback" not in remarks
        assert b"Exception ignored" not in remarks
