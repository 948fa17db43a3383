"""The label of each row, checked where it enters.

Comes in: names as anyone keeps them. Goes out: one array of text.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from timbrespace.errors import InputError

Labels = npt.NDArray[np.str_]


def checked_labels(labels: npt.ArrayLike, n_rows: int) -> Labels:
    """Labels as text, one for each row.

    Args:
        labels: names or numbers, none of them None.
        n_rows: how many there have to be.

    Raises:
        InputError: there are more or fewer, or one is None.

    Example:
        >>> checked_labels([3, 10], n_rows=2).tolist()
        ['3', '10']
    """
    array = np.asarray(labels)
    if array.shape != (n_rows,):
        raise InputError(
            f"{n_rows} vectors need as many labels in one row; got shape {array.shape}."
        )
    if array.dtype == object and None in array.tolist():
        raise InputError("labels must be known for every row; found None, drop these rows.")
    return array.astype(np.str_)
