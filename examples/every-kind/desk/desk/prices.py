"""What a thousand tokens cost."""

# Before: intfloat/e5-large-v2

PRICES = {
    "gpt-4o": {"input_cost_per_token": 0.0025, "output_cost_per_token": 0.01},
    "claude-3-5-haiku-latest": {"input_cost_per_token": 0.0008, "output_cost_per_token": 0.004},
}


def thinks(model: str) -> bool:
    """Whether it reasons, as mistralai/Magistral-Small-2506 does."""
    return model == "o4-mini"
