"""`auditor snapshot`: the embedded lineage data, its state and its making."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path

import click

from auditor.cli import output
from auditor.cli.group import Group
from auditor.errors import SnapshotError
from auditor.render.escape import visible
from auditor.resolve.snapshot import embedded, open_snapshot, verify

_PLACE = click.Path(path_type=Path)


@click.group(cls=Group, no_args_is_help=False)
def snapshot() -> None:
    """Look after the lineage data that answers come from: records of models, their parents, and other names."""


@snapshot.command()
@click.option("--snapshot", "path", type=_PLACE, metavar="FILE", help="Another snapshot than the embedded one.")
def status(path: Path | None) -> None:
    """Show how old the lineage data is and how much it knows."""
    with closing(open_snapshot(path)) as opened:
        info = opened.info()
    rows = (("id", info.id), ("built", info.built), ("models", f"{info.models:,}"), ("edges", f"{info.edges:,}"))
    output.show("".join(f"{label:<7} {visible(text)}\n" for label, text in rows))


@snapshot.command("verify")
@click.option("--snapshot", "path", type=_PLACE, metavar="FILE", help="Another snapshot than the embedded one.")
def verify_snapshot(path: Path | None) -> None:
    """Check the lineage data in full: digests, tables, references. Exit code 2 when something is wrong."""
    problems = verify(path or embedded())
    for problem in problems:
        click.echo(visible(problem), err=True)
    if problems:
        raise SnapshotError(f"the snapshot has {len(problems)} problem{'s' if len(problems) > 1 else ''}")
    click.echo("the snapshot is whole")


@snapshot.command()
@click.argument("tables", type=_PLACE, metavar="TABLES")
@click.argument("out", type=_PLACE, metavar="OUT")
@click.option("--built", metavar="DATE", help="The date that the snapshot carries; today by itself.")
def build(tables: Path, out: Path, built: str | None) -> None:
    """Build lineage data in the folder OUT from the fact tables in the folder TABLES."""
    from auditor.resolve.build import build as build_snapshot

    try:
        day = date.fromisoformat(built) if built else date.today()
    except ValueError:
        raise SnapshotError(f"--built {built}: not a date", hint="such as 2026-11-24") from None
    if not tables.is_dir():
        raise SnapshotError(f"no folder {tables}", hint="a folder with models, edges and aliases as tables")
    done = build_snapshot(tables, out, built=day.isoformat())
    for problem in done.problems:
        click.echo(f"for review: {visible(problem)}", err=True)
    for reason, count in done.dropped:
        click.echo(f"dropped {count:,}: {visible(reason)}", err=True)
    output.show(f"{visible(done.digest)}: {done.models:,} models, {done.edges:,} edges, {done.aliases:,} aliases\n")
