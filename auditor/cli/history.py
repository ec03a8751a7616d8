"""`auditor history`: when each model came into use, and when it went."""

from __future__ import annotations

from pathlib import Path

import click

from auditor.cli import output
from auditor.cli.options import knowledge
from auditor.cli.progress import progress
from auditor.config import Options
from auditor.domain.source import Target


@click.command(
    epilog="""\b
Examples:
  auditor history                          the repository here, up to HEAD
  auditor history path/to/repo --rev v2.0
  auditor history --format json > history.json
"""
)
@click.argument("target", default=".")
@click.option("--rev", metavar="REV", default="", help="Up to a revision instead of HEAD.")
@click.option("--format", "format_name", type=click.Choice(["terminal", "json"]), default="terminal", show_default=True)
@knowledge
@click.option("--no-cache", is_flag=True, help="Neither read nor keep anything between runs.")
@click.option("--quiet", is_flag=True, help="No progress; errors still.")
def history(
    *,
    target: str,
    rev: str,
    format_name: str,
    jurisdiction: str,
    rules: Path | None,
    snapshot: Path | None,
    online: bool,
    offline: bool,
    no_cache: bool,
    quiet: bool,
) -> int:
    """Date every model that TARGET ever ran, offered or trained: by commits and days, and by nobody's name.

    Walks the first parents from the first commit, from git's objects alone: nothing is checked out, and the work tree is
    not looked at. Models that are mentioned only are left out.
    """
    options = Options(
        jurisdiction=jurisdiction, rules=rules, snapshot=snapshot, online=online and not offline, cache=not no_cache
    )
    from auditor.history import history as dated

    with progress(quiet=quiet) as tell:
        found = dated(Target(target, rev), options, progress=tell)
    from auditor.render import timeline

    if format_name == "json":
        output.show(timeline.render_json(found))
    else:
        output.show(timeline.render(found, width=output.width(), color=output.color()))
    return 0
