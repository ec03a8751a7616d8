"""Does this proof hold? A reasoning model reads it three times, and the majority decides."""

import sys
from collections import Counter

from vllm import LLM, SamplingParams

MODEL = "nvidia/OpenReasoning-Nemotron-7B"


def verdicts(proof: str, readings: int = 3) -> Counter[str]:
    llm = LLM(model=MODEL, max_model_len=32768)
    params = SamplingParams(n=readings, temperature=0.6, top_p=0.95, max_tokens=16384)
    (reply,) = llm.generate([f"Check this proof. End with VALID or INVALID.\n\n{proof}"], params)
    return Counter(reading.text.rsplit(maxsplit=1)[-1] for reading in reply.outputs)


if __name__ == "__main__":
    print(verdicts(sys.stdin.read()).most_common(1)[0][0])
