embedding_model = "nomic-ai/nomic-embed-text-v1.5"
