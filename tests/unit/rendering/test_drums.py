import json
import re
from itertools import pairwise

import pytest

from timbrespace.corpora import get_corpus
from timbrespace.errors import ConfigError
from timbrespace.rendering import (
    DRUMS,
    TEST_KEYS,
    VALID_KEYS,
    DrumSettings,
    RenderSettings,
    plan_corpus,
    render_corpus,
    split_of_key,
)
from timbrespace.rendering.hydra import read_hydra

_FEW = DrumSettings(keys=(36, 60, 75), velocities=(85,), held_s=0.3, total_s=0.5)
_LAYERED = {"TimGM6mb": {"Filter Snap", "Sine Wave"}}  # what it adds to drums of all splits


@pytest.fixture
def corpus(kits, tmp_path, fluidsynth):
    folder = tmp_path / "drums"
    return folder, render_corpus([kits], folder, _FEW, n_workers=1)


def test_the_map_has_47_drums_of_different_names():
    assert (min(DRUMS), max(DRUMS), len(set(DRUMS.values()))) == (35, 81, 47)
    assert [DRUMS[key] for key in (36, 42, 56, 69, 81)] == [
        "Bass Drum 1",
        "Closed Hi Hat",
        "Cowbell",
        "Cabasa",
        "Open Triangle",
    ]


def test_each_key_of_a_kit_is_an_instrument(kits):
    plan = plan_corpus([kits], _FEW)
    assert [job.instrument for job in plan.jobs][:3] == [
        "percussion_acoustic_kits_128_000_036",
        "percussion_acoustic_kits_128_000_060",
        "percussion_acoustic_kits_128_008_036",
    ]
    assert {(job.kind, job.split, job.pitches) for job in plan.jobs} == {
        ("Bass Drum 1", "train", (36,)),
        ("Hi Bongo", "valid", (60,)),
        ("Claves", "test", (75,)),
    }
    assert {job.source for job in plan.jobs if job.preset.name == "Electronic"} == {"electronic"}
    assert plan.left_out == {"another key map": 1, "no drum kit": 1}
    assert plan.n_out_of_range == 1  # the standard kit has no key 75


def test_the_nsynth_loader_reads_drums(corpus):
    scan = get_corpus("nsynth").scan(corpus[0])
    assert scan.problems == []
    rows = scan.manifest.to_pylist()
    assert {row["kind"] for row in rows} == {"Bass Drum 1", "Hi Bongo", "Claves"}
    assert {(row["pitch_midi"], row["family"]) for row in rows} == {(None, None)}


def test_kits_that_share_a_drum_count_it_once(corpus):
    folder, summary = corpus
    entries = json.loads((folder / "nsynth-train" / "examples.json").read_text())
    assert {entry["preset"]: entry["recording"] for entry in entries.values()} == {
        "Standard": "percussion_acoustic_kits_128_000_036",
        "Room": "percussion_acoustic_kits_128_000_036",
        "Electronic": "percussion_electronic_kits_128_024_036",
    }
    assert summary.kinds["Bass Drum 1"].recordings == 2
    assert summary.instruments["train"] == {"percussion": 3}


def test_a_folder_of_drums_is_not_gone_on_with_by_pitched_notes(corpus, kits):
    with pytest.raises(ConfigError, match="holds a corpus of other settings"):
        render_corpus([kits], corpus[0], RenderSettings())


@pytest.mark.parametrize(
    "name", ["Tom", "Snare", "Hi.Hat", "Bongo", "Conga", "Timbale", "Agogo", "Ride", "Triangle"]
)
def test_a_set_of_drums_stays_in_one_split(name):
    keys = [key for key, drum in DRUMS.items() if re.search(name, drum)]
    assert len(keys) > 1
    assert len({split_of_key(key) for key in keys}) == 1


def test_held_out_keys_share_no_sample_with_others(installed):
    names = _samples_by_key(installed)
    for key in {*TEST_KEYS, *VALID_KEYS}:
        others = [other for other in DRUMS if split_of_key(other) != split_of_key(key)]
        shared = names[key] & set().union(*(names[other] for other in others))
        assert shared <= _LAYERED.get(installed.stem, set())


def _samples_by_key(path) -> dict[int, set[str]]:
    """Names of the samples that the keys of all kits with General MIDI's map play."""
    hydra = read_hydra(path)
    samples = {key: set() for key in DRUMS}
    for header, kit in zip(hydra["phdr"], _zones(hydra, "phdr", "pbag", "pgen", 41), strict=False):
        if header["bank"] != 128 or header["program"] >= 48:
            continue
        instruments = _zones(hydra, "inst", "ibag", "igen", 53)
        for number, kit_keys in kit:
            for sample, keys in instruments[number]:
                for key in set(kit_keys) & set(keys) & set(DRUMS):
                    name = hydra["shdr"]["name"][sample].split(b"\0")[0].decode().strip()
                    samples[key].add(name)
    return samples


def _zones(hydra, heads: str, bags: str, generators: str, operator: int) -> list:
    """Target and keys of each zone of each head; a first zone without a target is the default."""
    found = []
    for zones in pairwise(hydra[heads]["bag"].tolist()):
        default, targets = range(128), []
        for first, last in pairwise(hydra[bags]["generator"][slice(zones[0], zones[1] + 1)]):
            amounts = dict(hydra[generators][first:last].tolist())
            keys = amounts.get(43)
            keys = default if keys is None else range(keys & 0xFF, (keys >> 8) + 1)
            if operator in amounts:
                targets.append((amounts[operator], keys))
            else:
                default = keys
        found.append(targets)
    return found
