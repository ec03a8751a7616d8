"""`auditor history`: when each model came into use, and when it went."""

from __future__ import annotations

from pathlib import Path

import click

from auditor.cli import output
from auditor.cli.options import knowledge
from auditor.cli.progress import progress
from auditor.config import Options
from auditor.domain.history import History
from auditor.domain.source import Target
from auditor.render import TERMINAL


@click.command(
    epilog="""\b
Examples:
  auditor history                          the repository here, up to HEAD
  auditor history path/to/repo --rev v2.0
  auditor history -o history.html -o history.json
  auditor history --format json | jq '.models[].id'
"""
)
@click.argument("target", default=".")
@click.option("--rev", metavar="REV", default="", help="Up to a revision instead of HEAD.")
@click.option("-o", "outputs", metavar="FILE", multiple=True, help="Write *.html or *.json instead. Repeatable.")
@click.option(
    "--format", "format_name", type=click.Choice(["terminal", "html", "json"]), help="Format on standard output."
)
@knowledge
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Processes to use; by itself, as many as help.")
@click.option("--no-cache", is_flag=True, help="Neither read nor keep anything between runs.")
@click.option("--quiet", is_flag=True, help="No progress; errors still.")
def history(
    *,
    target: str,
    rev: str,
    outputs: tuple[str, ...],
    format_name: str | None,
    jurisdiction: str,
    rules: Path | None,
    snapshot: Path | None,
    online: bool,
    offline: bool,
    jobs: int | None,
    no_cache: bool,
    quiet: bool,
) -> int:
    """Date every model that TARGET ever ran, offered or trained: by commits and days, and by nobody's name.

    Walks the first parents from the first commit, from git's objects alone: nothing is checked out, and the work tree is
    not looked at. Models that are mentioned only are left out.
    """
    options = Options(
        jurisdiction=jurisdiction,
        rules=rules,
        snapshot=snapshot,
        online=online and not offline,
        jobs=jobs or 0,
        cache=not no_cache,
    )
    files = output.destinations(outputs, among=("html", "json"))
    from auditor.history import history as dated

    with progress(quiet=quiet) as tell:
        found = dated(Target(target, rev), options, progress=tell)
    for file in files:
        output.write(file.path, _rendered(found, file.format.name))
        if not quiet:
            click.echo(f"wrote {file.path}", err=True)
    if format_name or not files:
        output.show(_rendered(found, format_name or TERMINAL))
    return 0


def _rendered(found: History, name: str) -> str:
    from auditor.render import timeline, timeline_html

    match name:
        case "json":
            return timeline.render_json(found)
        case "html":
            return timeline_html.render(found)
        case _:
            return timeline.render(found, width=output.width(), color=output.color())
