import io

import numpy as np
import pytest
from scipy.special import ndtri

from timbrespace.errors import ConfigError, InputError
from timbrespace.evaluation.figures import check_figure_path, det_figure, save_figure
from timbrespace.evaluation.verification import verify


@pytest.fixture
def systems(rng):
    centres, labels = np.repeat(np.eye(3), 20, axis=0), np.repeat(list("abc"), 20)
    noise = rng.standard_normal(centres.shape)
    return {
        name: verify(centres + spread * noise, labels, repeats=2)
        for name, spread in (("clear", 0.0), ("blurred", 0.8))
    }


def legend_of(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


def test_the_legend_names_each_system_with_its_eer(systems):
    clear, blurred = legend_of(det_figure(systems))
    assert clear == "clear: EER 0 %"
    assert blurred == f"blurred: EER {100 * systems['blurred'].eer:.3g} %"


def test_names_are_shown_as_they_are(systems):
    figure = det_figure({r"_$\nonsense": systems["clear"]})
    figure.savefig(io.BytesIO(), format="svg")
    assert legend_of(figure)[0].startswith(r"_$\nonsense: EER")


def test_each_eer_is_marked_on_the_line_of_equal_errors(systems):
    axes = det_figure(systems).axes[0]
    marks = {float(line.get_xdata()[0]) for line in axes.lines if len(line.get_xdata()) == 1}
    assert marks == {axes.get_xlim()[0], float(ndtri(systems["blurred"].eer))}


def test_ticks_are_percentages_at_their_probits(systems):
    axis = det_figure(systems).axes[0].xaxis
    shown = {
        label.get_text(): place
        for label, place in zip(axis.get_ticklabels(), axis.get_ticklocs(), strict=True)
    }
    assert shown["10"] == pytest.approx(ndtri(0.1))


@pytest.mark.parametrize(
    ("suffix", "start"), [(".svg", b"<?xml"), (".png", b"\x89PNG"), (".pdf", b"%PDF")]
)
def test_figures_are_saved_in_the_format_of_their_name(systems, tmp_path, suffix, start):
    path = tmp_path / "new" / f"det{suffix}"
    save_figure(det_figure(systems), path)
    assert path.read_bytes().startswith(start)


def test_other_formats_are_refused(systems, tmp_path):
    with pytest.raises(ConfigError, match=r"det\.gif"):
        check_figure_path(tmp_path / "det.gif")
    with pytest.raises(ConfigError, match=r"\.svg"):
        save_figure(det_figure(systems), tmp_path / "det")


def test_a_figure_needs_a_system():
    with pytest.raises(InputError, match="at least one"):
        det_figure({})
