"""The array types of features, scores and decisions.

Shapes are written in docstrings where an array is used: ``n_blocks`` is the number of blocks of a page, ``n_elements``
that of its elements, ``n_styles`` that of its distinct styles.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

#: Feature columns and log-odds: float32, mostly ``(n_blocks,)``, ``(n_elements,)`` or ``(n_styles,)``.
Array = NDArray[np.float32]
#: Probabilities: float64, since they are summed over all blocks of a page.
Floats = NDArray[np.float64]
#: Counts, and indices of blocks, elements and groups: int64.
Ints = NDArray[np.int64]
#: Masks: bool.
Flags = NDArray[np.bool_]
#: Feature columns by name, each ``(n_blocks,)``.
Columns = dict[str, Array]

#: Blocks of a large page. Of fewer, a table of some rows is cut out of one of all rows, in two steps.
MANY_BLOCKS: Final = 4_096


def indices(flags: Flags) -> list[int]:
    """The places that are flagged, in order, for a loop over blocks: ``(n,) bool``."""
    found: list[int] = flags.nonzero()[0].tolist()
    return found


def runs(flags: Flags) -> tuple[Ints, Ints]:
    """The maximal runs of flagged places, ``(n,) bool``: the index of the first place of each, and that after its last.

    >>> [places.tolist() for places in runs(np.array([True, False, True, True]))]
    [[0, 2], [1, 4]]
    """
    changes = np.empty(len(flags) + 1, bool)  # between a place and the one before it
    np.not_equal(flags[1:], flags[:-1], out=changes[1:-1])
    changes[0], changes[-1] = flags[:1].any(), flags[-1:].any()
    bounds = changes.nonzero()[0]
    return bounds[::2], bounds[1::2]


def distinct(values: NDArray[Any]) -> NDArray[Any]:
    """The distinct values of an array, in order: ``(n_values,) -> (n_distinct,)``."""
    ascending = np.sort(values)
    return ascending[_differs_from_last(ascending)]


def inner(left: NDArray[Any], right: NDArray[Any]) -> NDArray[Any]:
    """The sums of products over the last axes, as ``numpy.inner`` gives them: ``(n, k), (m, k) -> (n, m)``, or
    ``(n, k), (k,) -> (n,)``.

    OpenBLAS, which ``numpy.inner`` and ``@`` call, uses all cores from some ten thousand products on. For the few of a
    page its threads mostly wait, which takes more CPU time than the products.

    >>> inner(np.array([[1, 2], [3, 4]]), np.array([10, 1])).tolist()
    [12, 34]
    """
    return np.asarray(np.einsum("nk,...k->n...", left, np.ascontiguousarray(right)))


def renumbered(keys: NDArray[np.integer[Any]]) -> Ints:
    """The keys as numbers from 0 in their order, equal for equal keys: ``(n,) -> (n,)``.

    >>> renumbered(np.array([70, 20, 70])).tolist()
    [1, 0, 1]
    """
    # As numpy.unique with return_inverse, which takes twice as long for the few hundred keys of a page.
    order = keys.argsort()
    numbers = np.empty(len(keys), np.int64)
    numbers[order] = _differs_from_last(keys.take(order)).cumsum() - 1
    return numbers


def _differs_from_last(ascending: NDArray[Any]) -> Flags:
    """Whether each value differs from the one before it; the first one does."""
    differs = np.ones(len(ascending), bool)
    differs[1:] = ascending[1:] != ascending[:-1]
    return differs


def sums_of_groups(values: Array, group: Ints, n_groups: int) -> Array:
    """The sum of the rows of each group: ``(n_rows, n_columns) float32 -> (n_groups, n_columns)``.

    >>> sums_of_groups(np.array([[1, 2], [3, 4], [5, 6]], np.float32), np.array([2, 0, 2]), 3).tolist()
    [[3.0, 4.0], [0.0, 0.0], [6.0, 8.0]]
    """
    # As numpy.add.at, in a quarter of the time.
    sums = np.zeros((n_groups, values.shape[1]), np.float32)
    if len(group):
        order = group.argsort(kind="stable")
        ascending = group.take(order)
        starts = _differs_from_last(ascending).nonzero()[0]
        sums[ascending.take(starts)] = np.add.reduceat(values.take(order, axis=0), starts, axis=0)
    return sums


def ranges(starts: Ints, sizes: Ints) -> Ints:
    """The numbers of several ranges, one range behind the other: of ``(n_ranges,)`` starts and sizes.

    >>> ranges(np.array([3, 70]), np.array([2, 3])).tolist()
    [3, 4, 70, 71, 72]
    """
    ends: Ints = sizes.cumsum()
    numbers: Ints = (starts - ends + sizes).repeat(sizes)
    return numbers + np.arange(len(numbers))


def columns_of(names: Iterable[str], rows: NDArray[Any]) -> Columns:
    """Columns that were computed together, as the rows of a table: ``(n_names, n_blocks)``, converted to float32.

    >>> {name: values.tolist() for name, values in columns_of(["a", "b"], np.array([[1, 2], [3, 4]])).items()}
    {'a': [1.0, 2.0], 'b': [3.0, 4.0]}
    """
    return dict(zip(names, rows.astype(np.float32, copy=False), strict=True))


def constant(values: Mapping[str, float], n_blocks: int) -> Columns:
    """Columns that are constant over a page, by their names: all in one array, as a numpy call for each costs more."""
    table = np.repeat(np.array(list(values.values()), np.float32), n_blocks).reshape(len(values), n_blocks)
    return dict(zip(values, table, strict=True))


def rows_of(columns: Columns, names: Sequence[str], blocks: Ints | None = None) -> Array:
    """The columns of these names as the rows of a new table, ``(n_names, n_blocks) float32``, for all blocks or those
    given.
    """
    chosen = [columns[name] for name in names]
    if blocks is not None and len(chosen[0]) > MANY_BLOCKS:
        return np.concatenate([column.take(blocks) for column in chosen]).reshape(len(names), -1)
    # numpy.stack and numpy.array take three times as long for a hundred short arrays.
    table = np.concatenate(chosen).reshape(len(names), -1)
    return table if blocks is None else table.take(blocks, axis=1)


def matrix(columns: Columns, names: Sequence[str], blocks: Ints | None = None) -> Array:
    """The columns of these names side by side: ``(n_blocks, n_names) float32``, for all blocks or those given."""
    return rows_of(columns, names, blocks).T.copy()
