"""Where the program keeps what is its own: in the user's cache what it can make again, in the user's data what was fetched."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder(part: str) -> Path | None:
    """The folder of one part of the program, None for a user without a home. It may not exist yet."""
    return _folder("XDG_CACHE_HOME", ".cache", part)


def data_folder(part: str) -> Path | None:
    """The like for what cannot be made again."""
    return _folder("XDG_DATA_HOME", ".local/share", part)


def _folder(variable: str, otherwise: str, part: str) -> Path | None:
    # The specification of XDG tells to ignore a relative path; here it could lead into the audited tree.
    stated = os.environ.get(variable, "")
    try:
        root = Path(stated) if os.path.isabs(stated) else Path.home() / otherwise
    except RuntimeError:
        return None
    return root / "auditor" / part
