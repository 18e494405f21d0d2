"""TeX that is put together of pieces: it looks as if it had been set at once, and few pieces are set."""

import numpy as np
import pytest

from ann_dashboard import Network
from ann_dashboard.engine.run import train
from ann_dashboard.engine.training import Training
from ann_dashboard.film.camera import Camera
from ann_dashboard.lessons import LECTURE
from ann_dashboard.views import tex

MOST_SET = 20
"""Of a network whose 180 weights and derivatives have a subscript each, and of its curves."""


@pytest.mark.parametrize("letter", [r"\lambda", "b", "H", "O", "I", "y", r"\hat{y}", "L", "m", "v"])
@pytest.mark.parametrize("figures", ["1", "4", "10", "1,12", "11,12", "144", "9,5", "4in", "10in", "23in"])
def test_a_subscript_that_is_put_together_is_the_one_that_is_set_at_once(letter: str, figures: str) -> None:
    whole, together = tex._set(f"{letter}_{{{figures}}}"), tex.outline(f"{letter}_{{{figures}}}")
    np.testing.assert_allclose(together.path.vertices, whole.path.vertices, rtol=0, atol=1e-12)
    np.testing.assert_array_equal(together.path.codes, whole.path.codes)
    assert together.width == pytest.approx(whole.width, abs=1e-12)


def test_a_network_with_many_weights_sets_few_pieces() -> None:
    """Setting one takes 3 to 5 ms; the subscripts of 1-12-12-1 alone would be 252."""
    for cached in (tex.outline, tex._atom, tex._set, tex._figures, tex._letter):
        cached.cache_clear()
    network = Network((3, 12, 12, 1))
    Camera(network).film(train(network, LECTURE.data, Training(epochs=1)))
    assert tex._set.cache_info().misses < MOST_SET
