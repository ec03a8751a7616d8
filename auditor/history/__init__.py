"""When each model came into use and when it went, read from git's objects."""

from auditor.history.dated import history

__all__ = ["history"]
