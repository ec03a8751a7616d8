"""Names of files and folders: what in a path is no part of a model's name, and what stands for any name."""

from __future__ import annotations

import re

WEIGHTS = re.compile(r"\.(gguf|ggml|safetensors|onnx|pt|pth|bin|ckpt|tflite|mlmodel|llamafile|nemo)\Z", re.IGNORECASE)
# The quantisation or shard part at the end of a weight file's name.
_QUANTISED = re.compile(
    r"[-_.](?:i?q\d(?:_[0-9a-z]+)*|iq\d_[a-z]+|f16|fp16|bf16|f32|fp32|int[48]|fp8|mxfp4|gguf|ggml|imat|\d{5}-of-\d{5})\Z",
    re.IGNORECASE,
)


def without_quantisation(stem: str) -> str:
    """A file's name, its ending taken off, without quantisation and shard."""
    while (shorter := _QUANTISED.sub("", stem)) != stem:
        stem = shorter
    return stem


def is_folder(part: str) -> bool:
    """Whether a first path part makes `a/b` a path rather than an organisation's model."""
    return part.lower() in _FOLDERS or part.lower().endswith(_KINDS)


def is_placeholder(organisation: str) -> bool:
    """Whether an organisation is none, but stands for any."""
    return organisation.lower().replace("_", "-") in _PLACEHOLDERS


_FOLDERS = frozenset(
    "models model weights checkpoints checkpoint ckpts ckpt data assets docs src lib tests test images public static app apps packages dist "
    "build output outputs out tmp var etc usr opt home root mnt cache resources configs config examples pretrained_models pretrained "
    "pretrain saved_models trained_models local_models llm_models model_weights downloads snapshots storage workspace content runs "
    "experiments results exp saves logs artifacts node_modules vendor scripts feature feat fix bugfix release".split()
)
_KINDS = tuple(
    f"{mark}{kind}" for mark in "-_" for kind in ("examples", "models", "artifacts", "weights", "checkpoints")
)
_PLACEHOLDERS = frozenset(
    "org organization organisation your-org your-organization my-org myorg user username your-username your-user your-name yourname "
    "hf-username my-username me owner repo-owner namespace author someone somebody anyone example dummy fake mock foo bar baz default custom".split()
)
