"""A name of one maker, sent to another."""

import os

from anthropic import Anthropic


def ask(text: str):
    client = Anthropic(base_url="https://api.z.ai/api/anthropic", api_key=os.environ["PROXY_KEY"])
    return client.messages.create(model="claude-opus-4-5", max_tokens=100, messages=[{"role": "user", "content": text}])
