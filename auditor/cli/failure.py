"""Where failures end: each becomes an exit code and two lines on standard error, what happened and what to try."""

from __future__ import annotations

import re
import tempfile
import traceback
from collections.abc import Callable

import click

from auditor.errors import AuditError
from auditor.render.escape import visible_lines

BAD_USAGE = 2
INTERNAL = 70
INTERRUPTED = 130


def exit_code(run: Callable[[], object]) -> int:
    """The exit code of a run: the number it gives back, 0 when it gives none, or that of its failure, which is printed."""
    try:
        given = run()
        return given if isinstance(given, int) else 0
    except AuditError as error:
        complain(error.message, error.hint)
        return error.exit_code
    except click.UsageError as error:
        complain(*_usage(error))
        return BAD_USAGE
    except click.Abort:
        complain("interrupted", "")
        return INTERRUPTED
    except click.ClickException as error:
        complain(error.format_message(), "")
        return BAD_USAGE
    except Exception as error:
        told = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        complain(f"internal error: {told}", f"this is a bug; {_kept(traceback.format_exc())}")
        return INTERNAL


def complain(message: str, hint: str) -> None:
    """Print an error for people; text of the audited repository in it cannot act on the terminal."""
    click.echo(f"error: {visible_lines(message)}", err=True)
    if hint:
        click.echo(f"hint: {visible_lines(hint)}", err=True)


def _usage(error: click.UsageError) -> tuple[str, str]:
    path = error.ctx.command_path if error.ctx else "auditor"
    help_hint = f"{path} --help"
    if isinstance(error, click.NoSuchOption):
        near = [name for name in error.possibilities or () if name.startswith("--")]
        return f"no such option {error.option_name!r}", f"did you mean {near[0]}?" if near else help_hint
    message = error.format_message().rstrip(".")
    message = re.sub(r"^Invalid value for ('?)(.*?)\1: ", r"\2: ", message)
    return message[:1].lower() + message[1:], help_hint


def _kept(text: str) -> str:
    try:
        descriptor, path = tempfile.mkstemp(prefix="auditor-traceback-", suffix=".txt")
        with open(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
    except OSError:
        click.echo(visible_lines(text), err=True)
        return "the traceback stands above"
    return f"the traceback is in {path}"
