"""Programs that a command line carries: what they load is told like code, with its line in the file."""

from __future__ import annotations

import pytest

from auditor.detect.scan import scan
from tests.detect.sources import source
from tests.detect.test_match import matcher

DOCKERFILE = """\
FROM python:3.12
RUN echo "fetching" && \\
    python3 <<EOF
import torch
torch.hub.load(
    repo_or_dir='snakers4/silero-vad',
    model='silero_vad')
EOF
RUN python -c "import whisper; whisper.load_model('base')" && cat <<EOF > /etc/motd
served by BAAI/bge-m3
EOF
RUN python -m nltk.downloader -d /data punkt_tab
"""


def places(path: str, text: str) -> list[tuple[str, int]]:
    found = scan(source(path, text), matcher()).sightings
    return [(s.name.reference.name, s.span.line) for s in found if not s.name.tentative]


def test_a_program_that_a_build_step_carries_loads_what_it_names() -> None:
    assert places("Dockerfile", DOCKERFILE) == [
        ("snakers4/silero-vad", 6),
        ("snakers4/silero-vad", 7),
        ("openai/whisper-base", 9),
        ("punkt_tab", 12),
    ]


def test_steps_behind_a_here_document_are_still_read() -> None:
    text = "FROM acme/base\nRUN python3 - <<'PY' && echo done\nprint(1)\nPY\nRUN ollama pull qwen3:8b\n"
    assert [name for name, _ in places("Dockerfile", text)] == ["qwen3:8b"]


@pytest.mark.parametrize(
    "text",
    [
        "python3 - <<EOF\nprint('no models here')\nEOF\n",
        "python -c 'this is (not python'\n",
        "tee notes.txt <<EOF\nBAAI/bge-m3\nEOF\n",
        "python3 <<EOF\nfrom transformers import AutoTokenizer\nAutoTokenizer.from_pretrained('BAAI/bge-m3')\nEOF\n",
    ],
)
def test_a_program_or_a_text_that_loads_no_weights_names_none(text: str) -> None:
    assert places("run.sh", text) == []
