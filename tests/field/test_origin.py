"""The labelled models, asked offline: what measure_origin reports is held."""

from __future__ import annotations

from collections import Counter

from tests.field import measure_origin


def test_of_the_most_downloaded_models_one_in_a_hundred_may_be_wrong_and_nineteen_in_twenty_are_right() -> None:
    truth = {name: root for name, root in measure_origin.labels().items() if root != measure_origin.OPEN}
    asked = measure_origin.answers((name, "") for name in truth)
    counted = Counter(measure_origin.judged(one, truth[one.id]) for one in asked)
    assert counted["right"] >= 0.95 * len(truth)
    assert counted["wrong"] <= 0.01 * len(truth)
