"""The pages under `docs`: each begins with a command, names only what there is, and links to what is there."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import fields
from importlib import import_module
from pathlib import Path

import click
import pytest

from auditor.cli.main import COMMANDS
from auditor.config import policy as read_policy
from auditor.policy import Match

ROOT = Path(__file__).parent.parent
PAGES = sorted((ROOT / "docs").glob("*.md"))
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def examples(name: str) -> list[str]:
    """Every `auditor ...` below "Examples" in a command's help, without what describes it."""
    _, _, shown = (getattr(import_module(COMMANDS[name][0]), name).epilog or "").partition("Examples:\n")
    return [command.strip() for command in re.findall(r"(auditor (?:[^ \n|>]+ ?)+)", shown)]


def commands() -> Iterator[str]:
    """Every `auditor ...` of a shell block or of running text in the pages, and every example of the help."""
    for name in COMMANDS:
        yield from examples(name)
    for page in PAGES:
        text = page.read_text("utf-8")
        for kind, block in BLOCK.findall(text):
            if kind == "sh":
                for line in block.splitlines():
                    yield from re.findall(r"(?:^|&& |exec )(auditor [^&#|>]+)", line)
        yield from re.findall(r"`(auditor [a-z][^`]*)`", BLOCK.sub("", text))


@pytest.mark.parametrize("command", sorted(set(commands())))
def test_a_command_in_the_pages_is_one_that_there_is(command: str) -> None:
    name, *words = shlex.split(command)[1:]
    assert name in COMMANDS
    found = getattr(import_module(COMMANDS[name][0]), name)
    if isinstance(found, click.Group) and words:
        found = found.get_command(click.Context(found), words[0])
    assert found is not None
    known = {option for parameter in found.params for option in parameter.opts} | {"--help"}
    assert {word.partition("=")[0] for word in words if word.startswith("-") and word != "-"} <= known


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_ends_in_examples(name: str) -> None:
    assert len(examples(name)) > 1


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_begins_with_a_command_or_what_runs_one(page: Path) -> None:
    title, empty, fence, *_ = page.read_text("utf-8").splitlines()
    assert title.startswith("# ")
    assert empty == ""
    assert fence in ("```sh", "```console", "```yaml")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_links_only_to_files_that_are_there(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_the_policy_that_the_page_shows_can_be_read(tmp_path: Path) -> None:
    (shown,) = [
        block for kind, block in BLOCK.findall((ROOT / "docs" / "policy.md").read_text("utf-8")) if kind == "toml"
    ]
    (tmp_path / "auditor.toml").write_text(shown)
    assert len(read_policy(tmp_path / "auditor.toml", standing_in=tmp_path).clauses) == 1


def test_the_page_on_policies_names_every_condition_and_no_other() -> None:
    text = (ROOT / "docs" / "policy.md").read_text("utf-8")
    named = set(re.findall(r"^\| `([a-z-]+)` \|", text, re.MULTILINE))
    assert named == {field.name.replace("_", "-") for field in fields(Match)} - {"counted"}
