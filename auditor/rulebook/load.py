"""The rules: read, checked and joined into one `Rulebook`, once for every state of the files."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Final, TypeVar

from auditor.errors import RuleError
from auditor.rulebook import cache as store
from auditor.rulebook.types import Rulebook

# Read by the stages that they belong to; what stands in the snapshot has a digest of its own.
_ELSEWHERE: Final = frozenset({"claims.toml", "fingerprints.toml", "languages.toml"})
_SNAPSHOT: Final = "snapshot"
_T = TypeVar("_T")


def load(directory: Path | None = None, *, extra: Path | None = None, cache: bool = True) -> Rulebook:
    """Every rule of `directory` (the shipped ones by default), then those of `extra`.

    *Raises* RuleError naming file, rule id and field.
    """
    files = _files(directory or shipped(), "") + (_files(extra, "extra/") if extra else [])
    digest = _digest(files)
    if cache and (known := store.read(digest)) is not None:
        return known
    rulebook = _decode(files, digest)
    if cache:
        store.write(digest, rulebook)
    return rulebook


def shipped() -> Path:
    """The folder of the rules that come with the program: in the wheel, or beside the package in a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "_rules"
    return inside if inside.is_dir() else package.parent / "rules"


def _files(directory: Path, prefix: str) -> list[tuple[str, bytes]]:
    if not directory.is_dir():
        raise RuleError(f"no rules at {directory}", hint="a folder of TOML files, as in the shipped rules")
    found: list[tuple[str, bytes]] = []
    for folder, folders, names in os.walk(directory):
        folders[:] = sorted(f for f in folders if f != _SNAPSHOT and not f.startswith("."))
        for name in sorted(n for n in names if n.endswith(".toml")):
            path = Path(folder, name)
            try:
                found.append((prefix + path.relative_to(directory).as_posix(), path.read_bytes()))
            except OSError as error:
                raise RuleError(f"{path}: cannot be read: {error.strerror}") from error
    return sorted(found)


def _digest(files: list[tuple[str, bytes]]) -> str:
    sha = hashlib.sha256()
    for name, content in files:
        sha.update(f"{name}\0{len(content)}\0".encode())
        sha.update(content)
    return sha.hexdigest()[:16]


def _decode(files: list[tuple[str, bytes]], digest: str) -> Rulebook:
    # A cached rulebook needs none of this.
    from auditor.domain.report import Jurisdiction
    from auditor.rulebook import types
    from auditor.rulebook.check import check
    from auditor.rulebook.parse import parse

    rules = [
        rule
        for name, content in files
        if name.removeprefix("extra/") not in _ELSEWHERE
        for rule in parse(name, content)
    ]
    values = [rule.value for rule in rules]

    def of(kind: type[_T]) -> tuple[_T, ...]:
        return tuple(value for value in values if isinstance(value, kind))

    rulebook = Rulebook(
        digest=digest,
        publishers=of(types.PublisherRule),
        families=of(types.FamilyRule),
        models=of(types.ModelRule),
        providers=of(types.ProviderRule),
        registries=of(types.RegistryRule),
        calls=of(types.CallRule),
        keys=of(types.KeyRule),
        commands=of(types.CommandRule),
        words=of(types.WordRule),
        packages=of(types.PackageRule),
        stacks=of(types.StackRule),
        flags=of(types.FlagRule),
        jurisdictions=of(Jurisdiction),
        sources=tuple(name for name, _ in files),
    )
    check(rules)
    return rulebook
