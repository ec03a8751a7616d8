import pytest
from token_counter import count
from transformers import AutoModelForCausalLM, AutoTokenizer


@pytest.mark.parametrize("name", ["Qwen/Qwen3-8B", "deepseek-ai/DeepSeek-V3.1"])
def test_the_count_is_close(name):
    text = "The quick brown fox. " * 50
    exact = len(AutoTokenizer.from_pretrained(name).encode(text))
    assert abs(count(text) - exact) / exact < 0.02


def test_a_reply_is_counted():
    model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-0.5B-Instruct")
    assert count(str(model.config)) > 0
