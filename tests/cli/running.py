"""Running the command line on a report made by hand, so that these tests are about the command line alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import auditor.audit
from auditor.cli.main import main
from auditor.domain.report import Report
from tests.render.reports import report

Run = Callable[..., Result]


def run(*args: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner(env={"COLUMNS": "100"}).invoke(main, list(args), input=stdin)


@pytest.fixture
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Standing in a folder without a policy of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def audited(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """Every audit gives the hand-made report, and what it was asked is kept."""
    return answer(monkeypatch, report())


def answer(monkeypatch: pytest.MonkeyPatch, given: Report | BaseException) -> list[tuple[Any, ...]]:
    asked: list[tuple[Any, ...]] = []

    def audit(target: Any, options: Any, *, progress: Any = None, memo: Any = None) -> Report:
        asked.append((target, options, progress))
        if isinstance(given, BaseException):
            raise given
        return given

    monkeypatch.setattr(auditor.audit, "audit", audit)
    return asked
