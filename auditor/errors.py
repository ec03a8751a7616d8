"""Expected, fatal failures. Anything local to one file or one look-up is a `Gap` instead."""

from __future__ import annotations


class AuditError(Exception):
    """Bad usage, configuration, policy or rule file: what is wrong, and what to try."""

    exit_code = 2

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class TargetError(AuditError):
    """Nothing could be audited: no such target, not a repository, no such revision."""

    exit_code = 3


class RuleError(AuditError):
    """A rule file is malformed; the message names file, rule id and field."""


class SnapshotError(AuditError):
    """The embedded lineage data is missing, corrupt or of another version."""
