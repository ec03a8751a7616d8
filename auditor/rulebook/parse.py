"""One TOML file -> its rules, each with the file that it came from."""

from __future__ import annotations

from dataclasses import dataclass

import tomli

from auditor.errors import RuleError
from auditor.rulebook.decode import DECODERS
from auditor.rulebook.table import Table


@dataclass(frozen=True, slots=True)
class Rule:
    file: str
    id: str
    kind: str
    value: object


def parse(file: str, content: bytes) -> list[Rule]:
    """The rules of one file in order. *Raises* RuleError naming file, rule id and field."""
    try:
        document = tomli.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomli.TOMLDecodeError, RecursionError) as error:
        raise RuleError(f"{file}: is not TOML: {error}") from error
    top = Table(document, file)
    rules: list[Rule] = []
    for kind, decode in DECODERS.items():
        for table in top.tables(kind):
            table.field = ""
            value = decode(table)
            table.close()
            rules.append(Rule(file, table.rule, kind, value))
    top.close()
    return rules
