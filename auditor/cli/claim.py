"""`auditor claim`: claims tested over reports that were made earlier."""

from __future__ import annotations

from pathlib import Path

import click

from auditor.cli import portfolio_output as output
from auditor.config import Options


@click.command(
    epilog="""\b
Examples:
  auditor claim reports/*.json
  auditor claim reports/*.json --format html > claims.html
"""
)
@click.argument("reports", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="REPORT...")
@output.options
@output.claims
@click.option("--rules", type=click.Path(path_type=Path), metavar="DIR", help="More rules, in the shipped form.")
@click.option("--quiet", is_flag=True, help="No remarks; errors still.")
def claim(
    *,
    reports: tuple[Path, ...],
    outputs: tuple[str, ...],
    format_name: str | None,
    claims: tuple[Path, ...],
    rules: Path | None,
    quiet: bool,
) -> int:
    """Test claims over REPORT...: JSON of `auditor scan`, a folder of such, or the JSON of `auditor portfolio`.

    Each report counts as a company of its own; a portfolio's JSON says which products belong to which company.
    """
    files = output.destinations(outputs)
    output.needs_scipy()
    from auditor.portfolio import knowledge as known
    from auditor.portfolio.reports import from_reports

    asked = known.claims_and_places(claims, Options(rules=rules))
    result = known.portfolio(from_reports(reports), asked)
    output.deliver(result, files, format_name, store="", quiet=quiet)
    return 0
