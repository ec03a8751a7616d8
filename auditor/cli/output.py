"""Where reports go: standard output, or files that appear whole or not at all."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path

import click

from auditor.domain.report import Report
from auditor.errors import AuditError
from auditor.render import FORMATS, TERMINAL, Format, by_file_name

NAMES = (TERMINAL, *(one.name for one in FORMATS))
_WIDEST = 120
_NO_TERMINAL = (100, 24)


@dataclass(frozen=True, slots=True)
class Destination:
    """A file to write, in the format that its name means."""

    path: Path
    format: Format


def format_name(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """The name of a format that can be written. *Raises* AuditError, with the name that was meant where one is near."""
    if value is None or value in NAMES:
        return value
    hint = f"one of {', '.join(NAMES)}"
    near = get_close_matches(value, NAMES, n=1)
    raise AuditError(f"no such format {value!r}", hint=f"did you mean {near[0]!r}?" if near else hint)


def destinations(names: Iterable[str], *, among: Collection[str] = NAMES) -> tuple[Destination, ...]:
    """The files to write, checked as far as can be before the work is done: in one of some formats. *Raises* AuditError."""
    return tuple(_destination(name, among) for name in names)


def render(report: Report, name: str) -> str:
    """The report in a format by name; for the terminal as wide as it is, coloured where colour can be seen."""
    if name == TERMINAL:
        from auditor.render import terminal

        return terminal.render(report, width=width(), color=color())
    chosen = next(one for one in FORMATS if one.name == name)
    written: str = import_module(chosen.module).render(report)
    return written


def show(text: str) -> None:
    """Write to standard output as UTF-8, whatever the locale: a report is the same bytes everywhere.

    A reader that has seen enough (`| head`) is no failure, and does not change the exit code.
    """
    try:
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left in the buffer goes there at exit


def write(path: Path, text: str) -> None:
    """Put the text in the place of the file: readers see the old content or the new, never a part. *Raises* AuditError."""
    place = path.resolve()
    partial = place.with_name(f".{place.name}.{os.getpid()}.partial")
    try:
        try:
            with open(partial, "xb") as file:
                file.write(text.encode("utf-8", "backslashreplace"))
            partial.replace(place)
        except BaseException:
            with suppress(OSError):
                partial.unlink()
            raise
    except OSError as error:
        raise AuditError(
            f"cannot write {path}: {error.strerror}", hint="-o takes a file in a folder that exists"
        ) from error


def width() -> int:
    """The width of the terminal in cells, or of the paper where there is none; wider lines than 120 are hard to read."""
    return min(shutil.get_terminal_size(_NO_TERMINAL).columns, _WIDEST)


def color() -> bool:
    """Whether standard output shows colour (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _destination(name: str, among: Collection[str]) -> Destination:
    chosen = by_file_name(Path(name).name)
    endings = ", ".join(f"*{suffix}" for one in FORMATS if one.name in among for suffix in one.suffixes)
    if chosen is None or chosen.name not in among:
        raise AuditError(
            f"-o {name}: the format follows the file name, and this one means none", hint=f"known: {endings}"
        )
    path = Path(name)
    if path.is_dir():
        raise AuditError(f"cannot write {name}: it is a folder")
    if not path.parent.is_dir():
        raise AuditError(f"cannot write {name}: there is no folder {path.parent}", hint="make the folder first")
    return Destination(path, chosen)
