"""A text as an array of code points: the form in which all characters of a page are counted and hashed at once."""

import numpy as np
from numpy.typing import NDArray

#: Unicode code points: ``(n_characters,) uint32``.
Codes = NDArray[np.uint32]


def codes_of(text: str) -> Codes:
    """The code points of a text, lone surrogates included: ``(len(text),) uint32``, read-only.

    >>> codes_of("aé").tolist()
    [97, 233]
    """
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
