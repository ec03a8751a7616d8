"""Names of weight files: which there are, and what in them is no part of the model's name."""

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
