from sentence_transformers import SentenceTransformer


def test_a_small_encoder_will_do():
    assert SentenceTransformer("sentence-transformers/paraphrase-MiniLM-L3-v2")
