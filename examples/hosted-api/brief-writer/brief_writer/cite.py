"""Citations, where the cheapest model is good enough: another vendor behind the same client."""

import os

from openai import OpenAI

client = OpenAI(api_key=os.environ["DEEPSEEK_API_KEY"], base_url="https://api.deepseek.com")


def cite(text: str) -> str:
    reply = client.chat.completions.create(
        model="deepseek-chat",
        messages=[{"role": "user", "content": f"List the cases cited:\n{text}"}],
    )
    return reply.choices[0].message.content or ""
