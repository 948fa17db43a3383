import numpy as np
import pytest

from timbrespace.errors import InputError
from timbrespace.evaluation.figures import save_figure
from timbrespace.evaluation.probing_classifiers import CLASSIFIERS
from timbrespace.evaluation.probing_figures import probing_figure
from timbrespace.evaluation.probing_results import Probing, Score
from timbrespace.evaluation.probing_tasks import Task


def probing(*names, majority=0.4):
    """One split in which classifier k is right for 50 + 10 k per cent."""
    tasks = tuple(
        Task(name=name, rows=None, classes=None, groups=None, left_out=()) for name in names
    )
    scores = tuple(
        Score(
            task=name,
            classifier=classifier,
            repeat=0,
            micro=0.5 + 0.1 * k,
            macro=0.5,
            majority_micro=majority,
            majority_macro=0.2,
            settings={},
            n_train=8,
            n_valid=1,
            n_test=1,
        )
        for name in names
        for k, classifier in enumerate(CLASSIFIERS)
    )
    return Probing(protocol="grouped", repeats=1, seed=0, tasks=tasks, skipped={}, scores=scores)


def bars(axes):
    return {
        container.get_label(): [bar.get_width() for bar in container]
        for container in axes.containers
        if container.get_label() in CLASSIFIERS
    }


def test_bars_are_relative_improvements():
    (axes,) = probing_figure({"ours": probing("family", "octave")}).axes
    assert bars(axes) == {
        "MLP": pytest.approx([0.25, 0.25]),
        "SVM": pytest.approx([0.5, 0.5]),
        "tree": pytest.approx([0.75, 0.75]),
    }
    assert [label.get_text() for label in axes.get_yticklabels()] == ["family", "octave"]


def test_systems_share_their_tasks_and_axes():
    systems = {"ours": probing("family"), "$theirs$": probing("technique-brass", "family")}
    left, right = probing_figure(systems).axes
    assert [axes.get_title() for axes in (left, right)] == list(systems)
    assert left.get_xlim() == right.get_xlim()
    shown = [label.get_text() for label in left.get_yticklabels()]
    assert shown == ["family", "technique, brass"]
    brass, family = next(c for c in right.containers if c.get_label() == "SVM")
    assert [bar.get_y() + bar.get_height() / 2 for bar in (family, brass)] == pytest.approx([0, 1])


def test_a_majority_that_is_never_right_gives_no_bar(tmp_path):
    figure = probing_figure({"ours": probing("family", majority=0.0)})
    save_figure(figure, tmp_path / "probes.png")
    assert np.isnan(list(bars(figure.axes[0]).values())).all()


def test_a_figure_needs_a_system():
    with pytest.raises(InputError, match="at least one"):
        probing_figure({})
