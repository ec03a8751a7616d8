"""A file from an https address, for the user who asks for one by name."""

from __future__ import annotations

import time
from pathlib import Path

from auditor import __version__
from auditor.errors import SnapshotError

_SECONDS = 30.0  # of silence
_WHOLE = 3_600.0  # seconds for the whole file


def fetch(url: str, into: Path, *, most: int) -> None:
    """Write what the address gives, at most `most` bytes of it. *Raises*: SnapshotError, also for any address but https."""
    import httpx2

    def stay(request: httpx2.Request) -> None:
        if request.url.scheme != "https":
            raise SnapshotError(f"{url}: only https addresses are fetched")

    headers = {"user-agent": f"auditor/{__version__}"}
    until = time.monotonic() + _WHOLE
    try:
        with (
            httpx2.Client(follow_redirects=True, timeout=_SECONDS, event_hooks={"request": [stay]}) as client,
            client.stream("GET", url, headers=headers) as answer,
            into.open("wb") as out,
        ):
            answer.raise_for_status()
            written = 0
            for part in answer.iter_bytes():
                written += out.write(part)
                if written > most or time.monotonic() > until:
                    raise SnapshotError(f"{url}: more, or slower, than lineage data can be")
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise SnapshotError(f"{url}: {str(error)[:200] or type(error).__name__}") from error
