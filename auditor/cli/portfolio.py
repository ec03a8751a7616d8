"""`auditor portfolio`: many products audited, then claims tested over them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from auditor.cli import portfolio_output as output
from auditor.cli.options import knowledge
from auditor.config import Options
from auditor.errors import AuditError

_AUDITED, _INCOMPLETE = 0, 4
_MONTHLY = "monthly"
_MONTHS = 12
STORE = "auditor-portfolio"


@click.command(
    epilog="""\b
Examples:
  auditor portfolio portfolio.toml
  auditor portfolio portfolio.toml -o portfolio.html -o portfolio.csv
"""
)
@click.argument("manifest", type=click.Path(path_type=Path))
@output.options
@click.option(
    "--store",
    metavar="DIR",
    default=STORE,
    show_default=True,
    help="Where finished reports are kept: a folder, or a URL of fsspec. A rerun takes up from there.",
)
@output.claims
@click.option(
    "--jobs", type=click.IntRange(min=1), metavar="N", help="Products to audit at a time; by itself, as many as help."
)
@click.option(
    "--time-limit",
    type=click.IntRange(min=1),
    metavar="SECONDS",
    default=1800,
    show_default=True,
    help="For one product; after it, the product has failed.",
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    default="",
    help="Audit on a Dask cluster (tcp://HOST:8786) instead of here; the store must be reached from all its machines.",
)
@click.option(
    "--at",
    metavar="MONTHLY|DATES",
    default="",
    help="Also as it was on the first of each of the last twelve months, or on these days (2025-08-01,2026-01-01).",
)
@knowledge
@click.option("--strict", is_flag=True, help="Exit with 4 when a product could not be audited.")
@click.option("--quiet", is_flag=True, help="No progress and no remarks; errors still.")
def portfolio(
    *,
    manifest: Path,
    outputs: tuple[str, ...],
    format_name: str | None,
    store: str,
    claims: tuple[Path, ...],
    jobs: int | None,
    time_limit: int,
    at: str,
    scheduler: str,
    jurisdiction: str,
    rules: Path | None,
    snapshot: Path | None,
    online: bool,
    offline: bool,
    strict: bool,
    quiet: bool,
) -> int:
    """Audit every product of MANIFEST, then say what that means for claims about them.

    A product that cannot be audited stops no other. Interrupt at any time: what is finished is kept in the store.
    """
    options = Options(jurisdiction=jurisdiction, rules=rules, snapshot=snapshot, online=online and not offline)
    files = output.destinations(outputs)
    dates = _dates(at, date.today())
    output.needs_scipy()
    from auditor.cli.portfolio_progress import watching
    from auditor.portfolio import knowledge as known
    from auditor.portfolio import manifest as manifests
    from auditor.portfolio.execute import Plan, run
    from auditor.portfolio.merge import samples

    listed = manifests.read(manifest)
    asked = known.claims_and_places(claims, options)
    with watching(quiet=quiet) as watch:
        done = run(listed, Plan(options, store, jobs or 0, time_limit, dates, scheduler), watch=watch)
        found, past = samples(listed.frame, dates, ((one.audited, one.origin, one.past) for one in done))
    result = known.portfolio(found, asked, tuple(zip(dates, past, strict=True)))
    output.deliver(result, files, format_name, store=store, quiet=quiet)
    failed = sum(bool(product.error) for product in found.products)
    if failed and not quiet:
        click.echo(f"{failed} of {len(found.products)} products could not be audited", err=True)
    return _INCOMPLETE if strict and failed else _AUDITED


def _dates(at: str, today: date) -> tuple[str, ...]:
    """The days to look back at, in order. *Raises*: AuditError for what is no day, or is still to come."""
    if not at:
        return ()
    if at.lower() == _MONTHLY:
        months = today.year * 12 + today.month - 1
        return tuple(date(n // 12, n % 12 + 1, 1).isoformat() for n in range(months - _MONTHS + 1, months + 1))
    days = set()
    for text in at.split(","):
        try:
            days.add(date.fromisoformat(text.strip()))
        except ValueError as error:
            hint = "--at monthly, or days such as 2025-08-01,2026-01-01"
            raise AuditError(f"--at: {text.strip()!r} is no day", hint=hint) from error
    if max(days) > today:
        raise AuditError(f"--at: {max(days)} is still to come")
    return tuple(day.isoformat() for day in sorted(days))
