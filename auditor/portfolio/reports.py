"""Reports that were made earlier -> one sample, without auditing anything again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from auditor.domain.claim import Level
from auditor.domain.model import Verdict
from auditor.domain.portfolio import Audited, Frame, Holding, Sample, Use
from auditor.domain.report import Jurisdiction, ProductVerdict, SnapshotInfo
from auditor.errors import AuditError, TargetError
from auditor.portfolio.claims import USAGE
from auditor.portfolio.merge import Origin, model_facts, row, sample

_LEVEL = USAGE | {"trains": Level.TRAINED, "mentions": Level.MENTIONED}


def from_reports(paths: Sequence[Path]) -> Sample:
    """A sample of the reports: each is a company of its own; a portfolio's JSON brings its companies along.

    A folder stands for the reports in it. *Raises*: AuditError naming the file that is none, TargetError for none at all.
    """
    files = [file for path in paths for file in _files(path)]
    if not files:
        raise TargetError("there is no report", hint="auditor scan -o report.json makes one")
    frames: list[Frame] = []
    rows = [one for file in files for one in _rows(file, frames)]
    return sample(frames[0] if len(frames) == 1 and len(files) == 1 else Frame(), rows)


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(file for file in path.iterdir() if file.suffix == ".json")


def _rows(file: Path, frames: list[Frame]) -> Iterator[tuple[Audited, Origin | None]]:
    try:
        text = file.read_bytes()
    except OSError as error:
        raise TargetError(f"cannot read {file}: {error.strerror}") from error
    try:
        document = json.loads(text)
    except ValueError as error:
        raise AuditError(f"{file} is not JSON: {error}") from error
    if not isinstance(document, dict) or "portfolio" not in document:
        yield row(text, _holding(document, file), "", str(file))
        return
    try:
        frames.append(_frame(document["portfolio"]))
        yield from _products(document)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise AuditError(f"{file} is not a whole portfolio: {type(error).__name__} {error}") from error


def _holding(document: object, file: Path) -> Holding:
    target = document.get("target", {}) if isinstance(document, dict) else {}
    location = target.get("location") if isinstance(target, dict) else None
    name = location if isinstance(location, str) and location else file.stem
    return Holding(name, name, company=name)


def _frame(told: dict[str, Any]) -> Frame:
    return Frame(told["name"], told["population"] or 0, told["sampling"])


def _products(document: dict[str, Any]) -> Iterator[tuple[Audited, Origin | None]]:
    models = {model["id"]: model_facts(model) for model in document["models"]}
    origin = _origin(document)
    for told in document["products"]:
        holding = Holding(
            told["name"],
            told["source"],
            part=told["path"] or "",
            company=told["company"],
            country=told["country"] or "",
            tags=tuple(told["tags"]),
        )
        error = told["error"] or ""
        uses = tuple(Use(models[u["model"]], _LEVEL[u["usage"]], u["path"], u["line"]) for u in told["uses"])
        key = Path(told["report"] or "").stem
        verdict = ProductVerdict(told["verdict"])
        audited = Audited(
            holding, key, told["commit"], verdict, told["why"] or "", uses, told["gaps"], error, told["since"] or ""
        )
        yield audited, None if error else origin


def _origin(document: dict[str, Any]) -> Origin:
    asked, tool = document["jurisdiction"], document["tool"]
    held = tool["snapshot"]
    jurisdiction = Jurisdiction(
        asked["id"],
        asked["id"],
        asked["id"],
        tuple(asked["countries"]),
        (),
        tuple(Verdict(verdict) for verdict in asked["counted"]),
        bool(asked["outside"]),
    )
    return Origin(jurisdiction, tool["version"], tool["rules"], SnapshotInfo(held["id"], held["built"] or "", 0, 0))
