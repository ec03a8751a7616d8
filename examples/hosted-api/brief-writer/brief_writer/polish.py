"""Second looks."""

import anthropic

client = anthropic.Anthropic()


def polish(text: str) -> str:
    reply = client.messages.create(
        model="claude-sonnet-4-5",
        max_tokens=4096,
        messages=[{"role": "user", "content": f"Tighten this brief:\n{text}"}],
    )
    return reply.content[0].text
