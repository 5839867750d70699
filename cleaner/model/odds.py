"""Log-odds and probabilities."""

import numpy as np
from numpy.typing import NDArray

from cleaner.text.arrays import Floats


def probability(log_odds: NDArray[np.floating]) -> Floats:
    """The probabilities of log-odds: float64 of the same shape."""
    probabilities: Floats = 1 / (1 + np.exp(-log_odds.astype(np.float64)))
    return probabilities


def shift_threshold(probabilities: Floats, threshold: float) -> Floats:
    """The probabilities, moved so that one of ``threshold`` becomes 0.5."""
    if threshold == 0.5:
        return probabilities
    odds = probabilities / np.maximum(1 - probabilities, 1e-12) * (1 - threshold) / threshold
    shifted: Floats = odds / (1 + odds)
    return shifted
