"""A group of commands that answers a slip of the pen with what was probably meant."""

from __future__ import annotations

from difflib import get_close_matches

import click

from auditor.errors import AuditError


class Group(click.Group):
    """As click's, but an unknown command is an error with a hint."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name.startswith("-") or name in self.list_commands(ctx):
            return super().resolve_command(ctx, args)
        near = get_close_matches(name, self.list_commands(ctx), n=1)
        hint = f"did you mean `{ctx.command_path} {near[0]}`?" if near else self.otherwise(ctx, name)
        raise AuditError(f"no such command {name!r}", hint=hint)

    def otherwise(self, ctx: click.Context, name: str) -> str:
        """The hint where no command is near."""
        return f"one of {', '.join(self.list_commands(ctx))}"
