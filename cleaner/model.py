"""The learned part at run time: a weights file, scores for tokens and words, and boosted trees, in numpy.

For text the rules' priors are the whole model so far (:class:`Priors`). For HTML a weights file holds what was
learned: a numpy archive without pickles, which ``cleaner-learn fit`` writes. Its arrays:

``about``                  JSON as UTF-8 bytes: format number, what it was trained on, scores
``node_tokens, node_weights``  class and id tokens, one a line, and their log-odds
``words, word_weights``    words of the text, one a line, and their log-odds
``columns``                names of the features that the trees use, one a line
``roots, feature, threshold, left, right, value``  the trees: node numbers; a leaf's ``left`` is itself
"""

import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Any, Final, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from cleaner.features import Array, Columns, Scorer, matrix
from cleaner.rulebook import split
from cleaner.segment import Node, Page
from cleaner.words import UNSPACED

#: The format that this version reads.
FORMAT: Final = 1
#: Share of the rules' weight that counts beside the trees, which know the rules as columns. It keeps a rule that is
#: newer than the weights from being ignored, and gave one more perfect news page in 100 on unseen sites for .002 of F1
#: elsewhere.
RULES: Final = 0.15
#: Words of a block that its text score looks at, from its start: what gives residue away stands there.
MAX_WORDS: Final = 60
#: Blocks of at most so many words are also looked up by pairs of words.
PAIRS: Final = 10

_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Trees:
    """Gradient-boosted trees, flattened: all nodes of all trees in one row of arrays."""

    columns: tuple[str, ...]
    roots: NDArray[np.int32]
    feature: NDArray[np.int16]
    threshold: Array
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: Array
    depth: int

    def arrays(self) -> dict[str, Any]:
        """The arrays of a weights file."""
        found = {name: getattr(self, name) for name in ("roots", "feature", "threshold", "left", "right", "value")}
        return {**found, "columns": _bytes("\n".join(self.columns))}

    @classmethod
    def parse(cls, file: Mapping[str, NDArray[Any]]) -> Self:
        """The trees in the arrays of a weights file."""
        roots, left, right = file["roots"], file["left"], file["right"]
        depth = _depth(roots, left, right)
        columns = tuple(_lines(file["columns"]))
        return cls(columns, roots, file["feature"], file["threshold"], left, right, file["value"], depth)

    @classmethod
    def none(cls) -> Self:
        """No trees at all."""
        numbers, floats = np.zeros(0, np.int32), np.zeros(0, np.float32)
        return cls((), numbers, numbers.astype(np.int16), floats, numbers, numbers, floats, 0)

    def margins(self, columns: Columns) -> Array:
        """The log-odds of body for each block: (blocks,)."""
        if not len(self.roots):
            return np.zeros(len(next(iter(columns.values()))), np.float32)
        data = matrix(columns, self.columns)
        rows = np.arange(len(data))[:, None]
        node = np.broadcast_to(self.roots, (len(data), len(self.roots)))
        for _ in range(self.depth):
            goes_left = data[rows, self.feature[node]] <= self.threshold[node]
            node = np.where(goes_left, self.left[node], self.right[node])
        total: Array = self.value[node].sum(axis=1, dtype=np.float32)
        return total


class Model(Scorer, Protocol):
    """What turns a page's columns into the log-odds of body."""

    def margins(self, columns: Columns) -> Array: ...


class Priors:
    """The rules alone: a block is body unless a rule speaks against it more surely than another one speaks for it.

    Measured on what trafilatura leaves of news pages (:mod:`cleaner.learn.evaluate`): as trees over shape, position
    and words did no better at the same harm, this is what text is judged by.
    """

    #: Log-odds of body of a block that no rule speaks about: five in six blocks of an extractor's output are body.
    BODY: Final = 1.6

    def nodes(self, page: Page) -> Array:
        """Nothing learned: zeros."""
        return np.zeros(len(page.nodes), np.float32)

    def texts(self, page: Page) -> Array:
        """Nothing learned: zeros."""
        return np.zeros(len(page.blocks), np.float32)

    def margins(self, columns: Columns) -> Array:
        """The log-odds of body for each block: (blocks,)."""
        total: Array = np.float32(self.BODY) - columns["rule_residue"] + columns["rule_body"]
        return total


@dataclass(frozen=True, slots=True)
class Weights:
    """Everything that was learned for one kind of source."""

    trees: Trees
    node_weights: Mapping[str, float] = field(default_factory=dict)
    word_weights: Mapping[str, float] = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict)

    def nodes(self, page: Page) -> Array:
        """The log-odds that each element's classes and ids speak for body: (nodes,)."""
        weights = self.node_weights
        return np.array([sum(weights.get(t, 0.0) for t in node_tokens(node)) for node in page.nodes], np.float32)

    def texts(self, page: Page) -> Array:
        """The log-odds that each block's words speak for body: (blocks,)."""
        weights = self.word_weights
        out = np.zeros(len(page.blocks), np.float32)
        for at, block in enumerate(page.blocks):
            tokens = text_tokens(block.plain)
            if tokens:
                out[at] = sum(weights.get(t, 0.0) for t in tokens) / len(tokens) ** 0.5
        return out

    def margins(self, columns: Columns) -> Array:
        """The log-odds of body for each block: (blocks,)."""
        total: Array = self.trees.margins(columns) - np.float32(RULES) * columns["rule_residue"]
        return total

    def dump(self) -> bytes:
        """The weights file: equal weights give equal bytes."""
        out = io.BytesIO()
        nodes, words = sorted(self.node_weights.items()), sorted(self.word_weights.items())
        arrays: dict[str, Any] = {
            "about": _bytes(json.dumps(self.about, sort_keys=True)),
            "node_tokens": _bytes("\n".join(t for t, _ in nodes)),
            "node_weights": np.array([w for _, w in nodes], np.float16),
            "words": _bytes("\n".join(t for t, _ in words)),
            "word_weights": np.array([w for _, w in words], np.float16),
        }
        np.savez_compressed(out, **arrays, **self.trees.arrays())
        return out.getvalue()

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """The weights in a file. Raises ``ValueError`` for a file of another format."""
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            about = json.loads(file["about"].tobytes())
            if about.get("format") != FORMAT:
                raise ValueError(f"weights of format {about.get('format')}, this version reads {FORMAT}")
            return cls(
                Trees.parse(file),
                dict(zip(_lines(file["node_tokens"]), file["node_weights"].tolist(), strict=True)),
                dict(zip(_lines(file["words"]), file["word_weights"].tolist(), strict=True)),
                about,
            )


@cache
def load(kind: str) -> Model:
    """The model for ``html`` or ``text`` that comes with the library."""
    if kind == "text":
        return Priors()
    return Weights.parse(resources.files("cleaner").joinpath("weights", f"{kind}.npz").read_bytes())


def node_tokens(node: Node) -> Iterator[str]:
    """What the node scorer knows an element by: its tag, its classes and ids, and the words in them."""
    yield f"<{node.tag}>"
    for token in node.tokens:
        yield token
        for word in split(token[1:]):
            if not word.isdigit():
                yield word


def text_tokens(text: str) -> list[str]:
    """What the text scorer knows a block by: its words, its first word, and the pairs of a short block."""
    found = words_of(text)[:MAX_WORDS]
    if not found:
        return []
    tokens = list(dict.fromkeys(found))
    tokens.append("^" + found[0])
    if len(found) <= PAIRS:
        tokens += [f"{a} {b}" for a, b in pairwise(found)]
    return tokens


def words_of(text: str) -> list[str]:
    """The words of a text in lower case; in scripts that do not part words, the pairs of characters.

    >>> words_of("Tuesday's vote"), words_of("今日は雨")
    (['tuesday', 's', 'vote'], ['今日', '日は', 'は雨'])
    """
    found = _WORD.findall(text[:1000].lower())
    if text.isascii() or not UNSPACED.search(text):
        return found
    return [part for word in found for part in _pairs(word)]


def _pairs(word: str) -> Iterable[str]:
    if len(word) < 3 or not UNSPACED.search(word):
        return (word,)
    return (word[i : i + 2] for i in range(len(word) - 1))


def _bytes(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), np.uint8)


def _lines(data: NDArray[np.uint8]) -> list[str]:
    text = data.tobytes().decode()
    return text.split("\n") if text else []


def _depth(roots: NDArray[np.int32], left: NDArray[np.int32], right: NDArray[np.int32]) -> int:
    """The number of steps from a root to the deepest leaf."""
    depth, level = 0, roots
    while len(level):
        level = level[left[level] != level]
        if not len(level):
            break
        level = np.concatenate([left[level], right[level]])
        depth += 1
    return depth
