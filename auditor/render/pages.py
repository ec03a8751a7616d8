"""What every HTML page of ours stands on: the templates, made safe, and the digests by which a page allows its own parts."""

from __future__ import annotations

import base64
import hashlib

from jinja2 import Environment, PackageLoader, StrictUndefined

from auditor.render.escape import visible


def templates() -> Environment:
    """The templates: everything put in passes `visible` and is escaped, and a name that is not there is an error."""
    return Environment(
        loader=PackageLoader("auditor.render", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printable,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )


def digest(text: str) -> str:
    """A CSP source that allows this text between a page's tags, and nothing else."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _printable(value: object) -> object:
    """What a template puts in, on one line and without characters that cannot be seen; our own markup stays as it is."""
    return visible(value) if isinstance(value, str) and not hasattr(value, "__html__") else value
