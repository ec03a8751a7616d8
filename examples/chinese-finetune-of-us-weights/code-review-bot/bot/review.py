"""Comments on a diff, from the model that stands beside us in the pod."""

import os

from openai import OpenAI

client = OpenAI(base_url=os.environ["REVIEWER_URL"], api_key="unused")


def review(diff: str) -> str:
    reply = client.chat.completions.create(
        model="reviewer",
        messages=[{"role": "user", "content": f"Review this diff. Only what is wrong.\n\n{diff}"}],
    )
    return (reply.choices[0].message.content or "").split("</think>")[-1].strip()
