"""Weight files whose headers lie, whose pickles would run, or that unpack to more than a disk."""

from __future__ import annotations

import io
import os
import pickle
import struct
import zipfile

from tests.fuzz.starts import checkpoint, gguf, safetensors
from tests.hostile.case import Case, Place

_HUGE = 1 << 62


class _Runs:
    """Unpickled, it is the evil program that runs."""

    def __init__(self, command: str) -> None:
        self._command = command

    def __reduce__(self) -> tuple[object, ...]:
        return os.system, (self._command,)


def _gguf(place: Place) -> None:
    head = b"GGUF" + struct.pack("<I", 3)
    array = struct.pack("<IQ", 9, _HUGE)
    headers = {
        "pairs": gguf({"general.name": "x"}, stated=_HUGE),
        "string": head + struct.pack("<QQ", 0, 1) + struct.pack("<Q", _HUGE) + b"x",
        "value": head + struct.pack("<QQ", 0, 1) + struct.pack("<Q", 1) + b"a" + struct.pack("<IQ", 8, _HUGE),
        "array": head + struct.pack("<QQ", 0, 1) + struct.pack("<Q", 1) + b"a" + struct.pack("<IIQ", 9, 4, _HUGE),
        "nested": head + struct.pack("<QQ", 0, 1) + struct.pack("<Q", 1) + b"a" + struct.pack("<I", 9) + array * 1000,
        "empty-arrays": head
        + struct.pack("<QQ", 0, _HUGE)
        + (struct.pack("<Q", 0) + struct.pack("<IIQ", 9, 9, 0)) * 150_000,
        "cut": head,
        "version": b"GGUF" + b"\xff" * 64,
        "kind": head + struct.pack("<QQ", 0, 1) + struct.pack("<Q", 1) + b"a" + struct.pack("<I", 99),
        "zeros": b"GGUF" + bytes(4_000_000),
    }
    for name, content in headers.items():
        place.write(f"{name}.gguf", content)


def _safetensors(place: Place) -> None:
    headers = {
        "length": safetensors(b"{}", stated=_HUGE * 2),
        "long": safetensors(b"{}", stated=100_000_000),
        "short": safetensors(b'{"a": 1}', stated=3),
        "none": b"",
        "deep": safetensors(b"[" * 1_000_000),
        "digits": safetensors(b'{"a": ' + b"9" * 1_000_000 + b"}"),
        "list": safetensors(b"[1]"),
        "tensors": safetensors(b"{" + b",".join(b'"%d": {"dtype": "F16"}' % n for n in range(200_000)) + b"}"),
        "metadata": safetensors(b'{"__metadata__": {"a": ["' + b"x" * 5_000_000 + b'"]}}'),
        "bytes": safetensors(b'{"\xff\xfe": 1}'),
    }
    for name, content in headers.items():
        place.write(f"{name}.safetensors", content)


def _onnx(place: Place) -> None:
    messages = {
        "varint": b"\x12" + b"\xff" * 1000,
        "length": b"\x12\xff\xff\xff\xff\xff\xff\xff\xff\x7f" + b"x",
        "fields": b"\x08\x01" * 500_000,
        "graphs": b"\x3a\x02\x0a\x00" * 200_000,
        "nested": b"\x3a\xff\xff\x3f" * 100_000,
        "none": b"",
    }
    for name, content in messages.items():
        place.write(f"{name}.onnx", content)


def _pickles(place: Place) -> None:
    """Pickles that run a program when they are loaded, bare, zipped, cut off, and in disguise."""
    for protocol in (0, 2, 4, 5):
        runs = pickle.dumps(_Runs(str(place.evil)), protocol=protocol)
        for ending in ("pkl", "pt", "bin", "ckpt", "pth"):
            place.write(f"p{protocol}.{ending}", runs)
        place.write(f"z{protocol}.pt", checkpoint(runs))
        place.write(f"cut{protocol}.pkl", runs[:-5])
    runs = pickle.dumps(_Runs(str(place.evil)), protocol=2)
    place.write("model.safetensors", runs)
    place.write("model.gguf", runs)
    place.write("endless.pkl", b"\x80\x04" + b"(" * 3_000_000)
    place.write("long.pkl", b"\x80\x04\x8d" + struct.pack("<Q", _HUGE))
    place.write("memo.pkl", b"\x80\x04" + b"\x94" * 3_000_000)


def _archives(place: Place) -> None:
    """Zipped checkpoints of which a few kilobytes are a thousand times as much, and archives that lie."""
    zeros = bytes((200 if place.whole else 5) << 20)
    for method, name in ((zipfile.ZIP_DEFLATED, "deflate"), (zipfile.ZIP_BZIP2, "bzip2"), (zipfile.ZIP_LZMA, "lzma")):
        place.write(f"{name}.pt", checkpoint(zeros, method=method))
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(30_000 if place.whole else 1_000):
            archive.writestr(zipfile.ZipInfo(f"a/{number}"), b"")
    place.write("many.pt", many.getvalue())
    whole = checkpoint(pickle.dumps({"a": 1}))
    place.write("cut.pt", whole[:-10])
    place.write("broken.pt", whole.replace(b"data.pkl", b"dat\xff.pkl"))
    lies = bytearray(whole)
    lies[18:26] = b"\xff" * 8  # the sizes in the local header
    place.write("sizes.pt", bytes(lies))
    place.write("head.pt", b"PK\x03\x04" + b"\xff" * 100_000)


def _pointers(place: Place) -> None:
    """Pointers to large files elsewhere that claim anything."""
    line = "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize {}\n"
    place.write("a.gguf", line.format("0" * 64, "9" * 18))
    place.write("b.safetensors", line.format("g" * 64, "-1"))
    place.write("c.bin", line.format("0" * 64, "9" * 100_000))
    place.write("d.pt", "version https://git-lfs.github.com/spec/v1\n" + "x\n" * 400_000)


CASES: tuple[Case, ...] = (
    Case("weights", "GGUF headers that lie about lengths", _gguf, (("cut.gguf", "not-parsed"), ("string.gguf", "not-parsed"))),
    Case(
        "weights", "safetensors headers that lie about lengths", _safetensors,
        (("length.safetensors", "not-parsed"), ("deep.safetensors", "not-parsed"), ("digits.safetensors", "not-parsed")),
    ),
    Case("weights", "ONNX messages that lie about lengths", _onnx, (("none.onnx", "not-parsed"),)),
    Case("weights", "pickles that run a program when loaded", _pickles, (("model.safetensors", "not-parsed"),)),
    Case("weights", "checkpoints that unpack to a thousand times their size", _archives),
    Case("weights", "pointers to large files that claim anything", _pointers),
)  # fmt: skip
