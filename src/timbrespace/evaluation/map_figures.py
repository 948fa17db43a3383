"""Pictures of maps.

Comes in: maps of the same sounds by system, and one value for each sound. Goes out: a matplotlib
`Figure` made without global state, one panel a system. Words are shown as colour and marker, the
same in every panel, and a family looks the same in every figure; numbers are shown on a scale.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from timbrespace.errors import InputError
from timbrespace.evaluation.figures import COLOURS, MARKERS, name_literally
from timbrespace.evaluation.maps import SoundMap
from timbrespace.manifest import FAMILIES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import PathCollection
    from matplotlib.figure import Figure

_MOST_WORDS = len(COLOURS) * len(MARKERS)  # pairs of colour and marker, none used twice
_MOST_VECTOR_MARKS = 2000  # of more, files in SVG and PDF hold a picture
_GREY = "0.75"
_METHODS = {"tsne": "t-SNE", "umap": "UMAP", "pca": "PCA"}


def map_figure(maps: Mapping[str, SoundMap], values: Sequence[object], *, colour: str) -> Figure:
    """Maps side by side, two in a row, each with the numbers that say how far to believe it.

    Sounds without a value are grey. Of more than 30 words the most frequent are told apart and the
    others are grey together.

    Args:
        maps: by the name to show, at least one, all of 2 or all of 3 dimensions.
        values: of each sound, words or numbers, None where unknown; in the order of the maps.
        colour: what the values are, for the legend.

    Raises:
        InputError: there is no map, or values and sounds differ in number.
    """
    from matplotlib.figure import Figure

    if not maps or any(len(found.coordinates) != len(values) for found in maps.values()):
        raise InputError("a map figure needs at least one map, and a value for each sound on it.")
    layers = _scale(values) if _are_numbers(values) else _words(values)
    longest = max(len(style.get("label", "")) for _, style in layers)
    rows, columns = (len(maps) + 1) // 2, min(len(maps), 2)
    width = 4.6 * columns + 0.7 + 0.075 * longest
    height = max(4.9 * rows, 0.6 + 0.165 * len(layers))
    figure = Figure(figsize=(width, height), layout="constrained")
    for place, (name, found) in enumerate(maps.items()):
        solid = found.coordinates.shape[1] == 3
        axes = figure.add_subplot(rows, columns, place + 1, projection="3d" if solid else None)
        drawn = [_draw(axes, found.coordinates[chosen], style) for chosen, style in layers]
        _label(axes, name, found)
    if _are_numbers(values):
        figure.colorbar(drawn[-1], ax=figure.axes, label=colour, shrink=0.8)
    else:
        _add_legend(figure, drawn, [style["label"] for _, style in layers], title=colour)
    return figure


def _draw(axes: Axes, places: Any, style: Mapping[str, Any]) -> PathCollection:
    many = len(places) > _MOST_VECTOR_MARKS
    look = {"s": 26, "linewidths": 0, "alpha": 0.85, "rasterized": many, **style}
    return axes.scatter(*places.T, **look)


def _label(axes: Axes, name: str, found: SoundMap) -> None:
    judged = (
        f"{_METHODS[found.method]}: of {found.neighbours} neighbours, "
        f"trustworthiness {found.trustworthiness:.2f}, continuity {found.continuity:.2f}"
    )
    if found.silhouette is not None:
        judged += f"\nfamily silhouette of the embeddings {found.silhouette:.2f}"
    axes.set_title(f"{name}\n{judged}", fontsize=8.5, linespacing=1.4, parse_math=False)
    axes.spines[:].set_color("0.8")
    axes.set(xticks=[], yticks=[])
    if found.coordinates.shape[1] == 3:
        axes.set(zticks=[])
    else:
        axes.set_aspect("equal", adjustable="datalim")


def _add_legend(
    figure: Figure, drawn: Sequence[PathCollection], labels: Sequence[str], *, title: str
) -> None:
    legend = figure.legend(
        drawn,
        [str(index) for index in range(len(labels))],
        title=title,
        loc="outside right center",
        fontsize=8,
        title_fontsize=9,
        frameon=False,
    )
    name_literally(legend, labels)


def _are_numbers(values: Sequence[object]) -> bool:
    known = [value for value in values if value is not None]
    return bool(known) and all(isinstance(value, int | float) for value in known)


def _scale(values: Sequence[object]) -> list[tuple[Any, dict[str, Any]]]:
    numbers = np.array([np.nan if value is None else value for value in values], np.float64)
    known = np.isfinite(numbers)
    scale = {"c": numbers[known], "cmap": "viridis"}
    return [(~known, {"color": _GREY}), (known, scale)]


def _words(values: Sequence[object]) -> list[tuple[Any, dict[str, Any]]]:
    """Rows and style of each word, the grey ones first, so that they lie below."""
    words = np.array(["" if value is None else str(value) for value in values])
    shown = _shown_words([word for word in words.tolist() if word])
    style = {word: _look(index, word) for index, word in shown.items()}
    others = ~np.isin(words, ["", *style])
    grey = [(words == "", "unknown"), (others, "others")]
    layers = [(rows, {"color": _GREY, "label": name}) for rows, name in grey if rows.any()]
    return layers + [(words == word, look) for word, look in style.items()]


def _shown_words(words: Sequence[str]) -> dict[int, str]:
    """Words by the index of their looks: families by their place in the vocabulary."""
    counts = Counter(words)
    if counts.keys() <= set(FAMILIES):
        return {index: word for index, word in enumerate(FAMILIES) if word in counts}
    most = sorted(word for word, _ in counts.most_common(_MOST_WORDS))
    return dict(enumerate(most))


def _look(index: int, word: str) -> dict[str, Any]:
    return {
        "color": COLOURS[index % len(COLOURS)],
        "marker": MARKERS[index % len(MARKERS)],
        "label": word,
    }
