"""`auditor init`: a policy to start from, and the entry for pre-commit. What is there already stays as it is."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import click

from auditor import config
from auditor.errors import AuditError

_HOOKS = ".pre-commit-config.yaml"
_ENTRY = """\
  - repo: local
    hooks:
      - id: auditor
        name: auditor (models that the commit adds)
        entry: auditor scan --staged
        language: system
        pass_filenames: false
        require_serial: true
"""


@click.command(
    epilog="""\b
Examples:
  auditor init                             in the repository here
  auditor init --no-hook                   the policy alone
"""
)
@click.option("--no-hook", is_flag=True, help="Leave pre-commit out.")
@click.option("--quiet", is_flag=True, help="Say nothing of what was done; errors still.")
def init(*, no_hook: bool, quiet: bool) -> int:
    """Write a policy to start from, auditor.toml, at the root of the repository here, and the entry for pre-commit.

    Nothing is overwritten: a policy that is there stays, and a configuration of pre-commit that is there is yours to edit;
    the entry for it is then printed.
    """
    root = config.root_of(Path.cwd())
    said = [_policy(root), *(() if no_hook else _hook(root)), "see what it says: auditor scan"]
    if not quiet:
        for line in said:
            click.echo(line)
    return 0


def _policy(root: Path) -> str:
    there = config.policy_file(root)
    if there is not None:
        return f"{there.name} has a policy already, left as it is"
    text = files("auditor.cli").joinpath("start.toml").read_text("utf-8")
    _write(root / config.OWN_FILE, text)
    return f"wrote {config.OWN_FILE}: it warns and denies nothing until you say so"


def _hook(root: Path) -> tuple[str, ...]:
    file = root / _HOOKS
    if not file.exists():
        _write(file, f"repos:\n{_ENTRY}")
        return (f"wrote {_HOOKS}; to put it into force: pre-commit install",)
    try:
        there = "auditor" in file.read_text("utf-8", "replace")
    except OSError as error:
        raise AuditError(f"cannot read {_HOOKS}: {error.strerror}") from error
    if there:
        return (f"{_HOOKS} names auditor already, left as it is",)
    return (f"{_HOOKS} is yours; add this below `repos:`", _ENTRY.rstrip("\n"))


def _write(file: Path, text: str) -> None:
    """Makes a file that is not there. *Raises*: AuditError."""
    try:
        with open(file, "x", encoding="utf-8") as made:
            made.write(text)
    except OSError as error:
        raise AuditError(
            f"cannot write {file.name}: {error.strerror}", hint="stand in a folder that is yours"
        ) from error
