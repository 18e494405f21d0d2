"""The losses of one sample: how far the prediction ŷ is from the truth y. Their arithmetic stands in `engine.loss`."""

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

HALF_SQUARED_ERROR, MEAN_SQUARED_ERROR, CROSS_ENTROPY, BINARY_CROSS_ENTROPY = range(4)


@dataclass(frozen=True)
class Loss:
    """One loss: the engine's number for it, its equation in TeX, and the activation of the output layer that it needs, if any.

    A loss that needs an activation takes ŷ as a probability, so its truths lie between 0 and 1.
    Source: lecture deck, "Loss Function"; the entropies: Neural Networks II and the data science notes (logistic loss).
    """

    code: int
    equation: str
    output: str | None = None

    def check_fits(self, name: str, output: str, y: np.ndarray) -> None:
        """Raise ValueError when the output layer's activation or the truths (n, k) are not what the loss needs; the message uses its name."""
        if self.output is None:
            return
        if output != self.output:
            cure = f"give the output layer {self.output}, or choose another loss"
            raise ValueError(f"the loss {name} needs the output activation {self.output}, but the network has {output}: {cure}")
        wrong = np.argwhere((y < 0) | (y > 1))
        if len(wrong):
            sample, response = wrong[0].tolist()
            cure = "encode the classes as 0 and 1, and scale the responses to 0 to 1 or not at all"
            raise ValueError(f"y of sample {sample} is {y[sample, response]:g}, but the loss {name} needs truths from 0 to 1: {cure}")


LOSSES = MappingProxyType(
    {
        "half_squared_error": Loss(HALF_SQUARED_ERROR, r"\frac{1}{2} \sum_k (\hat{y}_k - y_k)^2"),
        "mean_squared_error": Loss(MEAN_SQUARED_ERROR, r"\frac{1}{K} \sum_k (\hat{y}_k - y_k)^2"),
        "cross_entropy": Loss(CROSS_ENTROPY, r"-\sum_k y_k \ln \hat{y}_k", output="softmax"),
        "binary_cross_entropy": Loss(BINARY_CROSS_ENTROPY, r"-\sum_k y_k \ln \hat{y}_k + (1 - y_k) \ln (1 - \hat{y}_k)", output="sigmoid"),
    }
)
