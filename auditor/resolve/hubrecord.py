"""What the Hub says of a model as a record. Its authors say it unchecked, so nothing of it is taken to be well-formed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from auditor.domain.model import Edge, Evidence, Record, Relation, Weights
from auditor.domain.reference import Confidence
from auditor.resolve.tasks import modality_of

_MOST = 20  # parents of one model
_ID = re.compile(r"[A-Za-z0-9][\w.\-]{0,95}/[\w.\-]{1,96}", re.ASCII)
_PAGE = re.compile(r"https?://(?:www\.)?(?:huggingface\.co|hf\.co)/(?:models/)?", re.IGNORECASE)
_OTHER = frozenset({"datasets", "spaces", "collections", "papers", "buckets"})
_RELATIONS = {r.value: r for r in (Relation.FINETUNE, Relation.ADAPTER, Relation.MERGE, Relation.QUANTIZED)}


def record_of(name: str, said: Mapping[str, Any], *, endpoint: str, as_of: str) -> Record:
    """The record of a model that was asked for as `name`. *Shape*: no parents when none is stated, or none is a model.

    A model that lives under another name now has that one as its only parent: the two are one.
    """
    found = said.get("id")
    if isinstance(found, str) and _ID.fullmatch(found) and found.casefold() != name.casefold():
        moved = _evidence("the Hub leads from this name to that one", found, endpoint, as_of)
        return Record(name, (Edge(name, found, Relation.REUPLOAD, Confidence.HIGH, moved),), evidence=moved)
    hub_id = found if isinstance(found, str) and found.casefold() == name.casefold() else name
    card = said.get("cardData")
    card = card if isinstance(card, dict) else {}
    evidence = _evidence("the model's page on the Hub", hub_id, endpoint, as_of)
    task = said.get("pipeline_tag")
    return Record(
        hub_id,
        parents=_parents(hub_id, said, card, _evidence("base_model on the model's page", hub_id, endpoint, as_of)),
        license=license_of(card, said.get("tags")),
        modality=modality_of(task) if isinstance(task, str) else "",
        weights=Weights.OPEN,
        note="disabled on the Hub" if said.get("disabled") is True else "",
        evidence=evidence,
    )


def stated_parents(said: Mapping[str, Any]) -> tuple[tuple[str, Relation], ...]:
    """The models that a model's page names as its bases, and how it relates to them. *Shape*: unique, at most 20."""
    card = said.get("cardData")
    return tuple(dict.fromkeys(_stated(said, card if isinstance(card, dict) else {})))[:_MOST]


def license_of(card: Mapping[str, Any], tags: object) -> str:
    """The licence by card or tag, "" when none is told."""
    told = card.get("license")
    if isinstance(told, str) and len(told) < 60:
        return told
    listed = tags if isinstance(tags, list) else []
    return next((t.removeprefix("license:") for t in listed if isinstance(t, str) and t.startswith("license:")), "")


def _parents(hub_id: str, said: Mapping[str, Any], card: Mapping[str, Any], evidence: Evidence) -> tuple[Edge, ...]:
    others = [(p, r) for p, r in dict.fromkeys(_stated(said, card)) if p.casefold() != hub_id.casefold()]
    if others:
        return tuple(Edge(hub_id, parent, relation, Confidence.HIGH, evidence) for parent, relation in others[:_MOST])
    config = said.get("config")
    peft = config.get("peft") if isinstance(config, dict) else None
    base = _model(peft.get("base_model_name_or_path")) if isinstance(peft, dict) else ""
    if not base or base.casefold() == hub_id.casefold():
        return ()
    told = Evidence("hub", "base_model_name_or_path in adapter_config.json", evidence.url, evidence.as_of)
    return (Edge(hub_id, base, Relation.ADAPTER, Confidence.MEDIUM, told),)


def _stated(said: Mapping[str, Any], card: Mapping[str, Any]) -> Iterator[tuple[str, Relation]]:
    """By what the Hub makes of it, else by the card itself, else by the tags."""
    known = said.get("baseModels")
    if isinstance(known, dict) and isinstance(known.get("models"), list):
        relation = _relation(known.get("relation"))
        names = [_model(m.get("id")) for m in known["models"] if isinstance(m, dict)]
        yield from ((name, relation) for name in names if name)
        return
    told = card.get("base_model")
    relation = _relation(card.get("base_model_relation"))
    names = [_model(one) for one in (told if isinstance(told, list) else [told])]
    if any(names):
        yield from ((name, relation) for name in names if name)
        return
    tags = said.get("tags")
    for tag in tags if isinstance(tags, list) else ():
        prefix, _, rest = tag.partition(":") if isinstance(tag, str) else ("", "", "")
        kind, colon, name = rest.partition(":")
        if prefix == "base_model" and colon and kind in _RELATIONS and _model(name):
            yield _model(name), _RELATIONS[kind]


def _model(told: object) -> str:
    """The Hub id in what was given for one, "" when it is a dataset, a folder, a title or no text at all."""
    if not isinstance(told, str) or len(told) > 300:
        return ""
    bare = _PAGE.sub("", told.strip()).strip("/")
    if bare.partition("/")[0].lower() in _OTHER or not _ID.fullmatch(bare):
        return ""
    return bare


def _relation(told: object) -> Relation:
    return _RELATIONS.get(told, Relation.UNSTATED) if isinstance(told, str) else Relation.UNSTATED


def _evidence(detail: str, hub_id: str, endpoint: str, as_of: str) -> Evidence:
    return Evidence("hub", detail, f"{endpoint}/{hub_id}" if endpoint.startswith("https://") else "", as_of)
