"""The tagger that ships, on music that is rendered for it."""

import json

import pytest

from timbrespace import load_tagger
from timbrespace.cli import main
from timbrespace.corpora import IRMAS_CLASSES
from timbrespace.errors import InputError, MissingDependencyError
from timbrespace.manifest import read_manifest
from timbrespace.rendering import find_soundfont
from timbrespace.rendering.mixes import MixSettings, render_mixes


@pytest.fixture(scope="module")
def music(tmp_path_factory):
    """Rows of music in which one instrument plays, by a SoundFont that training did not hear."""
    settings = MixSettings(
        n_train=0,
        n_valid=0,
        n_test=12,
        test_s=(4.0, 4.0),
        stem_odds=(1.0,),
        disjoint_programs=False,
        seed=3,
    )
    folder = tmp_path_factory.mktemp("music")
    try:
        render_mixes(folder, settings, test_soundfonts=[find_soundfont("TimGM6mb")], n_workers=1)
    except (InputError, MissingDependencyError) as fault:
        pytest.skip(str(fault))
    return read_manifest(folder / "manifest.parquet").to_pylist()


def test_it_knows_the_classes_of_irmas_and_says_what_it_was_trained_on():
    tagger = load_tagger()
    assert tagger.classes == IRMAS_CLASSES
    assert "SoundFont" in tagger.card


def test_it_ranks_who_plays_far_above_chance(music, tmp_path):
    paths = [row["path"] for row in music]
    assert main(["tag", *paths, "--json", str(tmp_path / "all.json")]) == 0
    records = json.loads((tmp_path / "all.json").read_text())["files"]
    ranks = []
    for row, record in zip(music, records, strict=True):
        rates = record["probabilities"]
        ranks.append(sorted(rates, key=rates.get, reverse=True).index(row["labels"][0]))
    assert sum(rank == 0 for rank in ranks) >= len(ranks) / 2  # chance: 1 in 11
