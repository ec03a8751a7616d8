"""Everything that can be changed without touching code."""

import os

DEFAULT_EMBEDDING_MODEL = "BAAI/bge-m3"

QDRANT_URL = os.environ.get("QDRANT_URL", "http://qdrant:6333")
COLLECTION = os.environ.get("COLLECTION", "wiki")
LLM_URL = os.environ.get("LLM_URL", "http://llm:8000/v1")
EMBEDDING_MODEL = os.environ.get("EMBEDDING_MODEL", DEFAULT_EMBEDDING_MODEL)
