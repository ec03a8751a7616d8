"""What fuzzing begins with: the examples, the rules, and the regressions, as small files for each target."""

from __future__ import annotations

import gzip
import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from auditor.resolve.compile import compile
from tests.fuzz.starts import start
from tests.fuzz.targets import FILES, TABLES

ROOT = Path(__file__).parent.parent.parent
SEEDS = Path(__file__).parent / "seeds"
_LONGEST = 4096

# Words of the syntaxes, so that what is made of them gets past the first token.
WORDS = (
    *("model", "Qwen/Qwen3-8B", "gpt-4.1", "from_pretrained", "base_model", "sentence-transformers", "transformers"),
    *(": ", "= ", "'", '"', '"""', "\n", "\n  ", "\r\n", "\t", "- ", "? ", "[", "]", "{", "}", "(", ")", ",", ";", "#"),
    *("//", "/*", "*/", "<<EOF", "EOF", "&a ", "*a", "|\n", ">\n", "---\n", "!!str ", "[[", "]]", "<%", "%>", "@", "=>"),
    *("\\", "\\\n", "$", "${", "${A:-b}", "{{", "}}", "$(", "&&", "`", "\u2028", "\x85", "\ufeff", "\x00", "\x0c", "é", "😀"),
    *("import ", "from ", "def ", "class ", "return ", "lambda ", "if ", "for ", "async ", "await ", "with ", "try:", "f'"),
    *("const ", "function ", "export ", "require(", "func ", "fn ", "let ", "var ", "struct ", "impl ", "match ", "enum "),
    *("RUN ", "CMD ", "ENV ", "ARG ", "FROM ", "ENTRYPOINT ", "services:\n", "command: ", "environment:\n", "env:\n"),
    *("apiVersion: v1\n", "kind: x\n", "jobs:\n", "steps:\n", "uses: ", "run: ", "resource ", "variable ", "default "),
    *("[project]", "dependencies", "[[package]]", "name = ", "version = ", "==1.0", ">=2,<3", "; extra", "<dependency>"),
    *("cells", "cell_type", "source", "metadata", "outputs", "%%bash\n", "!pip install ", "%pip ", "__metadata__", "dtype"),
    *("GGUF\x03\0\0\0", "general.name", "\x08\x00\x00\x00", "PK\x03\x04", "\x80\x04", "data.pkl", "\x8c", "version https://git-lfs"),
    *("[policy]", "[[policy.clause]]", "[[waiver]]", "expires", "match", "outcome", "[[product]]", "[portfolio]"),
    *("schema_version", "hit", "miss", "as-of", "[[call]]", "[[family]]", "[[publisher]]", "callee", "pattern"),
)  # fmt: skip


def dictionary() -> str:
    """The words as libFuzzer reads them."""
    written = ("".join(map("\\x{:02x}".format, word.encode())) for word in WORDS)
    return "".join(f'"{word}"\n' for word in written)


def beginnings(target: str) -> Iterator[bytes]:
    """Inputs that a target is known to read well, or once did not."""
    yield from (path.read_bytes() for path in sorted((SEEDS / target).glob("*")))
    if begun := start(target):
        yield begun
    yield from _of_files(FILES[target]) if target in FILES else _of_settings(target)


def _of_files(name: str) -> Iterator[bytes]:
    wanted = PurePosixPath(name)
    for path in sorted((ROOT / "examples").rglob("*")):
        alike = path.suffix == wanted.suffix if wanted.suffix else path.name.startswith(wanted.name)
        if path.is_file() and alike and path.name != "expected.toml":
            yield path.read_bytes()[:_LONGEST]


def _of_settings(target: str) -> Iterator[bytes]:
    if target == "rules":
        for path in sorted((ROOT / "rules").rglob("*.toml"))[:20]:
            blocks = re.split(r"\n(?=\[\[)", path.read_text("utf-8"))
            yield from (block.encode() for block in blocks[1:8] if len(block) < _LONGEST)
    elif target in ("policy", "shared-policy", "manifest"):
        for path in sorted((ROOT / "docs").glob("*.md")):
            for block in re.findall(r"```toml\n(.*?)```", path.read_text("utf-8"), re.DOTALL):
                yield block.encode()
                if target == "shared-policy":
                    yield re.sub(r"^(\[+)", r"\1tool.auditor.", block, flags=re.MULTILINE).encode()
    elif target == "report":
        yield json.dumps(_REPORT).encode()
    elif target == "snapshot-compiled":
        yield _compiled()
    elif target.startswith("snapshot-"):
        yield b'format = 1\ndigest = "0"\nbuilt = "2026-01-01"\n[[file]]\nname = "a"\nrows = 1\nsha256 = "0"\n'
        yield b"child\trelation\tparent\tconfidence\tsource\na/b\tfinetune\tc/d\thigh\tpypi:x==1\n"
        yield gzip.compress(b"scheme\talias\thub_id\tconfidence\tsource\nollama\tb\ta/b\thigh\tpypi:x==1\n", mtime=0)
        yield b"id\tdownloads\ttask\tlicense\tsource\na/b\t1\ttext-generation\tmit\tpypi:x==1\n"
        yield b'[[source]]\nmatch = "pypi:"\nsays = "x"\n'
    elif target == "hub-answer":
        card = {"base_model": ["c/d"], "base_model_relation": "finetune", "license": "mit"}
        yield json.dumps(
            {"id": "a/b", "cardData": card, "tags": ["base_model:finetune:c/d"], "pipeline_tag": "x"}
        ).encode()
        yield json.dumps(
            {"baseModels": {"relation": "merge", "models": [{"id": "c/d"}]}, "config": {"peft": {}}}
        ).encode()
    elif target == "address":
        yield from (b"https://a:b@example.com/x.git?y#z", b"git@example.com:a/b.git", b"ext::sh -c x", b"file:///a")
    else:
        yield b"a.py\0from transformers import pipeline\npipeline(model='Qwen/Qwen3-8B')\n"


def _compiled() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        for name, content in TABLES.items():
            Path(folder, name).write_bytes(content)
        compile(Path(folder), Path(folder, "compiled"))
        return Path(folder, "compiled").read_bytes()


_PLACE = {"path": "a.py", "line": 1, "column": 1, "role": "default", "usage": "runs", "product": ".", "text": "c/d"}
_MODEL = {
    "id": "c/d", "usage": "runs", "publisher": {"id": "c", "name": "C", "countries": ["XX"]}, "weights": "open",
    "origin": {"verdict": "root", "confidence": "high", "roots": [], "countries": {}, "why": ""}, "occurrences": [_PLACE],
}  # fmt: skip
_REPORT = {
    "schema_version": "1",
    "tool": {"name": "auditor", "version": "1", "rules": "0", "snapshot": {"id": "0", "built": "2026-01-01"}},
    "target": {"kind": "worktree", "location": "a", "repository": None, "commit": None},
    "jurisdiction": {"id": "chinese", "countries": ["CN"], "counted": ["root"], "outside": False},
    "products": [{"name": "a", "path": ".", "verdict": "yes", "why": "", "runs": ["c/d"], "selectable": [], "mentions": []}],
    "models": [_MODEL],
    "decisions": [], "gaps": [], "summary": {"verdict": "yes", "models": 1},
}  # fmt: skip
