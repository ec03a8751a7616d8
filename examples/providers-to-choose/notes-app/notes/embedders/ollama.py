import ollama


class OllamaEmbedder:
    def embed(self, text):
        return ollama.embed(model="nomic-embed-text", input=text)
