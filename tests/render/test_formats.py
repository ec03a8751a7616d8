"""The table of formats: a file name means one of them, and each writes any report."""

from __future__ import annotations

from importlib import import_module

import pytest

from auditor.render import FORMATS, Format, by_file_name
from tests.render.reports import report


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("report.json", "json"),
        ("report.cdx.json", "cyclonedx"),
        ("acme-2.1.7.cdx.json", "cyclonedx"),
        ("report.cdx-1.7.json", "cyclonedx-1.7"),
        ("report.spdx.json", "spdx"),
        ("REPORT.SARIF", "sarif"),
        ("report.txt", None),
        ("cdx.json", "json"),
    ],
)
def test_a_file_name_means_the_format_of_its_longest_ending(name: str, meant: str | None) -> None:
    found = by_file_name(name)
    assert (found.name if found else None) == meant


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
@pytest.mark.parametrize("empty", [False, True], ids=["full", "empty"])
def test_every_format_writes_every_report_the_same_each_time(form: Format, empty: bool) -> None:
    given = report(findings=(), products=(), decisions=(), gaps=(), stacks=(), waivers=()) if empty else report()
    render = import_module(form.module).render
    assert render(given) == render(given)
    assert render(given).endswith("\n")
