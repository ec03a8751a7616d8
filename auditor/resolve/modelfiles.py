"""What a model's own files on the Hub name: the parts that ship inside, and what it was loaded from.

Read only where the model's page states no base, and only files that the page lists: a pipeline's index with the
configurations of its parts, an adapter's configuration, and the configuration of a model that joins several media.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from auditor.domain.model import Relation

INDEX = "model_index.json"
ADAPTER = "adapter_config.json"
CONFIG = "config.json"

MOST = 8  # files of one model

_FOLDERS = ("text_encoder", "text_encoder_2", "text_encoder_3", "image_encoder", "transformer", "unet", "vae")
_TOWERS = ("text_config", "vision_config", "audio_config", "llm_config", "encoder", "decoder")
_JOINED = frozenset(
    (
        "any-to-any",
        "audio-text-to-text",
        "document-question-answering",
        "image-text-to-text",
        "image-to-text",
        "video-text-to-text",
        "visual-document-retrieval",
        "visual-question-answering",
    )
)
_ORIGINS = ("_name_or_path", "name_or_path", "pretrained_model_name_or_path", "base_model_name_or_path")
_ID = re.compile(r"[A-Za-z0-9][\w.\-]{0,95}/[\w.\-]{1,96}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Named:
    """A model that a file names. `place` is the file and the key, as a person finds it."""

    model: str
    relation: Relation
    place: str

    @classmethod
    def of(cls, kept: Sequence[str]) -> Named:
        """The same, from the values that were kept of it."""
        model, relation, place = kept
        return cls(model, Relation(relation), place)


def listed(said: Mapping[str, Any]) -> tuple[str, ...]:
    """Of the files that a model's page lists, those that may name other models. *Shape*: in our order, unique."""
    siblings = said.get("siblings")
    names = {
        entry["rfilename"]
        for entry in (siblings if isinstance(siblings, list) else ())
        if isinstance(entry, dict) and isinstance(entry.get("rfilename"), str)
    }
    return tuple(path for path in (INDEX, ADAPTER, CONFIG, *_configurations()) if path in names)


def wanted(said: Mapping[str, Any]) -> tuple[str, ...]:
    """The files worth a request each, for a model whose page states no base. *Shape*: at most `MOST`."""
    files = listed(said)
    if INDEX in files:
        return (INDEX, *(path for path in _configurations() if path in files))[:MOST]
    if ADAPTER in files:
        return (ADAPTER,)
    return (CONFIG,) if CONFIG in files and said.get("pipeline_tag") in _JOINED else ()


def named(path: str, content: object) -> tuple[Named, ...]:
    """The models that one file names, as far as they can be ids of the Hub. *Shape*: unique, in the file's order."""
    return tuple(dict.fromkeys(_named(path, content))) if isinstance(content, dict) else ()


def _configurations() -> Iterator[str]:
    return (f"{folder}/{CONFIG}" for folder in _FOLDERS)


def _named(path: str, content: Mapping[str, Any]) -> Iterator[Named]:
    if path == INDEX:
        yield from _origin(content, Relation.UNSTATED, path)
        for part, entry in content.items():
            # [library, class, {"pretrained_model_name_or_path": ...}] of a modular pipeline
            for more in entry if isinstance(entry, list) else ():
                yield from _origin(more, Relation.COMPONENT, f"{path}, {part}")
    elif path == ADAPTER:
        yield from _origin(content, Relation.ADAPTER, path)
    elif path == CONFIG:
        for tower in _TOWERS:
            yield from _origin(content.get(tower), Relation.COMPONENT, f"{path}, {tower}")
    else:
        yield from _origin(content, Relation.COMPONENT, path)


def _origin(told: Any, relation: Relation, place: str) -> Iterator[Named]:
    for key in _ORIGINS if isinstance(told, dict) else ():
        value = told.get(key)
        if isinstance(value, str) and _ID.fullmatch(value):
            yield Named(value, relation, f"{place}, {key}")
            return
