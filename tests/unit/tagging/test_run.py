import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from rich.progress import Progress

from timbrespace.augment import Augmentation, Mixup
from timbrespace.errors import ConfigError, InputError
from timbrespace.evaluation.tagging import f1_scores
from timbrespace.evaluation.tagging_results import chosen_thresholds
from timbrespace.locks import exclusive
from timbrespace.tagging import load_tagger
from timbrespace.tagging.fine_tuning import FineTuning
from timbrespace.tagging.judging import read_probabilities
from timbrespace.tagging.run import Start, train_tagger, training_excerpts
from timbrespace.training.schedule import Schedule

SETTINGS = FineTuning(
    batch_size=12,
    schedule=Schedule(epochs=None, steps=40, learning_rate=0.005, decay="cosine"),
    checkpoint_every=5,
)


def run(excerpts, trunk, folder, settings=SETTINGS, name="tiny"):
    with Progress(disable=True) as progress:
        return train_tagger(
            excerpts, Start(trunk, "toy"), folder, settings, name=name, progress=progress
        )


def weights(folder):
    return load_tagger(folder / "tagger").network.state_dict()


@pytest.fixture(scope="module")
def undisturbed(excerpts, tmp_path_factory):
    from timbrespace.models import Encoder, LogMel, ResNet, Statistics

    torch.manual_seed(0)
    trunk = Encoder(
        LogMel(n_bands=16),
        ResNet(blocks=[1, 1], channels=[16, 16], stem_stride=2),
        Statistics(n_features=16),
        embedding_size=12,
    ).eval()
    folder = tmp_path_factory.mktemp("tagger-run")
    run(excerpts, trunk, folder)
    return folder


def test_a_tagger_learns_what_leads_and_its_thresholds_come_from_valid(undisturbed, excerpts):
    ids, rates = read_probabilities(undisturbed, "test")
    test = excerpts.of_split("test")
    assert ids["id"].to_pylist() == excerpts.rows["id"].take(test).to_pylist()
    tagger = load_tagger(undisturbed / "tagger")
    assert f1_scores(excerpts.truth[test], rates >= tagger.thresholds).micro > 0.8
    valid, chosen = read_probabilities(undisturbed, "valid")[1], excerpts.of_split("valid")
    np.testing.assert_allclose(tagger.thresholds, chosen_thresholds(excerpts.truth[chosen], valid))


def test_a_run_says_how_it_was_done(undisturbed):
    record = json.loads((undisturbed / "settings.json").read_text())
    assert record["origin"] == "toy"
    assert record["settings"]["schedule"]["steps"] == 40
    assert record["excerpts"] == 36
    assert (undisturbed / "metrics.csv").is_file()


def test_a_run_that_has_nothing_to_calibrate_by_is_refused(excerpts, trunk, tmp_path):
    column = excerpts.rows.schema.get_field_index("split")
    rows = excerpts.rows.set_column(column, "split", [["train"] * excerpts.rows.num_rows])
    with pytest.raises(InputError, match="needs excerpts of split valid"):
        run(replace(excerpts, rows=rows), trunk, tmp_path, replace(SETTINGS, calibrated=True))


def test_the_same_seed_gives_the_same_tagger(undisturbed, excerpts, trunk, tmp_path):
    run(excerpts, trunk, tmp_path / "again")
    for name, value in weights(undisturbed).items():
        assert torch.equal(weights(tmp_path / "again")[name], value), name


def test_a_finished_run_is_left_as_it_is(undisturbed, excerpts, trunk):
    before = weights(undisturbed)
    run(excerpts, trunk, undisturbed)
    for name, value in before.items():
        assert torch.equal(weights(undisturbed)[name], value)


def test_a_run_does_not_go_on_otherwise(undisturbed, excerpts, trunk):
    longer = replace(SETTINGS.schedule, steps=50)
    changed = r"differs in settings \(schedule.steps was 40, now 50; seed was 10, now 11\)"
    with pytest.raises(ConfigError, match=changed):
        run(excerpts, trunk, undisturbed, replace(SETTINGS, seed=11, schedule=longer))


def test_two_runs_in_one_folder_are_refused(excerpts, trunk, tmp_path):
    with (
        exclusive(tmp_path / ".lock", work="training"),
        pytest.raises(InputError, match="another process is training"),
    ):
        run(excerpts, trunk, tmp_path)


def test_a_frozen_trunk_stays_as_it_is(excerpts, trunk, tmp_path):
    short = replace(SETTINGS.schedule, steps=3)
    run(excerpts, trunk, tmp_path, replace(SETTINGS, frozen=True, schedule=short))
    tuned = weights(tmp_path)
    for name, value in trunk.state_dict().items():
        if name in tuned:
            assert torch.equal(tuned[name], value), name
    assert not torch.equal(tuned["head.3.weight"], torch.zeros_like(tuned["head.3.weight"]))


@pytest.mark.parametrize(
    "changes",
    [
        {"loss": "focal"},
        {"mixup": Mixup(probability=1.0), "augmentation": Augmentation(delay=1.0, gain=1.0)},
    ],
)
def test_options_change_what_is_learned(excerpts, trunk, tmp_path, changes):
    short = replace(SETTINGS, schedule=replace(SETTINGS.schedule, steps=2))
    run(excerpts, trunk, tmp_path / "plain", short)
    run(excerpts, trunk, tmp_path / "changed", replace(short, **changes))
    one, other = weights(tmp_path / "plain"), weights(tmp_path / "changed")
    assert not torch.equal(one["head.3.weight"], other["head.3.weight"])
    assert all(value.isfinite().all() for value in other.values())


def test_a_larger_share_of_excerpts_holds_a_smaller_one(excerpts):
    shares = [
        set(training_excerpts(excerpts, replace(SETTINGS, fraction=share)).tolist())
        for share in (0.1, 0.5, 1.0)
    ]
    assert shares[0] < shares[1] < shares[2]
    assert [len(share) for share in shares] == [4, 18, 36]
    assert shares[2] == set(excerpts.of_split("train").tolist())


@pytest.mark.parametrize(
    "changes",
    [{"fraction": 0.0}, {"beta": 1.0}, {"focusing": -1.0}, {"clip_s": 0.01}, {"batch_size": 1}],
)
def test_settings_out_of_range_are_refused(changes):
    with pytest.raises(ConfigError, match="fine-tuning needs"):
        FineTuning(**changes)


def test_a_name_that_cannot_be_kept_is_refused(excerpts, trunk, tmp_path):
    with pytest.raises(ConfigError, match="name"):
        run(excerpts, trunk, tmp_path, name="")
    assert not (tmp_path / "settings.json").exists()
