from openai import OpenAI


class OpenAIEmbedder:
    def embed(self, text):
        return OpenAI().embeddings.create(model="text-embedding-3-small", input=text)
