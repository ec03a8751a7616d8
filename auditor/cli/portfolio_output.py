"""Where a portfolio goes: standard output, or files whose name tells the format."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

import click

from auditor.cli import output
from auditor.domain.portfolio import Portfolio
from auditor.errors import AuditError
from auditor.render import TERMINAL

# Name, file ending, module.
_FORMATS = {
    "json": (".json", "auditor.render.portfolio_json"),
    "html": (".html", "auditor.render.portfolio_html"),
    "markdown": (".md", "auditor.render.portfolio_markdown"),
    "csv": (".csv", "auditor.render.portfolio_csv"),
}
NAMES = (TERMINAL, *_FORMATS)
_REPORTS = "reports"  # in a store
_F = TypeVar("_F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Destination:
    path: Path
    format: str


def options(command: _F) -> _F:
    """Where the result goes and in which format."""
    for decorate in (
        click.option(
            "--format",
            "format_name",
            type=click.Choice(NAMES),
            metavar="|".join(NAMES),
            help="Format on standard output.",
        ),
        click.option(
            "-o",
            "outputs",
            metavar="FILE",
            multiple=True,
            help="Write the result; its name tells the format. Repeatable.",
        ),
    ):
        command = decorate(command)
    return command


claims = click.option(
    "--claims",
    type=click.Path(path_type=Path),
    metavar="FILE",
    multiple=True,
    help="Claims of your own, instead of the public ones. Repeatable.",
)


def destinations(names: Sequence[str]) -> tuple[Destination, ...]:
    """The files to write, checked before the work is done. *Raises*: AuditError."""
    return tuple(_destination(name) for name in names)


def needs_scipy() -> None:
    """*Raises*: AuditError when what the statistics stand on is not installed."""
    if find_spec("scipy") is None:
        raise AuditError("the statistics need scipy, which is not installed", hint="pip install 'auditor[portfolio]'")


def deliver(
    portfolio: Portfolio, files: Sequence[Destination], format_name: str | None, *, store: str, quiet: bool
) -> None:
    """Write the files, or to standard output where there are none or a format is asked for.

    A page links to the products' own reports, which lie in the store; "" when there is none.
    """
    for file in files:
        output.write(file.path, _rendered(portfolio, file.format, _reports(store, file.path.parent)))
        if not quiet:
            click.echo(f"wrote {file.path}", err=True)
    if format_name or not files:
        output.show(_rendered(portfolio, format_name or TERMINAL, _reports(store, Path.cwd())))


def _reports(store: str, seen_from: Path) -> str:
    if not store:
        return ""
    return f"{store}/{_REPORTS}" if "://" in store else os.path.relpath(os.path.join(store, _REPORTS), seen_from)


def _rendered(portfolio: Portfolio, name: str, reports: str) -> str:
    if name == TERMINAL:
        from auditor.render import portfolio_terminal

        return portfolio_terminal.render(portfolio, width=output.width(), color=output.color())
    module = import_module(_FORMATS[name][1])
    text: str = module.render(portfolio, reports=reports) if name == "html" else module.render(portfolio)
    return text


def _destination(name: str) -> Destination:
    path = Path(name)
    for format_name, (ending, _) in _FORMATS.items():
        if path.name.lower().endswith(ending):
            if not path.parent.is_dir():
                raise AuditError(f"cannot write {name}: there is no folder {path.parent}", hint="make the folder first")
            return Destination(path, format_name)
    endings = ", ".join(f"*{ending}" for ending, _ in _FORMATS.values())
    raise AuditError(f"-o {name}: the format follows the file name, and this one means none", hint=f"known: {endings}")
