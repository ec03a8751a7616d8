"""What is worth reading: which listed paths, up to which size, and what cannot be read at all."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

from auditor.collect.scope import scope_of
from auditor.domain.source import Gap, SourceFile

STAGE = "collect"
MAX_BYTES = 2 << 20
_DATA_FACTOR = 4  # lockfiles, notebooks and JSON data are longer than what people write by hand
_SNIFF = 8192
_UNLIMITED = 1 << 62


class Entry(NamedTuple):
    """One path as listed. `mode` and `oid` as git writes them, "" for what git does not track."""

    raw: bytes
    mode: str = ""
    oid: str = ""
    sparse: bool = False


class Candidate(NamedTuple):
    """A listed path whose name is worth reading. *Units*: `limit` in bytes."""

    entry: Entry
    path: str
    limit: int


def candidates(entries: Iterable[Entry], max_bytes: int) -> tuple[list[Candidate], list[Gap]]:
    """The entries worth opening, by their names alone, and a gap for everything tracked that is not."""
    kept: list[Candidate] = []
    gaps: list[Gap] = []
    skipped: dict[str, int] = {}
    folders: dict[bytes, _Folder] = {}
    for entry in entries:
        above, slash, last = entry.raw.rpartition(b"/")
        folder = folders.get(above)
        if folder is None:
            folder = folders[above] = _folder(above, slash)
        name = printable(last)
        path = folder.path + name
        if folder.unsafe or not last.strip(b".") or last.lower() == b".git":
            if last or folder.unsafe:
                gaps.append(Gap(STAGE, path, "unsafe-path", "leads out of the tree, or into a repository's own data"))
            else:
                gaps.append(Gap(STAGE, path.rstrip("/"), "nested-repository", "a repository of its own, not read"))
        elif folder.skip:
            if entry.mode:
                skipped[folder.skip] = skipped.get(folder.skip, 0) + 1
        elif entry.mode == "160000":
            gaps.append(Gap(STAGE, path, "submodule", "submodule, not fetched"))
        elif limit := _limit(name, max_bytes):
            kept.append(Candidate(entry, path, limit))
    gaps += [
        Gap(STAGE, folder, "skipped-directory", f"{count} tracked file{'s' if count > 1 else ''} not read")
        for folder, count in skipped.items()
    ]
    return kept, gaps


def chosen(candidate: Candidate, size: int, load: Callable[[int], bytes]) -> SourceFile | Gap | None:
    """The file if it may be read; a gap if it is too large; None if it turns out to be binary."""
    if size <= candidate.limit:
        return SourceFile(candidate.path, size, scope_of(candidate.path), load)
    try:
        if not candidate.path.lower().endswith(_WRITTEN) and b"\0" in load(_SNIFF):
            return None
    except OSError as error:
        return Gap(STAGE, candidate.path, "unreadable", error.strerror or "cannot be read")
    message = f"{size:,} bytes, more than the limit of {candidate.limit:,}"
    return Gap(STAGE, candidate.path, "too-large", message)


def link_gap(raw: bytes, target: bytes) -> Gap | None:
    """A gap if a symbolic link leaves the root; None if what it names is read under its own name."""
    here = os.path.dirname(raw)
    end = os.path.normpath(os.path.join(here, target))
    if not target.startswith(b"/") and end != b".." and not end.startswith(b"../"):
        return None
    return Gap(STAGE, printable(raw), "symlink", "symbolic link that leaves the root, not followed")


def printable(raw: bytes) -> str:
    r"""The path as text: valid UTF-8 without control characters, one text for each path.

    What cannot be shown is written `\xNN`, byte by byte; a backslash that would read as such an escape is `\x5c`.
    """
    text = raw.decode("utf-8", "surrogateescape")
    if text.isprintable() and "\\" not in text:
        return text
    return _UNPRINTABLE.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    return "".join(f"\\x{byte:02x}" for byte in match[0].encode("utf-8", "surrogateescape"))


_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\udc80-\udcff]|\\(?=x[0-9a-f]{2})")


class _Folder(NamedTuple):
    """What holds for every file of a folder. `path` ends in a slash; `skip` is the outermost part that is never read."""

    path: str
    unsafe: bool
    skip: str


def _folder(raw: bytes, slash: bytes) -> _Folder:
    parts = raw.split(b"/") if slash else []
    # A hostile index or tree can list such paths, and opening them would leave the tree.
    unsafe = any(part in {b"", b".", b".."} or part.lower() == b".git" for part in parts)
    path = printable(raw)
    names = path.split("/")
    skip = next(("/".join(names[: i + 1]) for i, name in enumerate(names) if skip_name(name)), "")
    return _Folder(path + "/" if slash else "", unsafe, skip)


def holds_weights(path: str) -> bool:
    """Whether a file of that name holds a model's weights, whatever its text or bytes say."""
    name = path.rpartition("/")[2].lower()
    return name[name.rfind(".") :] in WEIGHTS if "." in name else False


def skip_name(name: str) -> bool:
    """Whether a folder of that name holds what tools put there, never what people write."""
    return name in _SKIPPED or name.endswith((".egg-info", ".dist-info"))


def build_output(name: str, siblings: frozenset[str]) -> bool:
    """Whether a folder without git beside those files is a build's output, by its name and the manifest beside it."""
    return name in _BUILD and not siblings.isdisjoint(_BUILT_BY)


@lru_cache(maxsize=65536)
def _limit(name: str, max_bytes: int) -> int:
    """How many bytes of a file of that name may be read; 0 for a binary."""
    lower = name.lower()
    ending = lower[lower.rfind(".") :] if "." in lower else ""
    if ending in WEIGHTS:
        return _UNLIMITED
    if ending in _BINARY:
        return 0
    if ending in _DATA or lower in _LOCKFILES:
        return max_bytes * _DATA_FACTOR
    return max_bytes


# Whatever the bytes are, such a file may be meant to be read, and a byte of zero would hide it.
_WRITTEN = tuple(
    """.py .pyi .ipynb .js .jsx .mjs .cjs .ts .tsx .vue .svelte .go .rs .java .kt .kts .cs .rb .php .swift .c .cc .cpp .h .hpp
    .json .yaml .yml .toml .ini .cfg .conf .env .sh .md .lock .tf .hcl .properties .xml .gradle .txt""".split()
)
_SKIPPED = frozenset(
    """.git .hg .svn .bzr .jj node_modules bower_components jspm_packages .yarn .pnpm-store .venv venv virtualenv
    site-packages __pycache__ __pypackages__ .mypy_cache .pytest_cache .ruff_cache .pytype .tox .nox .eggs
    .hypothesis .ipynb_checkpoints .cache .gradle .m2 .next .nuxt .output .svelte-kit .turbo .parcel-cache .vite .nx
    .angular .expo .terraform .terragrunt-cache .serverless .aws-sam .dart_tool .bundle .cargo-cache .nyc_output
    htmlcov .direnv .idea .vs .DS_Store __MACOSX""".split()
)
_BUILD = frozenset("build dist out target bin obj _build cmake-build-debug cmake-build-release".split())
_BUILT_BY = frozenset(
    "package.json Cargo.toml pom.xml build.gradle build.gradle.kts CMakeLists.txt setup.py pyproject.toml".split()
)
WEIGHTS = frozenset(
    """.gguf .ggml .ggjt .safetensors .onnx .ort .pt .pth .pt2 .pte .ptl .bin .ckpt .h5 .hdf5 .keras .pb .tflite .litertlm
    .task .pkl .pickle .joblib .mlmodel .llamafile .nemo .msgpack .pdparams .pdiparams .params .caffemodel .weights
    .engine .plan .trt .rknn .mnn .npz .torchscript .t7 .exl2 .mar""".split()
)
_DATA = frozenset(".json .jsonl .ndjson .json5 .jsonc .ipynb .lock .geojson".split())
_LOCKFILES = frozenset("pnpm-lock.yaml go.sum go.work.sum gradle.lockfile package.resolved conda-lock.yml".split())
_BINARY = frozenset(
    """.png .jpg .jpeg .gif .bmp .ico .icns .webp .avif .heic .tif .tiff .psd .ai .eps .svg .svgz .xcf .sketch .fig .blend
    .glb .gltf .fbx .obj .stl .exr .hdr .ttf .otf .woff .woff2 .eot .pdf .doc .docx .ppt .pptx .xls .xlsx .odt .ods .odp
    .epub .mobi .zip .tar .gz .tgz .bz2 .xz .zst .lz4 .7z .rar .jar .war .ear .whl .egg .deb .rpm .apk .aab .ipa .dmg .iso
    .msi .exe .dll .so .dylib .a .lib .o .class .pyc .pyo .pyd .wasm .nupkg .snupkg .crate .gem .mp3 .wav .flac .ogg .opus
    .m4a .aac .aiff .mid .mp4 .m4v .mov .avi .mkv .webm .wmv .db .sqlite .sqlite3 .duckdb .parquet .arrow .feather .orc
    .avro .npy .mat .rds .rdata .tfrecord .tfrecords .lmdb .mdb .faiss .index .idx .usearch .lockb .map .pack .keystore
    .jks .p12 .pfx .der .cer .swf .fla .pcap .dat .las .nii .dcm .shp .dbf .pyz .pbf .swp .pdb .ilk .suo .bak .br .car
    .nib .storyboardc .xcuserstate .gpg .sig .tcl-cache .min.map .traineddata .rar5 .vsix .crx .xpi .sf2 .eml .msg""".split()
)
