import numpy as np
import pytest

from timbrespace.evaluation.tagging_results import score_tags
from timbrespace.reproduction.zhong2023.breakdown import counts_section
from timbrespace.reproduction.zhong2023.figures import classes_section
from timbrespace.reproduction.zhong2023.paper import ABLATIONS
from timbrespace.reproduction.zhong2023.plan import RunKey
from timbrespace.reproduction.zhong2023.scores import HeldOut, Judged, middle_run
from timbrespace.reproduction.zhong2023.tables import scores_section


@pytest.fixture
def tests(rng):
    """Excerpts that no harp leads, and one that nothing leads."""
    truth = np.c_[rng.random((30, 2)) < 0.5, np.zeros(30, np.bool_)]
    truth[0] = False
    return HeldOut(truth, np.ones_like(truth), np.arange(30).astype(str), ("flute", "oboe", "harp"))


@pytest.fixture
def judged(tests, rng):
    runs = {}
    for row, seed in (("full", 1), ("full", 2), ("no-mixup", 1), ("no-mixup", 2)):
        rates = np.clip(0.5 * tests.truth + 0.4 * rng.random(tests.truth.shape), 0, 1)
        found = score_tags(tests.truth, rates, 0.45, tests.known)
        runs[RunKey(row, seed, 1.0)] = Judged(rates, 0.45, found, (0.5, 0.5))
    return runs


def test_published_scores_stand_below_those_of_their_row(judged, request_of):
    (table,) = scores_section("ablations", "Table.", ABLATIONS, judged, request_of).tables
    assert table.header == ("system", "F1 micro", "F1 macro", "LRAP", "mAP")
    assert [row[0] for row in table.rows] == [
        "pre-trained on notes",
        "– paper, on IRMAS",
        "– released code, on IRMAS",
        "without mix-up",
        "– released code, on IRMAS",
    ]
    assert table.rows[1][1:] == ("0.674", "0.584", "0.814", "–")
    assert table.rows[2][1:] == ("0.682", "–", "0.816", "–")
    assert max(len(cell) for row in table.rows for cell in row[1:]) == len("0.674 ± 0.010")


def test_a_run_has_one_name(judged, tests):
    key = middle_run(judged, "full")
    name = f"pre-trained on notes, seed {key.seed}"
    classes = classes_section(judged, tests, key, "pre-trained on notes")
    captions = {picture.name: picture.caption for picture in classes.pictures}
    (counts,) = counts_section(judged, tests, key, "pre-trained on notes").tables
    for caption in (captions["roc"], captions["confusion"], captions["calibration"]):
        assert f"{name}, the nearest to the mean" in caption
    assert f"{name}, the nearest to the mean" in counts.caption
    legend = classes.pictures[0].figure.legends[0].get_texts()
    assert [text.get_text() for text in legend] == [name]
    assert counts.rows[0][2:] == ("–", "–")


def test_a_single_seed_is_near_to_nothing(judged, tests):
    one = {key: run for key, run in judged.items() if key.seed == 1}
    key = RunKey("full", 1, 1.0)
    classes = classes_section(one, tests, key, "a title")
    captions = " ".join(picture.caption for picture in classes.pictures)
    assert "nearest" not in captions
    assert "a title, seed 1." in captions


def test_classes_without_excerpts_are_left_out_and_told(judged, tests):
    classes = classes_section(judged, tests, middle_run(judged, "full"), "a title")
    assert classes.text == ["No test excerpt is led by harp: left out of figures, or grey."]
    per_class, roc, *_ = (picture.figure for picture in classes.pictures)
    ticks = [text.get_text() for text in per_class.axes[0].get_yticklabels()]
    assert ticks == ["flute", "oboe"]
    assert not any("harp" in text.get_text() for text in roc.legends[0].get_texts())
