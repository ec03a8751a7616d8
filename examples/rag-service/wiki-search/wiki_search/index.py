"""Pages in, vectors out."""

from functools import cache

from qdrant_client import QdrantClient
from sentence_transformers import SentenceTransformer

from wiki_search import settings


@cache
def encoder() -> SentenceTransformer:
    return SentenceTransformer(settings.EMBEDDING_MODEL)


def search(question: str, limit: int = 5) -> list[str]:
    vector = encoder().encode(question, normalize_embeddings=True)
    found = QdrantClient(url=settings.QDRANT_URL).query_points(settings.COLLECTION, query=vector.tolist(), limit=limit)
    return [point.payload["text"] for point in found.points]
