"""Weight files by their headers: what is read, and that false headers cost and harm nothing."""

from __future__ import annotations

import io
import json
import pickle
import struct
import zipfile

import pytest

from auditor.detect import weights
from auditor.domain.fact import Artifact
from auditor.domain.source import Scope, SourceFile
from tests.detect.sources import source


def read(path: str, data: bytes) -> Artifact:
    (artifact,) = weights.parse(source(path, data))
    return artifact


def text(value: str) -> bytes:
    return struct.pack("<Q", len(value)) + value.encode()


def gguf(*pairs: bytes, count: int | None = None, tensors: int = 2) -> bytes:
    return b"GGUF" + struct.pack("<IQQ", 3, tensors, len(pairs) if count is None else count) + b"".join(pairs)


NAME = text("general.name") + struct.pack("<I", 8) + text("Large 7B")
SIZE = text("a.block_count") + struct.pack("<II", 4, 32)
SCALE = text("a.scale") + struct.pack("<If", 6, 0.5)
TOKENS = text("a.tokens") + struct.pack("<IIQ", 9, 8, 3) + text("x") + text("y") + text("z")
NUMBERS = text("a.ids") + struct.pack("<IIQ", 9, 5, 4) + struct.pack("<4i", 1, 2, 3, 4)
NESTED = text("a.grid") + struct.pack("<IIQ", 9, 9, 1) + struct.pack("<IQB", 0, 1, 7)
SOURCE = text("general.source.url") + struct.pack("<I", 8) + text("https://example.org")


def test_a_gguf_header_gives_texts_and_numbers_and_counts_arrays() -> None:
    artifact = read("m.gguf", gguf(NAME, SIZE, SCALE, TOKENS, NUMBERS, NESTED, SOURCE))
    assert artifact.format == "gguf"
    assert artifact.metadata == (
        ("a.block_count", "32"),
        ("a.grid.length", "1"),
        ("a.ids.length", "4"),
        ("a.scale", "0.5"),
        ("a.tokens.length", "3"),
        ("general.name", "Large 7B"),
        ("general.source.url", "https://example.org"),
        ("tensor_count", "2"),
    )


def test_gguf_is_known_by_its_first_bytes_whatever_its_name() -> None:
    assert read("blobs/sha256-0a", gguf(NAME)).format == "gguf"


@pytest.mark.parametrize(
    "rest",
    [
        NAME + SIZE[:20],
        NAME + struct.pack("<Q", 2**63),
        NAME + text("k") + struct.pack("<I", 8) + struct.pack("<Q", 2**64 - 1),
        NAME + text("k") + struct.pack("<IIQ", 9, 8, 2**60),
        NAME + text("k") + struct.pack("<IIQ", 9, 10, 2**63),
        NAME + text("k") + struct.pack("<IIQ", 9, 9, 2**60) + struct.pack("<IQ", 9, 2**60) * 100,
        NAME + text("k") + struct.pack("<I", 99),
    ],
)
def test_of_a_cut_off_or_false_gguf_header_the_beginning_is_kept(rest: bytes) -> None:
    assert dict(read("m.gguf", gguf(rest, count=2**64 - 1)).metadata) == {"general.name": "Large 7B"}


@pytest.mark.parametrize("data", [b"GGUF", b"GGUF\x03\0\0\0", gguf(struct.pack("<Q", 2**62), count=9)])
def test_a_gguf_header_without_any_value_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="GGUF"):
        read("m.gguf", data)


def test_no_more_than_the_header_of_a_gguf_is_read() -> None:
    asked: list[int] = []

    def load(limit: int) -> bytes:
        asked.append(limit)
        return gguf(NAME)[:limit]

    (artifact,) = weights.parse(SourceFile("m.gguf", 10**12, Scope.RUNTIME, load))
    assert artifact.size == 10**12
    assert max(asked) <= 4 * 1024 * 1024


def safetensors(header: object) -> bytes:
    data = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(data)) + data


def test_a_safetensors_header_gives_its_metadata_and_usual_type() -> None:
    header = {
        "__metadata__": {"base": "acme/m1"},
        "a": {"dtype": "BF16", "shape": [1], "data_offsets": [0, 2]},
        "b": {"dtype": "BF16", "shape": [1], "data_offsets": [2, 4]},
        "c": {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]},
    }
    artifact = read("m.safetensors", safetensors(header) + b"\0" * 8)
    assert artifact.format == "safetensors"
    assert artifact.metadata == (("base", "acme/m1"), ("dtype", "BF16"), ("tensor_count", "3"))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff" * 8,
        struct.pack("<Q", 2**40) + b"{}",
        safetensors(b"{"),
        safetensors([]),
        safetensors(b"[" * 100_000),
    ],
)
def test_a_false_safetensors_header_is_refused(data: bytes) -> None:
    with pytest.raises((ValueError, RecursionError)):
        read("m.safetensors", data)


def field(number: int, data: bytes) -> bytes:
    size, length = len(data), b""
    while size > 0x7F:
        length += bytes([size & 0x7F | 0x80])
        size >>= 7
    return bytes([number << 3 | 2]) + length + bytes([size]) + data


def test_an_onnx_header_gives_producer_graph_and_properties() -> None:
    entry = field(1, b"base_model") + field(2, b"acme/m1")
    graph = field(2, b"main") + field(1, b"node" * 100)
    data = b"\x08\x07" + field(2, b"exporter") + field(7, graph) + field(14, entry)
    artifact = read("m.onnx", data)
    assert artifact.metadata == (("base_model", "acme/m1"), ("graph_name", "main"), ("producer_name", "exporter"))


@pytest.mark.parametrize("data", [b"", b"\xff" * 100, b"\x08\x07"])
def test_a_false_onnx_file_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="ONNX"):
        read("m.onnx", data)


def test_a_field_that_claims_more_than_the_file_holds_ends_with_the_file() -> None:
    assert read("m.onnx", b"\x12\xff\xff\xff\xff\xff\xff\xff\xff\x7fexporter").metadata == (
        ("producer_name", "exporter"),
    )


class Bomb:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (eval, ("1 / 0",))


@pytest.mark.parametrize("protocol", [2, 4])
def test_a_pickle_is_taken_apart_and_never_loaded(protocol: int) -> None:
    artifact = read("m.bin", pickle.dumps(Bomb(), protocol=protocol))
    assert artifact.format == "pickle"
    assert "eval" in dict(artifact.metadata)["globals"]


def test_a_zipped_checkpoint_is_a_pickle_inside() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps(Bomb(), protocol=2))
    artifact = read("m.pt", buffer.getvalue())
    assert artifact.metadata[0] == ("container", "zip")
    assert "eval" in dict(artifact.metadata)["globals"]


def test_a_broken_zip_or_pickle_is_still_told() -> None:
    assert read("m.pt", b"PK\x03\x04junk").metadata == (("container", "zip"),)
    assert read("m.bin", b"\x80\x04\xff\xff").metadata == (("container", "pickle"),)


def test_a_file_of_another_kind_is_none() -> None:
    assert list(weights.parse(source("firmware.bin", b"\x7fELF"))) == []
    assert list(weights.parse(source("m.pt", b"hello"))) == []


POINTER = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0a' * 32}\nsize 4096\n".encode()


@pytest.mark.parametrize("path", ["m.gguf", "m.safetensors", "m.bin", "m.onnx"])
def test_a_large_file_pointer_gives_digest_and_size(path: str) -> None:
    artifact = read(path, POINTER)
    assert (artifact.format, artifact.digest, artifact.size) == ("lfs", "0a" * 32, 4096)
