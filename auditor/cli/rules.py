"""`auditor rules`: what is known of the world, to be read, searched and tried."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

import click

from auditor.cli import output
from auditor.cli.group import Group
from auditor.cli.rule_text import Entry, entries, kinds
from auditor.errors import AuditError, RuleError
from auditor.render.escape import visible, visible_lines
from auditor.rulebook.load import load

_PARSERS = "parsers"


@click.group(
    cls=Group,
    no_args_is_help=False,
    epilog="""\b
Examples:
  auditor rules list jurisdictions               whom --jurisdiction can ask for
  auditor rules show ID                          one rule, with its source
  auditor rules test --rules my-rules            try rules of your own
""",
)
def rules() -> None:
    """List, show, test or document what is known of the world."""


_more_rules = click.option("--rules", "extra", type=click.Path(path_type=Path), metavar="DIR", help="More rules.")


@rules.command("list")
@click.argument("kind", required=False)
@_more_rules
def list_rules(*, kind: str | None, extra: Path | None) -> None:
    """List the rules, or those of one KIND."""
    known = (*kinds(), _PARSERS)
    if kind is not None and kind not in known:
        near = get_close_matches(kind, known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"one of {', '.join(known)}"
        raise AuditError(f"no such kind of rule {kind!r}", hint=hint)
    rows = [(one.kind, one.id, one.told) for one in (*entries(load(extra=extra)), *_parsers())]
    rows = [row for row in rows if kind in (None, row[0])]
    widths = [max((len(row[n]) for row in rows), default=0) for n in (0, 1)]
    output.show("".join(f"{k:<{widths[0]}}  {i:<{widths[1]}}  {visible(told)}".rstrip() + "\n" for k, i, told in rows))


@rules.command("show")
@click.argument("rule_id", metavar="ID")
@_more_rules
def show_rule(*, rule_id: str, extra: Path | None) -> None:
    """Show one rule with its source, its date and its examples."""
    known = list(entries(load(extra=extra)))
    found = [one for one in known if one.id == rule_id]
    if not found:
        near = get_close_matches(rule_id, [one.id for one in known], n=1)
        hint = f"did you mean {near[0]!r}?" if near else "auditor rules list"
        raise AuditError(f"no such rule {rule_id!r}", hint=hint)
    output.show("\n".join(_shown(one) for one in found))


@rules.command("test")
@_more_rules
def test_rules(*, extra: Path | None) -> None:
    """Check every rule, and try its examples: each hit must be found, and no miss.

    Exit code 2 when one fails.
    """
    from auditor.cli.rule_examples import try_examples

    rulebook = load(extra=extra)
    tried, failures = try_examples(rulebook)
    for failure in failures:
        click.echo(visible(failure), err=True)
    if failures:
        raise RuleError(f"{len(failures)} of {tried} examples fail", hint="auditor rules show ID")
    click.echo(f"{sum(1 for _ in entries(rulebook)):,} rules are well formed, {tried:,} examples hold")


@rules.command("doc")
@_more_rules
def document_rules(*, extra: Path | None) -> None:
    """Write the reference of all rules as Markdown."""
    output.show("\n".join(_reference(list(entries(load(extra=extra))))) + "\n")


def _parsers() -> Iterator[Entry]:
    from auditor.detect.scan import PARSERS

    for parser in PARSERS:
        yield Entry(_PARSERS, parser.name, ", ".join(parser.globs), ())


def _shown(entry: Entry) -> str:
    width = max(len(label) for label, _ in entry.lines)
    indent = "\n" + " " * (width + 4)
    return f"{entry.kind}: {entry.id}\n" + "".join(
        f"  {label:<{width}}  {indent.join(visible_lines(text).splitlines())}\n"
        for label, text in entry.lines
        if label != "id"
    )


def _reference(all_entries: list[Entry]) -> Iterator[str]:
    yield "# Rules"
    for kind, told in kinds().items():
        chosen = [entry for entry in all_entries if entry.kind == kind]
        if not chosen:
            continue
        yield f"\n## {kind.capitalize()}\n\n{told}\n\n| id | what | source | as of |\n| --- | --- | --- | --- |"
        for entry in chosen:
            lines = dict(entry.lines)
            cells = (f"`{entry.id}`", entry.told, lines.get("source", ""), lines.get("as-of", ""))
            yield f"| {' | '.join(_cell(cell) for cell in cells)} |"


def _cell(text: str) -> str:
    return visible(text).replace("|", "\\|").replace("<", "&lt;")
