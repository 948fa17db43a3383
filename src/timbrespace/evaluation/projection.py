"""Vectors laid out in two or three dimensions.

Comes in: (sounds, dimensions). Goes out: coordinates (sounds, 2 or 3), without unit. Only the
direction of a vector counts, as in verification: sounds are near by the cosine. Equal input and
seed give equal maps; for that, one thread lays out.
"""

from __future__ import annotations

import warnings
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from timbrespace.errors import ConfigError, InputError, MissingDependencyError
from timbrespace.evaluation.pacmap import FEWEST_SOUNDS as PACMAP_FEWEST
from timbrespace.evaluation.pacmap import Progress, pacmap
from timbrespace.evaluation.vectors import unit_vectors

Method = Literal["tsne", "umap", "pacmap", "pca"]
Coordinates = npt.NDArray[np.float64]

_FEWEST_SOUNDS = 4
_TSNE_STEPS = (250, 500)  # with groups pulled together, then without
_STEPS_BETWEEN = 10  # reports of progress


def project(
    vectors: npt.ArrayLike,
    *,
    method: Method = "tsne",
    dimensions: Literal[2, 3] = 2,
    neighbours: int | None = None,
    seed: int = 0,
    on_progress: Progress = lambda share: None,
) -> Coordinates:
    """Lay sounds out so that like ones lie together.

    Args:
        vectors: (sounds, dimensions), four sounds or more, eight for "pacmap", not all alike.
        method: "tsne", "umap" and "pacmap" keep neighbours near; the first two let go of distances
            between groups, "pacmap" less so; "pca" keeps the directions in which sounds vary most,
            and needs no further library.
        dimensions: of the map.
        neighbours: how many neighbours each sound keeps near: the perplexity of t-SNE, by default
            30, or the `n_neighbors` of UMAP, by default 15, or of PaCMAP, by default 10; fewer
            where there are too few sounds.
        seed: of all but PCA, from whose map they start.
        on_progress: called now and then with the share that is done, by "tsne" and "pacmap".

    Returns:
        (sounds, dimensions) float64, centred for "pca".

    Raises:
        ConfigError: the method or number of dimensions is unknown, the seed is negative, or
            `neighbours` is more than the sounds allow, or set for "pca".
        InputError: fewer than four sounds, eight for "pacmap", all alike, or a vector is all zero
            or not finite.
        MissingDependencyError: openTSNE, umap-learn or pacmap is not installed.

    Example:
        >>> project([[3, 0], [0, 1], [-1, 0], [0, -2]], method="pca").shape
        (4, 2)

    Source: van der Maaten & Hinton 2008, "Visualizing data using t-SNE", JMLR 9; Poličar et al.
    2024, "openTSNE", doi:10.18637/jss.v109.i03; McInnes et al. 2018, "UMAP", arXiv:1802.03426; Wang
    et al. 2021, "Understanding how dimension reduction tools work", JMLR 22 (PaCMAP); the start
    from PCA: Kobak & Linderman 2021, doi:10.1038/s41587-020-00809-z.
    """
    if method not in get_args(Method) or dimensions not in (2, 3) or seed < 0:
        raise ConfigError(
            f"a map needs a method of {get_args(Method)}, 2 or 3 dimensions and a seed >= 0; "
            f"got {method!r}, {dimensions} and {seed}."
        )
    unit = unit_vectors(vectors)
    fewest = PACMAP_FEWEST if method == "pacmap" else _FEWEST_SOUNDS
    if len(unit) < fewest or np.allclose(unit, unit[0], rtol=0, atol=1e-7):
        raise InputError(
            f"a map needs at least {fewest} sounds that are not all alike; "
            f"got {len(unit)}{', all alike' if len(unit) >= fewest else ''}."
        )
    start = principal_coordinates(unit, dimensions)
    if method == "tsne":
        perplexity = _kept_near(neighbours, 30, range(1, (len(unit) + 2) // 3))
        return _tsne(unit, start, perplexity, seed, on_progress)
    if method == "umap":
        return _umap(unit, start, _kept_near(neighbours, 15, range(2, len(unit))), seed)
    if method == "pacmap":
        possible = range(1, 2 * len(unit) // 7 + 1)  # for each, 2.5 others are looked at
        return pacmap(unit, start, _kept_near(neighbours, 10, possible), seed, on_progress)
    if neighbours is not None:
        raise ConfigError(f"method 'pca' looks at no neighbours; got neighbours={neighbours}.")
    return start


def principal_coordinates(points: npt.ArrayLike, dimensions: int) -> Coordinates:
    """Place of each point along the directions of largest variance, the largest first.

    The sign of a direction is chosen so that its largest weight is positive. Directions that the
    points do not have give zeros.

    Args:
        points: (points, values), finite.
        dimensions: directions to keep, >= 1.

    Example:
        >>> principal_coordinates([[0, 0], [2, 0], [4, 0]], 2).tolist()
        [[-2.0, 0.0], [0.0, 0.0], [2.0, 0.0]]

    Source: Jolliffe 2002, "Principal Component Analysis", doi:10.1007/b98835.
    """
    rows = np.asarray(points, dtype=np.float64)
    centred = rows - rows.mean(axis=0)
    _, directions = np.linalg.eigh(centred.T @ centred)
    kept = directions[:, ::-1][:, :dimensions]
    largest = np.take_along_axis(kept, np.abs(kept).argmax(axis=0)[None], axis=0)
    coordinates = centred @ (kept * np.sign(largest))
    return np.pad(coordinates, ((0, 0), (0, dimensions - kept.shape[1])))


def _kept_near(wanted: int | None, usual: int, possible: range) -> int:
    if wanted is None:
        return min(usual, possible[-1])
    if wanted not in possible:
        raise ConfigError(
            f"neighbours must be from {possible[0]} to {possible[-1]} for so many sounds, got "
            f"{wanted}; leave it out to have it chosen."
        )
    return wanted


def _tsne(
    unit: Coordinates, start: Coordinates, perplexity: int, seed: int, on_progress: Progress
) -> Coordinates:
    try:
        from openTSNE import TSNE
    except ImportError as fault:
        raise _missing("tsne", "openTSNE") from fault
    steps = 0

    def report(*_: object) -> bool:
        nonlocal steps
        steps += _STEPS_BETWEEN
        on_progress(steps / sum(_TSNE_STEPS))
        return False

    layout = TSNE(
        n_components=start.shape[1],
        perplexity=perplexity,
        initialization=1e-4 * start / start[:, 0].std(),  # as small as t-SNE starts
        early_exaggeration_iter=_TSNE_STEPS[0],
        n_iter=_TSNE_STEPS[1],
        callbacks=report,
        callbacks_every_iters=_STEPS_BETWEEN,
        random_state=seed,
        n_jobs=1,
    )
    return np.array(layout.fit(unit), dtype=np.float64)


def _umap(unit: Coordinates, start: Coordinates, n_neighbors: int, seed: int) -> Coordinates:
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Tensorflow not installed", ImportWarning)
            from umap import UMAP
    except ImportError as fault:
        raise _missing("umap", "umap-learn") from fault
    layout = UMAP(
        n_components=start.shape[1],
        n_neighbors=n_neighbors,
        init=start.astype(np.float32),
        random_state=seed,
        n_jobs=1,
    )
    return np.asarray(layout.fit_transform(unit), dtype=np.float64)


def _missing(method: str, library: str) -> MissingDependencyError:
    return MissingDependencyError(
        f"method {method!r} needs {library}: pip install 'timbrespace[evaluation]', or use 'pca'."
    )
