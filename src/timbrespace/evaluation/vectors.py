"""Arithmetic on a table of vectors before they are compared.

Comes in: (rows, dimensions) of any float type. Goes out: a new float64 array of the same shape; the
caller's array is never changed.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from timbrespace.errors import InputError

Vectors = npt.NDArray[np.float64]


def unit_vectors(vectors: npt.ArrayLike) -> Vectors:
    """Each row divided by its length, so that a dot product is a cosine.

    Args:
        vectors: (rows, dimensions).

    Raises:
        InputError: not two-dimensional, or a row is not finite or is all zero: it has no direction.

    Example:
        >>> unit_vectors([[3, 4], [0, 2]])
        array([[0.6, 0.8],
               [0. , 1. ]])
    """
    rows = _rows(vectors)
    length = np.sqrt(np.einsum("nd,nd->n", rows, rows))
    bad = np.flatnonzero(~(np.isfinite(length) & (length > 0)))
    if bad.size:
        raise InputError(
            f"{bad.size} vectors are all zero or not finite, first rows {bad[:5].tolist()}; "
            "drop these rows."
        )
    return np.asarray(rows / length[:, None])


def cosines(vectors: npt.ArrayLike) -> Vectors:
    """Cosine of each row with each row; (rows, rows).

    Args:
        vectors: (rows, dimensions).

    Raises:
        InputError: as `unit_vectors`.

    Example:
        >>> cosines([[1, 0], [3, 4]])
        array([[1. , 0.6],
               [0.6, 1. ]])
    """
    unit = unit_vectors(vectors)
    return np.asarray(unit @ unit.T)


def standardise(vectors: npt.ArrayLike) -> Vectors:
    """Each dimension brought to mean 0 and deviation 1 over the rows; no label is looked at.

    Descriptors of unlike units need this before a cosine, which the largest would rule. A dimension
    that is the same in all rows becomes 0.

    Args:
        vectors: (rows, dimensions), finite.

    Raises:
        InputError: not two-dimensional, or a value is not finite.

    Example:
        >>> standardise([[0, 7], [4, 7]])
        array([[-1.,  0.],
               [ 1.,  0.]])
    """
    rows = _rows(vectors)
    if not np.isfinite(rows).all():
        raise InputError("vectors must be finite to be standardised; found NaN or infinity.")
    deviation = rows.std(axis=0)
    constant = np.ptp(rows, axis=0) == 0
    return np.where(constant, 0.0, (rows - rows.mean(axis=0)) / np.where(constant, 1, deviation))


def _rows(vectors: npt.ArrayLike) -> Vectors:
    rows = np.asarray(vectors, dtype=np.float64)
    if rows.ndim != 2 or not rows.size:
        raise InputError(f"vectors must be (rows, dimensions), not empty; got shape {rows.shape}.")
    return rows
