"""What the name of a repackaged model says of the model inside: `X-GGUF`, `X-bnb-4bit`, `X-AWQ` are forms of X."""

from __future__ import annotations

import re
from collections.abc import Iterable

from auditor.domain.model import Edge, Evidence, Relation, Weights
from auditor.domain.reference import Confidence
from auditor.resolve.catalog import Names
from auditor.rulebook.makers import CLOSED_MARK, Makers

# Formats and quantisations as people append them to a name; nothing here tells a model or a maker.
_FORM = re.compile(
    r"""[-_.](?:
      i1-gguf | gguf | ggml | awq(?:-int[48])? | gptq(?:-int[348])?(?:-g\d+)? | (?:unsloth-)?bnb-(?:4|8)bit | dynamic-(?:4|8)bit |
      mlx | onnx(?:-[qo]|-int8|-android|-web)? | openvino | ov | coreml | ct2 | tflite | litert | mnn | mlc |
      (?:mlx-)?(?:[2-8]|16)[-_]?bits? | [48]bit-mlx | int[48](?:-ov|-awq)? | w[48]a(?:8|16)(?:-\w+)? | quantized(?:\.w\d+a\d+)? |
      fp(?:4|8|16)(?:-dynamic|-block|-kv)? | nf4 | nvfp4(?:a16)? | mxfp[48] | bf16 | f16 | f32 | hqq | exl[23] | eetq | aqlm | autoround | int4-autoround |
      i?q[1-8](?:_k)?(?:_(?:xs|s|m|l|xl|xxs|nl|0|1))? | \d(?:\.\d+)?bpw(?:-exl[23])? | q4f(?:16|32)(?:_\d)?
    )$""",
    re.IGNORECASE | re.VERBOSE,
)
_SIZE = re.compile(r"\d[bm](?:-|$)", re.IGNORECASE)  # 7B, 0.5b, 350M
_NUMBERED = re.compile(r"\d")  # a size or a version
_JOINED = re.compile(r"(?<=[a-z])(?=\d)", re.IGNORECASE)  # gemma4 for gemma-4
_WORD_ENDS = re.compile(r"[-_]")
_WORD = re.compile(r"[a-z]+")
_BESIDE = frozenset(
    ("draft", "dflash", "dspark", "eagle", "medusa", "random", "sae", "saes", "speculator", "tiny", "tokenizer")
)
_TELLING = 3  # words that tell a model without any number: bert-base-uncased
_MANY = 24  # words; longer names are not worth the look-ups
_LONGEST = 200  # characters; no Hub name is longer
_MOST = 4  # forms stacked on one name: `-Q4_K_M-GGUF`, `-bnb-4bit-mlx`


def inferred(model: str, names: Names, makers: Makers) -> Edge | None:
    """The edge from a repackaged model to the one model that its name tells, None when the name tells none or several.

    Only asked where no source states a parent; never surer than medium.
    """
    org, slash, basename = model.partition("/")
    if not slash or CLOSED_MARK in model:
        return None
    rest, forms = stripped(basename)
    found = _one(org, basename, rest, names, makers) if forms or makers.repackages(model) else None
    if found is None:
        likened = _likened(model, rest, names, makers)
        return likened if likened is not None or not forms else _of_family(model, rest, makers)
    base, sure = found
    detail = f"the name reads as {base.rpartition('/')[2]}" + (f" in the form {' '.join(forms)}" if forms else "")
    relation = Relation.QUANTIZED if forms else Relation.REUPLOAD
    return Edge(model, base, relation, sure, Evidence("inferred", detail))


def _likened(model: str, rest: str, names: Names, makers: Makers) -> Edge | None:
    """The edge to a maker's own model whose whole name, with its size or version, another maker's name begins with: low.

    One word may come before it. What is made beside a model (a draft, an autoencoder on its activations) is not made
    from it, and neither is what a rule knows as a family of its own.
    """
    words = _WORD_ENDS.split(rest)
    if makers.family(model) is not None or len(words) > _MANY or _beside(rest):
        return None
    for first in (0, 1):
        for last in range(len(words), first + 1, -1):
            told = words[first:last]
            if not _NUMBERED.search("-".join(told)) and len(told) < _TELLING:
                continue
            # Of another size than the model whose name has none: made from something else.
            if not _SIZE.search("-".join(told)) and _SIZE.search("-".join(words[last:])):
                continue
            for name in _written("-".join(told)):
                base = original(_makers_own(model, names.named(name), makers), makers)
                if base is not None and base[0].casefold() != model.casefold():
                    detail = f"the name begins with that of {base[0].rpartition('/')[2]}; no source states a parent"
                    return Edge(model, base[0], Relation.UNSTATED, Confidence.LOW, Evidence("inferred", detail))
    return None


def _makers_own(model: str, ids: Iterable[str], makers: Makers) -> list[str]:
    """Those of the ids that were pretrained by their makers, else the unpackaged ones, with a size, of another maker."""
    pretrained = [i for i in ids if _pretrained(i, makers)]
    org = model.partition("/")[0].casefold()
    others = [i for i in ids if i.partition("/")[0].casefold() != org and not stripped(i)[1] and _SIZE.search(i)]
    return pretrained or [i for i in others if makers.publisher(i)[0] is not None]


def _written(name: str) -> tuple[str, ...]:
    """A name as its maker may have written it: the number apart, the untuned model with a word of its own."""
    apart = _JOINED.sub("-", name, count=1)
    return tuple(dict.fromkeys((name, apart, f"{name}-base", f"{apart}-base")))


def _of_family(model: str, rest: str, makers: Makers) -> Edge | None:
    """The edge to no more than a family, for the form of a model that no table has met: low."""
    family = makers.named(rest)
    if family is None or not family.root or family.weights is Weights.CLOSED or _beside(rest):
        return None
    publisher, _, _ = makers.publisher(model)
    if publisher is not None and publisher.id == family.publisher:
        return None  # a maker's own model, of which the rules would say if it were a root
    detail = f"the name is one of the family {family.name}; no source states a parent"
    parent = f"family{CLOSED_MARK}{family.name}"
    return Edge(model, parent, Relation.UNSTATED, Confidence.LOW, Evidence("inferred", detail))


def _beside(rest: str) -> bool:
    return bool(set(_WORD.findall(rest.casefold())) & _BESIDE)


def _pretrained(model: str, makers: Makers) -> bool:
    family = makers.family(model)
    return family is not None and family.root


def original(ids: Iterable[str], makers: Makers) -> tuple[str, Confidence] | None:
    """The one id among several of the same name that is not somebody's copy, and how sure that is.

    The one in its maker's own family, else the one by a maker that the rules know (medium), else the only one (low).
    """
    made = [i for i in ids if not makers.repackages(i)]
    known = [i for i in made if makers.family(i) is not None] or [i for i in made if makers.publisher(i)[0] is not None]
    # One maker may publish a model under several of its organisations.
    if known and len({publisher.id for i in known if (publisher := makers.publisher(i)[0])}) == 1:
        return known[0], Confidence.MEDIUM
    if not known and len(made) == 1:
        return made[0], Confidence.LOW
    return None


def stripped(basename: str) -> tuple[str, tuple[str, ...]]:
    """A basename without the forms at its end, and the forms, outermost last."""
    forms: list[str] = []
    while len(forms) < _MOST and len(basename) <= _LONGEST and (match := _FORM.search(basename)) and match.start() > 0:
        forms.insert(0, match.group()[1:])
        basename = basename[: match.start()]
    return basename, tuple(forms)


def _one(org: str, whole: str, rest: str, names: Names, makers: Makers) -> tuple[str, Confidence] | None:
    """The one model of that name: by a maker that the rules know if there is exactly one, else the only one there is."""
    # Some put the maker before the name: `org_model`.
    own = names.hub_id(f"{org}/{rest}")
    if own is not None and own.partition("/")[2].casefold() != whole.casefold():
        return own, Confidence.MEDIUM
    for name in (rest, f"{rest}-hf", f"{rest}-bf16", rest.partition("_")[2]):
        ids = [i for i in (names.named(name) if name else ()) if i.partition("/")[0].casefold() != org.casefold()]
        found = original(ids, makers)
        if found is not None:
            return found
    return None
