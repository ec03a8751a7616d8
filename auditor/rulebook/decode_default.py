"""What a package rule says of one default: from its TOML table to the frozen value."""

from __future__ import annotations

from auditor.rulebook.defaults import Default
from auditor.rulebook.table import Table


def default(t: Table) -> Default:
    """*Raises* RuleError for a field that is missing, bad or unknown."""
    decoded = Default(
        model=t.text("model"),
        since=t.text("since", ""),
        until=t.text("until", ""),
        when=t.text("when", ""),
        calls=t.texts("calls"),
        unless=t.texts("unless"),
        unless_position=t.number("unless-position", -1),
        literals=t.texts("literals"),
        always=t.boolean("always"),
        beside=t.texts("beside"),
        imports=t.texts("imports"),
        unless_set=t.texts("unless-set"),
    )
    t.close()
    return decoded
