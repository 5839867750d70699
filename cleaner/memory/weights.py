"""What was learned about lines that recur."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, Self

import numpy as np

from cleaner.memory.features import NAMES, Columns
from cleaner.text.arrays import Floats, inner
from cleaner.text.data_files import read_data

#: The format of the file that this version reads.
FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class RecurrenceWeights:
    """A logistic regression from the columns of a line to the log-odds of residue that its recurrence adds to those of
    the model: ``coefficients`` are (n_columns,) float64.

    ``provenance`` says what they were fitted on.
    """

    coefficients: Floats
    provenance: Mapping[str, Any] = field(default_factory=dict)

    def weights(self, columns: Columns) -> Floats:
        """The weight of each line's evidence, in log-odds of residue: ``(n_lines,) float64``; 0 for none."""
        weights = inner(columns.values, self.coefficients)
        return np.where(columns.asked, np.maximum(weights, 0.0), 0.0)

    def dump(self) -> str:
        """The file: JSON."""
        named = dict(zip(NAMES, self.coefficients.round(3).tolist(), strict=True))
        return json.dumps({"format": FORMAT, "coefficients": named, "provenance": self.provenance}, indent=2) + "\n"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The weights in a file. Raises ``ValueError`` for one of another format or with other columns."""
        data = json.loads(text)
        if data["format"] != FORMAT or list(data["coefficients"]) != list(NAMES):
            raise ValueError("the weights of recurring lines are of another version")
        return cls(np.array(list(data["coefficients"].values())), data["provenance"])


@cache
def load() -> RecurrenceWeights:
    """The bundled weights."""
    return RecurrenceWeights.parse(read_data("cleaner.memory", "weights.json").decode())
