"""Where the snapshot in use lies: the one that came with the program, or a newer one that an update took."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from auditor.cachefolder import data_folder
from auditor.errors import SnapshotError
from auditor.resolve.tables import MANIFEST, read_manifest
from auditor.rulebook.load import shipped

CURRENT = "current"  # a file that names the folder in use


def newest() -> Path:
    """The folder of the last update, unless the program came with a snapshot that is no older."""
    taken = installed()
    if taken is not None:
        with suppress(SnapshotError):
            if read_manifest(taken).built > read_manifest(embedded()).built:
                return taken
    return embedded()


def embedded() -> Path:
    """The folder of the snapshot that comes with the program."""
    return shipped() / "snapshot"


def installed() -> Path | None:
    """The folder of the last update; None when there was none, or it is not there any more."""
    home = data_folder("snapshot")
    if home is None:
        return None
    try:
        name = (home / CURRENT).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None
    folder = home / Path(name).name
    return folder if name and (folder / MANIFEST).is_file() else None
