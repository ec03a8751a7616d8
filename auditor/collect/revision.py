"""What to say when a revision does not exist."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from auditor.errors import TargetError


def no_such_revision(revision: str, location: str, tags: Sequence[str], branches: Sequence[str]) -> TargetError:
    """The error for a revision that names no commit, with the nearest name and up to five of each kind (newest first)."""
    names = list(dict.fromkeys((*tags, *branches)))
    if not names:
        return TargetError(f"no such revision {revision!r} in {location}", hint="the repository has no commit yet")
    known = "; ".join(
        f"{kind}: {', '.join(some[:5])}{', ...' if len(some) > 5 else ''}"
        for kind, some in (("tags", tags), ("branches", branches))
        if some
    )
    near = difflib.get_close_matches(revision, names[:5000], n=1, cutoff=0.5)
    guess = f"did you mean {near[0]!r}? " if near else ""
    return TargetError(f"no such revision {revision!r} in {location}", hint=f"{guess}({known})")
