"""`auditor diff`: what changed between two reports or two revisions."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import click

from auditor.cli import output
from auditor.cli.options import knowledge
from auditor.cli.progress import progress
from auditor.config import Options
from auditor.domain.inventory import Inventory
from auditor.domain.source import Target

_CHANGED = 1


@click.command(
    epilog="""\b
Examples:
  auditor diff v1.0 v1.1                   two revisions of the repository here
  auditor diff main                        what the work tree changes
  auditor diff january.json june.json      two reports made with scan -o
  auditor diff report.json HEAD --exit-code --quiet
  auditor diff main HEAD --format markdown > comment.md
"""
)
@click.argument("old")
@click.argument("new", default="")
@click.option(
    "--repo", type=click.Path(path_type=Path), metavar="DIR", default=Path(), help="Where revisions are looked up."
)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["terminal", "markdown", "json"]),
    default="terminal",
    show_default=True,
)
@click.option("--exit-code", is_flag=True, help="Exit with 1 when a model that is more than mentioned changed.")
@knowledge
@click.option("--quiet", is_flag=True, help="No progress, and no output for a terminal.")
def diff(
    *,
    old: str,
    new: str,
    repo: Path,
    format_name: str,
    exit_code: bool,
    jurisdiction: str,
    rules: Path | None,
    snapshot: Path | None,
    online: bool,
    offline: bool,
    quiet: bool,
) -> int:
    """Say what changed from OLD to NEW: models in, models out, uses and verdicts that moved.

    Each is a JSON report made earlier, where there is such a file, or else a revision. Without NEW it is the work tree.
    Lines that moved, and models that are mentioned only, change nothing by --exit-code.
    """
    from auditor.compare import difference

    options = Options(jurisdiction=jurisdiction, rules=rules, snapshot=snapshot, online=online and not offline)
    changed = difference(*(_inventory(one, repo, options, quiet=quiet) for one in (old, new)))
    from auditor.render import difference as rendered

    if format_name == "json":
        output.show(rendered.render_json(changed))
    elif format_name == "markdown":
        from auditor.render.difference_markdown import render

        output.show(render(changed))
    elif not quiet:
        output.show(rendered.render(changed, width=output.width(), color=output.color()))
    return _CHANGED if exit_code and any(not one.mere_mention for one in changed.changes) else 0


def _inventory(named: str, repo: Path, options: Options, *, quiet: bool) -> Inventory:
    from auditor.inventory import inventory, read

    if named and Path(named).is_file():
        return replace(read(Path(named)), label=named)
    from auditor.audit import audit
    from auditor.render.json import render

    with progress(quiet=quiet) as tell:
        report = audit(Target(str(repo), named), options, progress=tell)
    return replace(inventory(json.loads(render(report))), label=named or "work tree")
