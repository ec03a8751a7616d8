"""Weights that nobody but their maker has a name for: a weight file, a folder of them, an object in a bucket."""

from __future__ import annotations

import re

ENDINGS = tuple(
    f".{kind}"
    for kind in "pt pth ckpt safetensors onnx ort tflite lite mlmodel mlmodelc mlpackage ftz h5 hdf5 keras gguf ggml engine trt "
    "pdparams pdmodel nemo llamafile caffemodel t7 rknn mnn ncnn bin pb task traineddata".split()
)
STORES = tuple(f"{scheme}://" for scheme in "s3 gs gcs az abfs abfss wasb wasbs oss cos obs tos oci r2 b2 hdfs".split())
_FILE = re.compile(rf"(?:{'|'.join(map(re.escape, ENDINGS))})\Z", re.IGNORECASE)
_BUCKET = re.compile(rf"(?:{'|'.join(STORES)})[\w.-]+/[\w./=-]*\w\Z", re.ASCII | re.IGNORECASE)
_URL = re.compile(r"https?://[\w.-]+/[\w./=%~+-]+", re.ASCII | re.IGNORECASE)
_PATH = re.compile(r"[~\w.@=+-]*(?:/[\w.@=+-]+)*/?\Z", re.ASCII)
HOLDS_WEIGHTS = frozenset(
    "pretrained pretrained_model pretrained_models pretrained-models pretrain checkpoints checkpoint ckpts ckpt weights model_weights "
    "model-weights saved_models".split()
)
# Names of files that stand for any model.
_ANYBODYS = frozenset(
    "model pytorch_model diffusion_pytorch_model adapter_model weights best last final checkpoint latest".split()
)


def own_weights(text: str) -> str | None:
    """The name of weights that a text is by its shape: its path or address, None when it is neither.

    It says nothing of use: a file of that kind may as well be written, listed or deleted.
    """
    if "://" in text:
        address = _URL.match(text)
        if address and _FILE.search(address[0]) and text[address.end() : address.end() + 1] in ("", "?", "#"):
            stem = _FILE.sub("", address[0].rpartition("/")[2])
            return address[0] if stem.lower() in _ANYBODYS else stem
        return text if is_bucket(text) else None
    known = text.rpartition("{}/")[2] if "{}" in text else text
    if "{}" in known or not _PATH.match(known):
        return None
    if known != text and "/" not in known:
        return None  # in a folder that only a run knows, a file is a part of whatever model lies there
    while known.startswith(("./", "../")):
        known = known.partition("/")[2]
    *folders, last = known.rstrip("/").split("/")
    if _FILE.search(last):
        if not folders and _FILE.sub("", last).lower() in _ANYBODYS:
            return None
        return known if re.search(r"[A-Za-z]", last.partition(".")[0]) else None
    held = known == text.strip("/") and any(folder.lower() in HOLDS_WEIGHTS for folder in folders)
    return known.rstrip("/") if held and len(last) > 2 and "." not in last else None


def is_bucket(text: str) -> bool:
    """Whether a text is the address of an object or folder in a store: `s3://...`, `gs://...`."""
    return _BUCKET.match(text) is not None
