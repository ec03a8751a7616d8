from sentence_transformers import SentenceTransformer


class LocalEmbedder:
    def __init__(self):
        self.model = SentenceTransformer("BAAI/bge-m3")
