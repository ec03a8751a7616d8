"""Where the program keeps what it can make again: the user's own cache folder."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder(part: str) -> Path | None:
    """The folder of one part of the program, None for a user without a home. It may not exist yet."""
    # The specification of XDG tells to ignore a relative path; here it could lead into the audited tree.
    stated = os.environ.get("XDG_CACHE_HOME", "")
    try:
        root = Path(stated) if os.path.isabs(stated) else Path.home() / ".cache"
    except RuntimeError:
        return None
    return root / "auditor" / part
