"""Which of our old tickets is like this new one?"""

import numpy as np
from fastembed import TextEmbedding

embedding = TextEmbedding()


def nearest(ticket: str, tickets: list[str], count: int = 3) -> list[str]:
    vectors = np.array(list(embedding.embed([ticket, *tickets])))
    order = np.argsort(-(vectors[1:] @ vectors[0]))
    return [tickets[i] for i in order[:count]]
