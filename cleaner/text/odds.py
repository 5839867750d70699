"""Probabilities and log-odds: the logistic function and its inverse."""

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

#: An array of floats; the result has the precision of the argument.
FloatArray = TypeVar("FloatArray", bound=NDArray[np.floating[Any]])


def probability(log_odds: FloatArray) -> FloatArray:
    """The probability of each log-odds, same shape and dtype: ``1 / (1 + exp(-x))``.

    >>> probability(np.array([0.0, 2.0])).round(3).tolist()
    [0.5, 0.881]
    """
    result: FloatArray = 1 / (1 + np.exp(-log_odds))
    return result


def log_odds(probability: FloatArray) -> FloatArray:
    """The log-odds of each probability, same shape and dtype: ``ln(p / (1 - p))``. 0 and 1 give infinities: clip first.

    >>> log_odds(np.array([0.5, 0.881])).round(3).tolist()
    [0.0, 2.002]
    """
    result: FloatArray = np.log(probability / (1 - probability))  # type: ignore[assignment]
    return result


def shift_threshold(probabilities: FloatArray, threshold: float) -> FloatArray:
    """The probabilities, moved so that one of ``threshold`` becomes 0.5: same shape and dtype."""
    if threshold == 0.5:
        return probabilities
    odds = probabilities / np.maximum(1 - probabilities, 1e-12) * (1 - threshold) / threshold
    shifted: FloatArray = odds / (1 + odds)
    return shifted
