"""`auditor explain`: who made these weights."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from auditor.cli import output
from auditor.cli.options import knowledge
from auditor.config import Options
from auditor.domain.source import Gap
from auditor.errors import AuditError
from auditor.render import TERMINAL
from auditor.render.escape import visible

_STANDARD_INPUT = "-"


@click.command(
    epilog="""\b
Examples:
  auditor explain ORG/MODEL                      the lineage to its roots, with evidence
  auditor explain NAME:TAG weights.gguf          names as programs write them, and files
  auditor explain --online ORG/MODEL             ask the Hub as well
  cut -f1 models.tsv | auditor explain - --format json > origins.jsonl
"""
)
@click.argument("models", nargs=-1, required=True, metavar="MODEL...")
@click.option(
    "--format",
    "format_name",
    metavar="|".join(output.NAMES),
    callback=output.format_name,
    default=TERMINAL,
    help="json gives one object a line.",
)
@knowledge
def explain(
    *,
    models: tuple[str, ...],
    format_name: str,
    jurisdiction: str,
    rules: Path | None,
    snapshot: Path | None,
    online: bool,
    offline: bool,
) -> int:
    """Say where MODEL comes from: its lineage to the roots, with the evidence for each step.

    A MODEL is a name as one would write it in code: org/name, provider:name, an Ollama tag, an address; or a file of
    weights on this machine. `-` reads one a line from standard input.
    """
    options = Options(jurisdiction=jurisdiction, rules=rules, snapshot=snapshot, online=online and not offline)
    asked = tuple(_names(models))
    if not asked:
        raise AuditError("no model was named on standard input", hint="one name a line")
    if not all(map(str.strip, asked)):
        raise AuditError("a MODEL is empty", hint="was a variable not set?")
    from auditor.audit import explain as explained_names
    from auditor.audit import jurisdiction_of
    from auditor.rulebook.load import load

    explained = explained_names(asked, options, missed=_missed)
    judged_for = jurisdiction_of(load(extra=rules), jurisdiction)
    if format_name == TERMINAL:
        from auditor.render.terminal_explain import render_explained as on_terminal

        text = on_terminal(explained, jurisdiction=judged_for, width=output.width(), color=output.color())
    else:
        from auditor.render.json import render_explained as as_json

        text = as_json(explained, bases=judged_for.bases)
    output.show(text)
    return 0


def _missed(gap: Gap) -> None:
    click.echo(f"not looked up: {visible(gap.message)}", err=True)


def _names(models: tuple[str, ...]) -> Iterator[str]:
    for model in models:
        if model != _STANDARD_INPUT:
            yield model
            continue
        lines = sys.stdin.buffer.read().decode("utf-8", "backslashreplace").splitlines()
        yield from (line.strip() for line in lines if line.strip())
