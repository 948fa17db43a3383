import io

import numpy as np
import pytest

from timbrespace.errors import InputError
from timbrespace.evaluation.figures import COLOURS, MARKERS
from timbrespace.evaluation.map_figures import map_figure
from timbrespace.evaluation.maps import SoundMap


def made_map(rng, n_sounds, dimensions=2, silhouette=0.25):
    return SoundMap(
        method="tsne",
        seed=0,
        neighbours=10,
        trustworthiness=0.912,
        continuity=0.87,
        silhouette=silhouette,
        coordinates=rng.standard_normal((n_sounds, dimensions)),
    )


def drawn(figure):
    """Text of the legend, by panel the number of marks of each layer."""
    figure.savefig(io.BytesIO(), format="svg")
    legend = [text.get_text() for text in figure.legends[0].get_texts()]
    return legend, [[len(layer.get_offsets()) for layer in a.collections] for a in figure.axes]


def test_each_word_has_its_layer_and_unknown_is_grey(rng):
    values = ["reed"] * 3 + [None] * 2 + ["bass"] * 4
    figure = map_figure({"a": made_map(rng, 9)}, values, colour="family")
    legend, panels = drawn(figure)
    assert legend == ["unknown", "bass", "reed"]
    assert panels == [[2, 4, 3]]


def test_numbers_stand_beside_each_panel(rng):
    maps = {"with $ <b>": made_map(rng, 4), "_b": made_map(rng, 4, silhouette=None)}
    figure = map_figure(maps, list("aabb"), colour="instrument")
    drawn(figure)
    first, second = (axes.get_title() for axes in figure.axes)
    assert first.startswith("with $ <b>\nt-SNE")
    assert "trustworthiness 0.91, continuity 0.87" in first
    assert "silhouette" in first
    assert "silhouette" not in second


def test_names_are_shown_as_they_are(rng):
    names = ["_hidden", r"$\nonsense", "a & b", "$x$"]
    legend, _ = drawn(map_figure({"a": made_map(rng, 4)}, names, colour="instrument"))
    assert legend == sorted(names)


def test_a_family_looks_the_same_in_every_figure(rng):
    def colour_of_reed(values):
        figure = map_figure({"a": made_map(rng, 4)}, values, colour="family")
        return figure.axes[0].collections[-1].get_facecolor()[0]

    alone, beside = colour_of_reed(["reed"] * 4), colour_of_reed(["bass", "bass", "reed", "reed"])
    np.testing.assert_array_equal(alone, beside)


def test_the_rarest_of_many_words_are_grey_together(rng):
    most = len(COLOURS) * len(MARKERS)
    words = [f"{k:03}" for k in range(most + 5)]
    values = words + words[:most]
    legend, panels = drawn(
        map_figure({"a": made_map(rng, len(values))}, values, colour="instrument")
    )
    assert legend == ["others", *words[:most]]
    assert panels[0][0] == 5


def test_numbers_are_shown_on_a_scale(rng):
    figure = map_figure({"a": made_map(rng, 3, 3)}, [60, None, 72], colour="pitch_midi")
    figure.savefig(io.BytesIO(), format="png")
    scale = figure.axes[-1]
    assert scale.get_ylim() == (60, 72)
    assert not figure.legends


@pytest.mark.parametrize("values", [[1.0, 2.0], []])
def test_values_and_sounds_must_be_as_many(rng, values):
    with pytest.raises(InputError, match="a value for each sound"):
        map_figure({"a": made_map(rng, 3)}, values, colour="velocity")


def test_a_figure_needs_a_map():
    with pytest.raises(InputError, match="at least one map"):
        map_figure({}, [], colour="family")
