"""A text as an array of its code points, for counting and hashing without a loop over characters."""

import numpy as np
from numpy.typing import NDArray

Codepoints = NDArray[np.uint32]


def codepoints(text: str) -> Codepoints:
    """The code points of a text: ``(n_characters,) uint32``, read-only. Lone surrogates are kept.

    >>> codepoints("aé😀").tolist()
    [97, 233, 128512]
    """
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
