import sys

import numpy as np
import pytest

from timbrespace.errors import InputError
from timbrespace.evaluation.figures import save_figure
from timbrespace.tagging import Activity, Span, timeline_figure

CLASSES = ("flute", "$organ", "voice")


def piece(rates, *, classes=CLASSES, hop_s=0.5):
    rates = np.asarray(rates, np.float32)
    return Activity(
        times_s=np.arange(len(rates)) * hop_s,
        probabilities=rates,
        classes=tuple(classes),
        thresholds=np.full(len(classes), 0.5),
        clip_s=1.0,
        hop_s=hop_s,
        duration_s=(len(rates) + 1) * hop_s,
    )


def rows_of(figure):
    (axes,) = figure.axes
    (right,) = axes.child_axes
    names = [label.get_text() for label in axes.get_yticklabels()]
    return names, right.get_yticklabels()


def test_rows_say_what_leads_and_how_likely_it_is():
    figure = timeline_figure(piece([[0.1, 0.9, 0.2], [0.1, 0.8, 0.4]]), title="a_b $x$.wav")
    names, overall = rows_of(figure)
    assert names == ["$organ", "voice", "flute"]
    assert [label.get_text() for label in overall] == ["85 %", "30 %", "10 %"]
    assert [label.get_fontweight() for label in overall] == ["bold", "normal", "normal"]
    assert figure.get_suptitle() == "a_b $x$.wav"
    assert not figure.legends


def test_where_nothing_leads_the_title_says_so(tmp_path):
    figure = timeline_figure(piece(np.zeros((4, 3))), title="silence.wav")
    assert figure.get_suptitle() == "silence.wav\nno instrument leads"
    save_figure(figure, tmp_path / "silence.png")


def test_what_is_known_to_lead_is_drawn_below_with_a_legend(tmp_path):
    classes = [f"class {k}" for k in range(30)]
    truth = [Span("class 29", 0, 1), Span("class 29", 2, 2.5), Span("class 0", 1, 2)]
    figure = timeline_figure(piece(np.zeros((4, 30)), classes=classes), title="", truth=truth)
    names, _ = rows_of(figure)
    bars = figure.axes[0].patches
    assert [(names[int(bar.get_y())], bar.get_x(), bar.get_width()) for bar in bars] == [
        ("class 29", 0, 1),
        ("class 29", 2, 0.5),
        ("class 0", 1, 1),
    ]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["known to lead"]
    save_figure(figure, tmp_path / "truth.png")


def test_a_truth_of_other_classes_is_refused():
    with pytest.raises(InputError, match="truth names oboe"):
        timeline_figure(piece(np.zeros((4, 3))), title="", truth=[Span("oboe", 0, 1)])


def test_of_many_classes_the_likeliest_are_drawn():
    rates = np.linspace(0.01, 0.4, 60)
    rates[7] = 0.9
    classes = [f"class {k}" for k in range(60)]
    figure = timeline_figure(piece(np.tile(rates, (3, 1)), classes=classes), title="")
    names, _ = rows_of(figure)
    assert names == ["class 7", *(f"class {k}" for k in range(59, 48, -1))]
    assert figure.axes[0].get_xlabel().endswith("48 others: 33 % at most over the piece")


@pytest.mark.parametrize("n_clips", [1, 40, 21_600])
def test_time_is_told_in_few_steps_whatever_the_length(n_clips, rng, tmp_path):
    figure = timeline_figure(piece(rng.random((n_clips, 3))), title="")
    axes = figure.axes[0]
    ticks = [label.get_text() for label in axes.get_xticklabels()]
    assert ticks[0] == "0:00"
    assert len(ticks) <= 10
    assert axes.get_xlim() == (0, (n_clips + 1) / 2)
    save_figure(figure, tmp_path / "piece.png")


def test_shades_of_a_long_piece_keep_their_mean(rng):
    activity = piece(rng.random((21_599, 1)), classes=["flute"])
    mesh = timeline_figure(activity, title="").axes[0].collections[0]
    shades = mesh.get_array()
    assert shades.size == 1_200
    assert shades.mean() / 0.72 == pytest.approx(activity.timeline.mean(), rel=1e-6)


def test_drawing_leaves_no_global_state(monkeypatch):
    monkeypatch.delitem(sys.modules, "matplotlib.pyplot", raising=False)
    timeline_figure(piece(np.ones((2, 3))), title="")
    assert "matplotlib.pyplot" not in sys.modules


def test_long_names_leave_room_for_the_picture(tmp_path):
    classes = ["W" * 100, "long " * 20, "voice"]
    figure = timeline_figure(piece(np.ones((4, 3)), classes=classes), title="W" * 200)
    save_figure(figure, tmp_path / "a.png")
    assert figure.axes[0].get_position().width > 0.2
    assert max(map(len, rows_of(figure)[0])) == 24
