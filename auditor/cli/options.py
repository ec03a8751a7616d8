"""Options that several commands share, and those that are promised but not there yet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from auditor.config import Options
from auditor.errors import AuditError

_F = TypeVar("_F", bound=Callable[..., Any])
_V = TypeVar("_V")


def knowledge(command: _F) -> _F:
    """What to ask, and which rules and lineage data to ask it of."""
    for decorate in (
        click.option("--snapshot", type=click.Path(path_type=Path), metavar="FILE", help="Lineage data to use."),
        click.option(
            "--rules", type=click.Path(path_type=Path), metavar="DIR", help="More rules, in the shipped form."
        ),
        click.option("--offline", is_flag=True, help="Reach no network (the default)."),
        click.option("--online", is_flag=True, hidden=True, callback=unavailable),
        click.option(
            "--jurisdiction",
            metavar="ID",
            default=Options().jurisdiction,
            show_default=True,
            help="Whose weights to ask for.",
        ),
    ):
        command = decorate(command)
    return command


def unavailable(ctx: click.Context, param: click.Parameter, value: _V) -> _V:
    """Refuse an option of a later version rather than ignore it."""
    if value:
        raise AuditError(f"{param.opts[0]} is not available in this version", hint=f"{ctx.command_path} --help")
    return value
