"""Newer lineage data in the place of older: taken only when it verifies, in one step, the old kept until then."""

from __future__ import annotations

import os
import shutil
import tarfile
import tempfile
from contextlib import suppress
from pathlib import Path

from auditor.cachefolder import data_folder
from auditor.domain.report import SnapshotInfo
from auditor.errors import SnapshotError
from auditor.resolve.place import CURRENT
from auditor.resolve.tables import COLUMNS, MANIFEST, SOURCES, Manifest, read_manifest
from auditor.resolve.verify import verify

_FILES = frozenset({MANIFEST, SOURCES, *(f"{table}.tsv.gz" for table in COLUMNS)})
_LARGEST = 4 << 30  # bytes of one file; the tables of the whole Hub are a tenth of it
_KEPT = 2  # the snapshot in use and the one before


def update(source: str, home: Path, *, digest: str = "") -> SnapshotInfo:
    """Take the snapshot at `source`: a folder in the text form, a tar archive of one, or an https address of such an archive.

    `digest` is the one expected, "" for any. *Raises*: SnapshotError; then what was in use before is in use still.
    """
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=home, prefix=".taking-") as place:
            fresh = _gathered(source, Path(place))
            found = verify(fresh)
            if found.problems:
                raise SnapshotError(f"{source} was not taken: {found.problems[0]}", hint="auditor snapshot verify")
            manifest = read_manifest(fresh)
            if digest and manifest.digest != digest.lower():
                raise SnapshotError(f"{source} was not taken: its digest is {manifest.digest}", hint="--digest")
            final = home / manifest.digest[:32]
            if not final.is_dir():
                fresh.replace(final)
            _point(home, final.name)
    except OSError as error:
        raise SnapshotError(f"{source} was not taken: {error.strerror or error}") from error
    _forget(home, final.name)
    return _info(manifest)


def home() -> Path:
    """Where updates are kept. *Raises*: SnapshotError for a user without a home."""
    folder = data_folder("snapshot")
    if folder is None:
        raise SnapshotError("there is no folder to keep lineage data in", hint="set XDG_DATA_HOME")
    return folder


def _gathered(source: str, place: Path) -> Path:
    """The files of a snapshot, copied to a folder of our own."""
    fresh = place / "snapshot"
    fresh.mkdir()
    if "://" in source:
        from auditor.resolve.download import fetch

        archive = place / "archive"
        fetch(source, archive, most=_LARGEST)
        _unpacked(archive, fresh, source)
    elif Path(source).is_dir():
        for name in _FILES:
            if (Path(source) / name).is_file():
                shutil.copyfile(Path(source) / name, fresh / name)
    elif Path(source).is_file():
        _unpacked(Path(source), fresh, source)
    else:
        raise SnapshotError(f"no snapshot at {source}", hint="a folder, an archive of one, or an https address")
    return fresh


def _unpacked(archive: Path, fresh: Path, source: str) -> None:
    """The plain files that belong to a snapshot, whatever folder of the archive they stand in; nothing else is written."""
    try:
        with tarfile.open(archive) as packed:
            for member in packed:
                name = member.name.rpartition("/")[2]
                if not member.isreg() or name not in _FILES or (fresh / name).exists():
                    continue
                content = packed.extractfile(member)
                if content is None or member.size > _LARGEST:
                    raise SnapshotError(f"{source} was not taken: {name} is too large")
                with content, (fresh / name).open("wb") as out:
                    shutil.copyfileobj(content, out)
    except (tarfile.TarError, EOFError, ValueError) as error:
        told = str(error).partition(":")[0]
        raise SnapshotError(f"{source} was not taken: it is no archive that can be read ({told})") from error


def _point(home: Path, name: str) -> None:
    """Name the folder in use; whoever reads sees the old name or the new one."""
    handle, temporary = tempfile.mkstemp(dir=home, prefix=".current-")
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"{name}\n")
    Path(temporary).replace(home / CURRENT)


def _forget(home: Path, current: str) -> None:
    with suppress(OSError):
        folders = [f for f in home.iterdir() if f.is_dir() and not f.name.startswith(".") and f.name != current]
        for old in sorted(folders, key=lambda f: f.stat().st_mtime_ns)[: -(_KEPT - 1)]:
            shutil.rmtree(old, ignore_errors=True)


def _info(manifest: Manifest) -> SnapshotInfo:
    return SnapshotInfo(manifest.digest, manifest.built, manifest.rows("models"), manifest.rows("edges"))
