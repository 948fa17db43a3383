import io
from dataclasses import replace

import numpy as np
import pytest

from timbrespace.errors import InputError
from timbrespace.evaluation.gradation import Gradation
from timbrespace.evaluation.gradation_figures import gradation_figure
from timbrespace.evaluation.vectors import cosines

KINDS = ["bass $1$", "banjo", "guitar", "koto", "cello"]
FAMILIES = ["bass", "guitar", "guitar", "guitar", "string"]


@pytest.fixture
def found():
    """The koto is as the banjo, not as the guitar between them; the bass is near the guitars."""
    places = [[3, 1, 0], [2, 2, 0], [4, 0, 1], [2, 2, 0.1], [0, 0, 1]]
    return Gradation(
        levels={},
        falling=1,
        triplets={},
        order={},
        kinds=KINDS,
        families=FAMILIES,
        likeness=cosines(places),
        n_sounds=5,
        n_instruments=5,
    )


def test_like_kinds_stand_together_inside_their_family(found):
    figure = gradation_figure({"a": found, "b $": found})
    figure.savefig(io.BytesIO(), format="svg")
    panels = figure.axes[:2]
    assert [axes.get_title() for axes in panels] == ["a", "b $"]
    kinds = [text.get_text() for text in panels[0].get_yticklabels()]
    assert sorted(kinds) == sorted(KINDS)
    assert abs(kinds.index("banjo") - kinds.index("koto")) == 1
    families = [FAMILIES[KINDS.index(kind)] for kind in kinds]
    assert [text.get_text() for text in panels[0].texts] == list(dict.fromkeys(families))
    shown = np.asarray(panels[0].images[0].get_array())
    assert shown[kinds.index("banjo"), kinds.index("koto")] == found.likeness[1, 3]


def test_systems_of_other_kinds_or_none_are_refused(found):
    for systems in ({}, {"a": found, "b": replace(found, kinds=KINDS[::-1])}):
        with pytest.raises(InputError, match="same kinds"):
            gradation_figure(systems)
