"""`auditor scan`: one audit, its policy, its reports, and the exit code that follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from auditor import config, inventory
from auditor.cli import output
from auditor.cli.options import knowledge
from auditor.cli.progress import progress
from auditor.config import Options
from auditor.domain.report import Outcome, Report, WaiverState
from auditor.domain.source import Target
from auditor.errors import AuditError
from auditor.policy import decide, idle_waivers
from auditor.render import TERMINAL

_SATISFIED, _VIOLATED, _INCOMPLETE = 0, 1, 4


@click.command(
    epilog="""\b
Examples:
  auditor scan                                    the work tree here
  auditor scan . -o report.html -o report.json    a page, and JSON
  auditor scan --since main                       what a branch adds
  auditor scan --staged                           what a commit would add
  auditor scan --baseline before.json             only what is new fails
  auditor scan REPO --rev v1.2 --policy board.toml
"""
)
@click.argument("target", default=".")
@click.option("--rev", metavar="REV", default="", help="Audit a revision instead of the work tree.")
@click.option("--staged", is_flag=True, help="Audit what the next commit would add.")
@click.option("--since", metavar="REV", default="", help="Audit only what was added since a revision.")
@click.option(
    "-o", "outputs", metavar="FILE", multiple=True, help="Write a report; its name tells the format. Repeatable."
)
@click.option(
    "--format",
    "format_name",
    metavar="|".join(output.NAMES),
    callback=output.format_name,
    help="Format on standard output.",
)
@knowledge
@click.option(
    "--policy", type=click.Path(path_type=Path), metavar="FILE", help="Policy, instead of that of the work tree here."
)
@click.option(
    "--baseline",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A JSON report made earlier: what it has warns, only what is new is denied.",
)
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Processes to use; by itself, as many as help.")
@click.option("--no-cache", is_flag=True, help="Neither read nor keep anything between runs.")
@click.option("--strict", is_flag=True, help="Exit with 4 when anything could not be examined.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 where it would be 1 or 4.")
@click.option("--quiet", is_flag=True, help="No progress and no remarks; errors still.")
def scan(
    *,
    target: str,
    rev: str,
    staged: bool,
    since: str,
    outputs: tuple[str, ...],
    format_name: str | None,
    jurisdiction: str,
    rules: Path | None,
    snapshot: Path | None,
    online: bool,
    offline: bool,
    policy: Path | None,
    baseline: Path | None,
    jobs: int | None,
    no_cache: bool,
    strict: bool,
    exit_zero: bool,
    quiet: bool,
) -> int:
    """Audit TARGET: a work tree (by itself the one here), a bare repository, a file, or a git URL.

    The report goes to standard output, or to the files named with -o; both when --format is given as well.
    """
    if sum((bool(rev), staged, bool(since))) > 1 and not (rev and since and not staged):
        raise AuditError("--staged goes with neither --rev nor --since", hint="name one of them")
    options = Options(
        jurisdiction=jurisdiction,
        rules=rules,
        snapshot=snapshot,
        online=online and not offline,
        jobs=jobs or 0,
        cache=not no_cache,
    )
    files = output.destinations(outputs)
    chosen = config.policy(policy, standing_in=Path.cwd())
    options = replace(options, elsewhere=chosen.jurisdictions)
    known = inventory.known(inventory.read(baseline)) if baseline else frozenset()
    today = date.today()
    from auditor.audit import audit

    with progress(quiet=quiet) as tell:
        asked = Target(target, rev, staged)
        if before := since or ("HEAD" if staged else ""):
            from auditor.addition import addition

            report = addition(asked, before, options, chosen, today=today, progress=tell)
            if staged and options.cache and not rules:
                _prepare_next_time(options)
        else:
            report = audit(asked, options, progress=tell)
    decisions, idle = decide(report, chosen, today=today, known=known), idle_waivers(report, chosen, today=today)
    if before:  # of a part nobody can say that it needs no waiver
        idle = tuple(waiver for waiver in idle if waiver.state is not WaiverState.UNUSED)
    report = replace(report, decisions=decisions, waivers=idle)
    for file in files:
        output.write(file.path, output.render(report, file.format.name))
    if staged and not files and not format_name:
        from auditor.render.notice import render

        output.show(render(report, today=today, policy=chosen.file, width=output.width(), color=output.color()))
    elif format_name or not files:
        output.show(output.render(report, format_name or TERMINAL))
    code, remark = _outcome(report, strict=strict)
    if not quiet:
        for told in (*(f"wrote {file.path}" for file in files), remark):
            if told and (files or format_name not in (None, TERMINAL)):
                click.echo(told, err=True)
    return _SATISFIED if exit_zero else code


def _prepare_next_time(options: Options) -> None:
    from auditor.glance import anchors_file

    file = anchors_file()
    if file is not None and not Path(file).exists():
        from auditor.anchors import keep
        from auditor.rulebook.load import load

        keep(load(cache=options.cache))


def _outcome(report: Report, *, strict: bool) -> tuple[int, str]:
    """The exit code, and the remark that explains it where it is not 0."""
    denied = [decision for decision in report.decisions if decision.outcome is Outcome.DENY]
    if denied:
        clauses = ", ".join(sorted({decision.clause for decision in denied}))
        return _VIOLATED, f"policy violated: {len(denied)} denied by {clauses}"
    if strict and report.gaps:
        return _INCOMPLETE, f"incomplete: {len(report.gaps)} not examined"
    return _SATISFIED, ""
