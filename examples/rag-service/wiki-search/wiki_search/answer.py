"""An answer from the pages that were found."""

from openai import OpenAI

from wiki_search import settings
from wiki_search.index import search

PROMPT = "Answer from these pages only. Say so when they do not tell."


def answer(question: str) -> str:
    client = OpenAI(base_url=settings.LLM_URL, api_key="none")
    pages = "\n\n".join(search(question))
    reply = client.chat.completions.create(
        model=client.models.list().data[0].id,
        messages=[{"role": "system", "content": PROMPT}, {"role": "user", "content": f"{pages}\n\n{question}"}],
    )
    return reply.choices[0].message.content or ""
