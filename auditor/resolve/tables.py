"""The reviewable text form of the snapshot: gzipped tables, the same bytes for the same rows, and their manifest."""

from __future__ import annotations

import gzip
import hashlib
import io
import tomllib
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor.errors import SnapshotError

FORMAT = 1
MANIFEST = "MANIFEST.toml"
SOURCES = "sources.toml"
COLUMNS: dict[str, tuple[str, ...]] = {
    "models": ("id", "downloads", "task", "license", "source"),
    "edges": ("child", "relation", "parent", "confidence", "source"),
    "aliases": ("scheme", "alias", "hub_id", "confidence", "source"),
}


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the text form says of itself. *Shape*: files as (name, rows, sha256); `digest` covers all of them."""

    digest: str
    built: str
    files: tuple[tuple[str, int, str], ...]

    def rows(self, table: str) -> int:
        return next((rows for name, rows, _ in self.files if name == f"{table}.tsv.gz"), 0)


def read_manifest(folder: Path) -> Manifest:
    """What the folder's manifest states; nothing is recomputed. *Raises*: SnapshotError."""
    path = folder / MANIFEST
    try:
        data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        if data["format"] != FORMAT:
            raise SnapshotError(
                f"{MANIFEST} is of format {data['format']}, this version reads {FORMAT}", hint="auditor snapshot build"
            )
        files = tuple((str(f["name"]), int(f["rows"]), str(f["sha256"])) for f in data["file"])
        return Manifest(str(data["digest"]), str(data["built"]), files)
    except FileNotFoundError:
        raise SnapshotError(
            f"no snapshot in {folder.name}/: {MANIFEST} is missing", hint="reinstall, or give --snapshot FILE"
        ) from None
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise SnapshotError(f"{MANIFEST} cannot be read: {error}", hint="auditor snapshot verify") from error


def read_table(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a tab-separated table with a header line, gzipped or not, one at a time. *Raises*: SnapshotError."""
    try:
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
            file.seek(0)
            lines = io.TextIOWrapper(gzip.GzipFile(fileobj=file) if packed else file, encoding="utf-8", newline="\n")
            header = lines.readline().rstrip("\r\n").split("\t")
            for line in lines:
                if text := line.rstrip("\r\n"):
                    yield dict(zip(header, text.split("\t"), strict=False))
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise SnapshotError(f"table {path.name} cannot be read: {error}", hint="auditor snapshot verify") from error


def write_table(path: Path, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Write the rows and give the file's sha256; equal rows give equal bytes (no name, no time in the header)."""
    with (
        path.open("wb") as file,
        gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=9, mtime=0) as packed,
        io.TextIOWrapper(packed, encoding="utf-8", newline="\n") as text,
    ):
        text.writelines("\t".join(row) + "\n" for row in (columns, *rows))
    return sha256_of(path)


def sha256_of(path: Path) -> str:
    """The file's sha256, read piece by piece."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_sources(path: Path, content: bytes) -> str:
    """Put the notes on the sources beside the tables and give the file's sha256."""
    path.write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def statements(folder: Path) -> dict[str, str]:
    """How each source states an edge, in words, by the beginning of the source's name. *Raises*: SnapshotError."""
    try:
        data = tomllib.loads((folder / SOURCES).read_text(encoding="utf-8"))
        return {str(entry["match"]): str(entry.get("says", "")) for entry in data["source"]}
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise SnapshotError(f"{SOURCES} cannot be read: {error}", hint="auditor snapshot verify") from error


def digest_of(files: Iterable[tuple[str, int, str]]) -> str:
    """The digest that stands for all files together."""
    text = f"format {FORMAT}\n" + "".join(f"{name} {sha}\n" for name, _, sha in sorted(files))
    return hashlib.sha256(text.encode()).hexdigest()
