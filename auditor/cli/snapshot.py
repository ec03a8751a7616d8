"""`auditor snapshot`: the embedded lineage data, its state and its making."""

from __future__ import annotations

import os
import sys
from contextlib import closing
from datetime import date
from pathlib import Path

import click

from auditor.cli import output
from auditor.cli.group import Group
from auditor.errors import SnapshotError
from auditor.render.escape import visible
from auditor.resolve.place import newest
from auditor.resolve.snapshot import open_snapshot

_PLACE = click.Path(path_type=Path)
_WINDOW = 330.0  # seconds: the windows of the Hub's rate limit are of five minutes


@click.group(
    cls=Group,
    no_args_is_help=False,
    epilog="""\b
Examples:
  auditor snapshot status                        how old it is, and how much it knows
  auditor snapshot update SOURCE --digest HEX    take newer data when it verifies
""",
)
def snapshot() -> None:
    """Look after the lineage data that answers come from: records of models, their parents, and other names."""


@snapshot.command()
@click.option("--snapshot", "path", type=_PLACE, metavar="FILE", help="Another snapshot than the one in use.")
def status(path: Path | None) -> None:
    """Show how old the lineage data is and how much it knows."""
    with closing(open_snapshot(path)) as opened:
        info = opened.info()
    rows = (
        ("id", info.id),
        ("built", info.built),
        ("models", f"{info.models:,}"),
        ("edges", f"{info.edges:,}"),
        ("place", str(path or newest())),
    )
    output.show("".join(f"{label:<7} {visible(text)}\n" for label, text in rows))


@snapshot.command("verify")
@click.option("--snapshot", "path", type=_PLACE, metavar="FILE", help="Another snapshot than the one in use.")
def verify_snapshot(path: Path | None) -> None:
    """Check the lineage data in full: digests, tables, values. Exit code 2 when something is wrong.

    Cycles and parents of which no more is known are told as well; they are no fault.
    """
    from auditor.resolve.verify import verify

    found = verify(path or newest())
    for problem in found.problems:
        click.echo(visible(problem), err=True)
    if found.problems:
        count = len(found.problems)
        raise SnapshotError(f"the snapshot has {count} problem{'s' if count > 1 else ''}")
    for remark in found.remarks:
        click.echo(f"for review: {visible(remark)}", err=True)
    click.echo("the snapshot is whole")


@snapshot.command()
@click.argument("source", metavar="SOURCE")
@click.option("--digest", metavar="HEX", default="", help="Take it only if this is its id.")
def update(source: str, digest: str) -> None:
    """Take newer lineage data from SOURCE: a folder, an archive of one, or an https address of such an archive.

    It is checked first and put in place in one step; until then, and if anything is wrong, the old data stays in use.
    """
    from auditor.resolve.update import home
    from auditor.resolve.update import update as take

    taken = take(source, home(), digest=digest)
    output.show(f"{visible(taken.id)}: {taken.models:,} models, {taken.edges:,} edges, built {visible(taken.built)}\n")
    if newest().name != taken.id[:32]:
        click.echo("the data that comes with the program is no older, and stays in use", err=True)


@snapshot.command()
@click.argument("tables", type=_PLACE, metavar="TABLES")
@click.argument("out", type=_PLACE, metavar="OUT")
@click.option("--built", metavar="DATE", help="The date that the snapshot carries; today by itself.")
@click.option(
    "--hub", is_flag=True, help="First fill TABLES with what the Hub lists; a stopped crawl is taken up again."
)
def build(tables: Path, out: Path, built: str | None, *, hub: bool) -> None:
    """Build lineage data in the folder OUT from the fact tables in the folder TABLES."""
    from auditor.resolve.build import build as build_snapshot

    try:
        day = date.fromisoformat(built) if built else date.today()
    except ValueError:
        raise SnapshotError(f"--built {built}: not a date", hint="such as 2026-11-24") from None
    if hub:
        _crawl(tables, day.isoformat())
    if not tables.is_dir():
        raise SnapshotError(f"no folder {tables}", hint="a folder with models, edges and aliases as tables")
    done = build_snapshot(tables, out, built=day.isoformat())
    for problem in done.problems:
        click.echo(f"for review: {visible(problem)}", err=True)
    for reason, count in done.dropped:
        click.echo(f"dropped {count:,}: {visible(reason)}", err=True)
    output.show(f"{visible(done.digest)}: {done.models:,} models, {done.edges:,} edges, {done.aliases:,} aliases\n")


def _crawl(tables: Path, day: str) -> None:
    from auditor.resolve.crawl import Progress, crawl
    from auditor.resolve.hub import Hub

    def tell(at: Progress) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{at.models:,} models, {at.edges:,} edges", err=True, nl=at.done)

    crawl(Hub(os.environ, patience=_WINDOW), tables, day=day, tell=tell)
