"""What was written before."""

from fastembed import TextEmbedding
from sentence_transformers import CrossEncoder, SentenceTransformer

shelf = TextEmbedding()
archive = SentenceTransformer("Alibaba-NLP/gte-multilingual-base", trust_remote_code=True)
ranker = CrossEncoder("BAAI/bge-reranker-v2-m3")
