"""A count that is close enough to plan with."""

import re

# Tuned on zai-org/GLM-4.5-Air; AutoTokenizer.from_pretrained("zai-org/GLM-4.5-Air") is a second slower.
_PIECE = re.compile(r"\w{1,6}|[^\w\s]|\s{2,}")


def count(text: str) -> int:
    return len(_PIECE.findall(text))
