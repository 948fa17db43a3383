import json

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

import timbrespace
from timbrespace.errors import ConfigError, InputError
from timbrespace.tagging import load_tagger, save_tagger


@pytest.fixture
def folder(tagger, tmp_path):
    save_tagger(tagger, tmp_path / "toy", name="toy", card="# Toy")
    return tmp_path / "toy"


def change(folder, **changes):
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, **changes}))


def test_a_tagger_comes_back_as_it_was(tagger, folder, rng):
    again = timbrespace.load_tagger(folder)
    clips = [0.1 * rng.standard_normal(16_000).astype(np.float32)]
    assert np.array_equal(again.probabilities(clips), tagger.probabilities(clips))
    assert (again.classes, again.clip_s, again.name) == (tagger.classes, 1.0, "toy")
    assert again.thresholds.tolist() == [0.5, 0.25, np.inf]
    assert again.card == "# Toy"
    assert sorted(path.name for path in folder.iterdir()) == [
        "README.md",
        "config.json",
        "model.safetensors",
    ]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"format": "timbrespace-encoder/1"},
            "expected the format 'timbrespace-tagger/1', got 'timbrespace-encoder/1'",
        ),
        ({"classes": []}, "classes must be a list"),
        ({"classes": "abc"}, "classes must be a list"),
        ({"classes": ["a", "a", "b"]}, "stands twice"),
        ({"classes": ["a", "b", "c\x1b"]}, "printable"),
        ({"classes": ["a", "b", 3]}, "printable"),
        ({"classes": ["x"] * 5000}, "classes must be a list"),
        ({"thresholds": [0.5]}, "one for each class"),
        ({"thresholds": [0.5, 2.0, None]}, "from 0 to 1"),
        ({"thresholds": [0.5, "1", None]}, "from 0 to 1"),
        ({"clip_s": 1e9}, "clip_s"),
        ({"clip_s": True}, "clip_s"),
        ({"name": ""}, "name"),
        ({"extra": 1}, "expected the keys"),
        ({"backbone": {"class_path": "os.system", "init_args": {}}}, "is none of"),
        ({"classes": ["a", "b"], "thresholds": [0.5, 0.5]}, "does not fit the settings"),
    ],
)
def test_settings_that_lie_are_refused(folder, changes, message):
    change(folder, **changes)
    with pytest.raises(ConfigError, match=message):
        load_tagger(folder)


def test_weights_that_are_not_finite_are_refused(folder):
    weights = load_file(folder / "model.safetensors")
    weights["head.3.bias"] = torch.full((3,), torch.nan)
    save_file(weights, folder / "model.safetensors")
    with pytest.raises(InputError, match="NaN or infinite"):
        load_tagger(folder)


def test_a_folder_that_is_none_is_refused(tmp_path, tagger):
    with pytest.raises(InputError, match="no such file"):
        load_tagger(tmp_path / "nowhere")
    save_tagger(tagger, tmp_path / "run" / "tagger", name="toy")
    with pytest.raises(InputError, match=r"holds no model itself; is .*run/tagger meant\?"):
        load_tagger(tmp_path / "run")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.tex").touch()
    with pytest.raises(InputError, match="which a model would replace"):
        save_tagger(tagger, tmp_path / "full", name="toy")
