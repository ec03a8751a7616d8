"""A client that looks like one service and asks another."""

import os

from openai import OpenAI

client = OpenAI(base_url="https://api.deepseek.com", api_key=os.environ["REASONER_KEY"])


def think(text: str):
    return client.chat.completions.create(model="deepseek-reasoner", messages=[{"role": "user", "content": text}])
