"""The `auditor` command: a name, a line of help and a module for each thing it does; nothing else is imported for help."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from auditor import __version__
from auditor.cli.failure import exit_code
from auditor.cli.group import Group

COMMANDS: dict[str, tuple[str, str]] = {
    "scan": ("auditor.cli.scan", "Audit a work tree, repository, file or git URL."),
    "explain": ("auditor.cli.explain", "Say who made a model's weights, with evidence."),
    "diff": ("auditor.cli.diff", "Say what changed between two reports or revisions."),
    "history": ("auditor.cli.history", "Date every model that came into use or went."),
    "portfolio": ("auditor.cli.portfolio", "Audit many products, then test claims over them."),
    "claim": ("auditor.cli.claim", "Test claims over reports made earlier."),
    "init": ("auditor.cli.init", "Write a policy to start from, and the pre-commit entry."),
    "rules": ("auditor.cli.rules", "List, show, test or document what is known of the world."),
    "snapshot": ("auditor.cli.snapshot", "Look after the embedded lineage data."),
}


class Commands(Group):
    """Our commands, imported when they are called; every failure becomes its exit code and message."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(COMMANDS[cmd_name][0]), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def otherwise(self, ctx: click.Context, name: str) -> str:
        if Path(name).exists() or "://" in name:
            return f"did you mean `auditor scan {name}`?"
        return super().otherwise(ctx, name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, told) for name, (_, told) in COMMANDS.items()])

    def main(self, args: Sequence[str] | None = None, *rest: Any, **extra: Any) -> Any:
        run = super().main
        given = sys.argv[1:] if args is None else list(args)
        extra["standalone_mode"] = False
        sys.exit(exit_code(lambda: run(given or ["--help"], *rest, **extra)))


@click.group("auditor", cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="auditor")
def main() -> None:
    """Which products run on whose model weights?

    Finds every AI model that a repository depends on, traces it to its base model, and says where its makers are.

    Exit codes: 0 audited, policy satisfied; 1 policy violated; 2 bad usage, configuration, policy or rule file;
    3 nothing could be audited; 4 incomplete and --strict was given; 70 internal error; 130 interrupted.
    """
