"""Options that several commands share, and those that are promised but not there yet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from auditor.config import Options

_F = TypeVar("_F", bound=Callable[..., Any])


def knowledge(command: _F) -> _F:
    """What to ask, and which rules and lineage data to ask it of."""
    for decorate in (
        click.option("--snapshot", type=click.Path(path_type=Path), metavar="FILE", help="Lineage data to use."),
        click.option(
            "--rules", type=click.Path(path_type=Path), metavar="DIR", help="More rules, in the shipped form."
        ),
        click.option("--offline", is_flag=True, help="Reach no network (the default)."),
        click.option("--online", is_flag=True, help="Ask the Hub for what rules and lineage data leave open."),
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
