"""Weight files -> what their headers say. Nothing is unpickled, and no tensor is read."""

from __future__ import annotations

import io
import json
import pickletools
import re
import struct
import zipfile
from collections import Counter
from collections.abc import Iterator

from auditor.domain.fact import Artifact
from auditor.domain.source import SourceFile

HEADER = 4 * 1024 * 1024
_SAFETENSORS = 8 * 1024 * 1024
_PICKLE = 64 * 1024
_POINTER = 1024
_LONGEST = 2000
_LFS = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\n(?:.*\n)*?oid sha256:([0-9a-f]{64})\n(?:.*\n)*?size (\d{1,18})"
)


def parse(file: SourceFile) -> Iterator[Artifact]:
    """The weight file as an artifact, or nothing when it is none.

    *Raises* ValueError when it claims to be one and not even the beginning of its header can be read.
    """
    head = file.load(_POINTER)
    pointer = _LFS.match(head)
    if pointer:
        yield Artifact("lfs", (), int(pointer.group(2)), pointer.group(1).decode())
        return
    ending = file.path.rsplit(".", 1)[-1].lower()
    if head.startswith(b"GGUF"):
        yield Artifact("gguf", _sorted(_gguf(file.load(HEADER))), file.size)
    elif ending == "safetensors":
        yield Artifact("safetensors", _sorted(_safetensors(file.load(_SAFETENSORS + 8))), file.size)
    elif ending == "onnx":
        yield Artifact("onnx", _sorted(_onnx(file.load(1024 * 1024))), file.size)
    elif head.startswith(b"PK\x03\x04") and ending in _PICKLED:
        yield Artifact("pickle", (("container", "zip"), *_zipped(file)), file.size)
    elif re.match(rb"\x80[\x02-\x05]", head):
        yield Artifact("pickle", (("container", "pickle"), *_globals(file.load(_PICKLE))), file.size)


_PICKLED = frozenset(("pt", "pth", "bin", "ckpt", "pkl", "pickle", "ptl", "model"))


def _sorted(pairs: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((key[:_LONGEST], value[:_LONGEST]) for key, value in pairs.items()))


# GGUF: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
_NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9
_MAX_PAIRS = 65_536
_MAX_NESTED = 4


class _Ends(ValueError):
    """The header goes on past what was read."""


class _Reader:
    def __init__(self, data: bytes, order: str, *, wide: bool) -> None:
        self._data = data
        self._at = 8
        self._order = order
        self._length = "Q" if wide else "I"

    def number(self, code: str) -> int | float | bool:
        size = struct.calcsize(f"={code}")
        (value,) = struct.unpack(self._order + code, self._take(size))
        number: int | float | bool = value
        return number

    def length(self) -> int:
        return int(self.number(self._length))

    def string(self) -> bytes:
        return self._take(self.length())

    def skip_array(self, depth: int = 0) -> tuple[int, int]:
        """Passes over an array; gives back the type of its elements and their number."""
        kind, count = int(self.number("I")), self.length()
        if kind in _NUMBERS:
            self._take(count * struct.calcsize(f"={_NUMBERS[kind]}"))
        elif kind == _STRING:
            for _ in range(count):
                self.string()
        elif kind == _ARRAY and depth < _MAX_NESTED:
            for _ in range(count):
                self.skip_array(depth + 1)
        else:
            raise _Ends
        return kind, count

    def _take(self, size: int) -> bytes:
        if size > len(self._data) - self._at:
            raise _Ends
        taken = self._data[self._at : self._at + size]
        self._at += size
        return taken


def _gguf(data: bytes) -> dict[str, str]:
    """Every key with a string or number; arrays by their length. What a cut-off header still held is kept."""
    if len(data) < 24:
        raise ValueError("GGUF: the header is cut off")
    order = "<" if int.from_bytes(data[4:8], "little") < 1 << 16 else ">"
    (version,) = struct.unpack(order + "I", data[4:8])
    reader = _Reader(data, order, wide=version > 1)
    found: dict[str, str] = {}
    try:
        tensors, pairs = reader.length(), reader.length()
        for _ in range(min(pairs, _MAX_PAIRS)):
            key = reader.string().decode("utf-8", "replace")
            kind = int(reader.number("I"))
            if kind == _STRING:
                found[key] = reader.string()[: 4 * _LONGEST].decode("utf-8", "replace")
            elif kind == _ARRAY:
                found[f"{key}.length"] = str(reader.skip_array()[1])
            elif kind in _NUMBERS:
                found[key] = str(reader.number(_NUMBERS[kind]))
            else:
                raise _Ends
    except _Ends:
        if not found:
            raise ValueError("GGUF: the header is cut off or false") from None
        return found
    return found | {"tensor_count": str(tensors)}


def _safetensors(data: bytes) -> dict[str, str]:
    """`__metadata__`, the number of tensors and their most usual type.

    Source: https://huggingface.co/docs/safetensors/index#format
    """
    length = int.from_bytes(data[:8], "little")
    if len(data) < 10 or length > len(data) - 8:
        raise ValueError("safetensors: the header is cut off, false or too large")
    header = json.loads(data[8 : 8 + length])
    if not isinstance(header, dict):
        raise ValueError("safetensors: the header is no object")
    metadata = header.pop("__metadata__", None)
    found = {str(key): str(value) for key, value in metadata.items()} if isinstance(metadata, dict) else {}
    types = Counter(str(tensor.get("dtype")) for tensor in header.values() if isinstance(tensor, dict))
    if types:
        found["dtype"] = min(types, key=lambda name: (-types[name], name))
    return found | {"tensor_count": str(len(header))}


# ModelProto of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
_ONNX = {2: "producer_name", 3: "producer_version", 4: "domain", 6: "doc_string"}
_GRAPH, _METADATA, _GRAPH_NAME = 7, 14, 2


def _onnx(data: bytes) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, value in _fields(data):
        if number in _ONNX:
            found[_ONNX[number]] = value.decode("utf-8", "replace")
        elif number == _GRAPH:
            name = next((text for inner, text in _fields(value) if inner == _GRAPH_NAME), b"")
            found["graph_name"] = name[: 4 * _LONGEST].decode("utf-8", "replace")
        elif number == _METADATA:
            entry = dict(_fields(value))
            found[entry.get(1, b"").decode("utf-8", "replace")] = entry.get(2, b"").decode("utf-8", "replace")
    if not found:
        raise ValueError("ONNX: no readable header")
    return found


def _fields(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The length-delimited fields of a protobuf message; a cut-off last one as far as it goes."""
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        kind = tag & 7
        if kind == 0:
            _, at = _varint(data, at)
        elif kind == 1:
            at += 8
        elif kind == 5:
            at += 4
        elif kind == 2:
            size, at = _varint(data, at)
            yield tag >> 3, data[at : at + size]
            at += size
        else:
            return


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(data):
            return value, at
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            break
    return value, at


def _zipped(file: SourceFile) -> tuple[tuple[str, str], ...]:
    """The global names of `data.pkl` in a zipped checkpoint small enough to be read whole."""
    if file.size > HEADER:
        return ()
    try:
        with zipfile.ZipFile(io.BytesIO(file.load(HEADER))) as archive:
            name = next((name for name in archive.namelist() if name.endswith("data.pkl")), None)
            if name is None:
                return ()
            with archive.open(name) as member:
                return _globals(member.read(_PICKLE))
    except Exception:  # a false archive makes its readers raise nearly anything
        return ()


def _globals(data: bytes) -> tuple[tuple[str, str], ...]:
    """The names that unpickling would import, from the opcodes alone."""
    names: set[str] = set()
    strings: list[str] = []
    try:
        for opcode, argument, _ in pickletools.genops(data):
            if opcode.name in ("GLOBAL", "INST"):
                names.add(str(argument).replace(" ", "."))
            elif opcode.name == "STACK_GLOBAL" and len(strings) >= 2:
                names.add(".".join(strings[-2:]))
            elif isinstance(argument, str):
                strings = [*strings[-1:], argument]
    except Exception:
        # Cut-off or false data makes the disassembler raise nearly anything; what was read before it counts.
        return _named(names)
    return _named(names)


def _named(names: set[str]) -> tuple[tuple[str, str], ...]:
    return (("globals", " ".join(sorted(names))[:_LONGEST]),) if names else ()
