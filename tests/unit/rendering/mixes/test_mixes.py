import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import soundfile

from timbrespace.corpora import IRMAS_CLASSES
from timbrespace.errors import ConfigError, InputError
from timbrespace.manifest import read_manifest
from timbrespace.rendering.mixes import MixSettings, PredominanceRule, render_mixes
from timbrespace.rendering.mixes.classes import TEST_PROGRAMS, TRAIN_PROGRAMS
from timbrespace.rendering.mixes.data_card import data_card

pytestmark = pytest.mark.usefixtures("fluidsynth")

_FEW = MixSettings(
    n_train=22, n_valid=3, n_test=8, train_s=(1.0, 1.0), test_s=(1.0, 2.0), stems=True
)


def _fonts(orchestra: Path, band: Path) -> dict[str, list[Path]]:
    soundfonts = {"train": orchestra, "valid": orchestra, "test": band}
    return {f"{split}_soundfonts": [path] for split, path in soundfonts.items()}


def _content(folder: Path) -> dict[str, str]:
    """SHA-256 of each file but the manifest, which has absolute paths."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "manifest.parquet"
    }


@pytest.fixture(scope="module")
def corpus(orchestra, band, tmp_path_factory):
    folder = tmp_path_factory.mktemp("mixes") / "corpus"
    fonts = _fonts(orchestra, band)
    return folder, render_mixes(folder, _FEW, **fonts, n_workers=2)


def test_one_process_writes_what_two_write(corpus, orchestra, band, tmp_path):
    fonts = _fonts(orchestra, band)
    render_mixes(tmp_path / "again", _FEW, **fonts, n_workers=1)
    assert _content(tmp_path / "again") == _content(corpus[0])


def test_another_seed_gives_other_mixes(corpus, orchestra, tmp_path):
    settings = MixSettings(n_train=1, n_valid=0, n_test=0, train_s=(1.0, 1.0), seed=1)
    render_mixes(tmp_path, settings, train_soundfonts=[orchestra], n_workers=1)
    first, other = (folder / "train" / "train-00000.wav" for folder in (corpus[0], tmp_path))
    assert first.read_bytes() != other.read_bytes()


def test_manifest_has_every_mix_as_asked_for(corpus):
    rows = read_manifest(corpus[0] / "manifest.parquet").to_pylist()
    assert {split: sum(row["split"] == split for row in rows) for split in _FEW.counts} == {
        "train": 22,
        "valid": 3,
        "test": 8,
    }
    for row in rows:
        info = soundfile.info(row["path"])
        assert (info.samplerate, info.channels, info.subtype) == (16_000, 1, "PCM_16")
        assert info.duration == pytest.approx(row["duration_s"])
        assert set(row["labels"]) <= set(IRMAS_CLASSES)
        assert row["labels"]
        assert row["split"] != "train" or len(row["labels"]) == 1
        assert row["kind"] == (row["labels"][0] if len(row["labels"]) == 1 else None)


def test_labels_are_the_classes_of_predominant_stems(corpus):
    stems = pq.read_table(corpus[0] / "stems.parquet").to_pylist()
    for row in read_manifest(corpus[0] / "manifest.parquet").to_pylist():
        own = [stem for stem in stems if stem["mix"] == row["id"]]
        leads = {stem["class"] for stem in own if stem["predominant"]} - {None}
        assert set(row["labels"]) == leads
        loudest = max(stem["loudness_lufs"] for stem in own if stem["role"] in {"melody", "chords"})
        for stem in own:
            assert not stem["predominant"] or stem["loudness_lufs"] >= loudest - 4.01


def test_a_class_is_unknown_where_something_near_to_it_is_heard(corpus):
    stems = pq.read_table(corpus[0] / "stems.parquet").to_pylist()
    ensembles = {
        s["mix"] for s in stems if s["instrument"] == "String Ensemble 1" and s["activity"]
    }
    rows = read_manifest(corpus[0] / "manifest.parquet").to_pylist()
    assert ensembles
    for row in rows:
        known = row["label_mask"] or [True] * len(IRMAS_CLASSES)
        unknown = {name for name, flag in zip(IRMAS_CLASSES, known, strict=True) if not flag}
        unsure = {"cello", "violin"} if row["id"] in ensembles else set()
        assert unknown == unsure - set(row["labels"])


def test_a_mix_is_the_sum_of_its_stems_and_peaks_below_full_scale(corpus):
    for mix in sorted((corpus[0] / "test").iterdir()):
        stems = sorted((corpus[0] / "stems").glob(f"{mix.stem}-*.wav"))
        waveforms = [soundfile.read(stem)[0] for stem in stems]
        whole, _ = soundfile.read(mix)
        np.testing.assert_allclose(sum(waveforms), whole, atol=1e-4)  # 16 bits each
        peak = max(np.abs(waveform).max() for waveform in (whole, *waveforms))
        assert peak == pytest.approx(10 ** (-1 / 20), abs=1e-3)


def test_splits_have_their_own_fonts_and_programs(corpus):
    stems = pq.read_table(corpus[0] / "stems.parquet").to_pylist()
    seen = {"train": set(), "valid": set(), "test": set()}
    for stem in stems:
        if stem["class"]:
            seen[stem["mix"].split("-")[0]].add((stem["soundfont"], stem["program"]))
    assert seen["train"] == {("orchestra", 0), ("orchestra", 25), ("orchestra", 40)}
    assert seen["test"] == {("band", 1), ("band", 24), ("band", 110)}
    assert seen["valid"] <= seen["train"]


def test_all_programs_play_in_all_splits_if_asked_for(orchestra, tmp_path):
    few = {"n_train": 0, "n_valid": 0, "n_test": 1, "test_s": (1.0, 1.0)}
    fonts = {"test_soundfonts": [orchestra], "n_workers": 1}
    with pytest.raises(ConfigError, match="no SoundFont of test plays an instrument of a class"):
        render_mixes(tmp_path / "own", MixSettings(**few), **fonts)
    every = render_mixes(tmp_path / "all", MixSettings(**few, disjoint_programs=False), **fonts)
    assert every.mixes["test"] == 1


def test_data_card_tells_what_render_json_holds(corpus):
    folder, summary = corpus
    told = json.loads((folder / "render.json").read_text())
    assert told["classes"] == summary.classes
    card = (folder / "README.md").read_text()
    assert "| mixes | 22 | 3 | 8 |" in card
    assert "No other split hears the SoundFonts of test." in card
    assert all(len(line) <= 100 for line in card.splitlines() if not line.startswith("|"))
    assert f"{sum(summary.hours.values()) * 60:.1f} minutes, played by" in " ".join(card.split())
    hours = dict.fromkeys(summary.hours, 2.0)
    assert "6.0 hours, played by" in " ".join(data_card(told | {"hours": hours}).split())


def test_card_and_page_name_the_classes_that_test_plays_as_train_does(corpus):
    same = [name for name in IRMAS_CLASSES if {*TEST_PROGRAMS[name]} & {*TRAIN_PROGRAMS[name]}]
    told = json.loads((corpus[0] / "render.json").read_text())
    for disjoint, names in ((True, same), (False, IRMAS_CLASSES)):
        card = data_card(told | {"disjoint_programs": disjoint})
        assert f"differ by SoundFont only: {', '.join(names)}." in " ".join(card.split())
    page = Path(__file__).parents[4] / "docs" / "mixes.md"
    assert f"Test plays {', '.join(same[:-1])} and {same[-1]} by programs" in page.read_text()


def test_what_is_complete_is_not_rendered_again(corpus, orchestra, band, tmp_path):
    folder, _ = corpus
    before = _content(folder)
    (folder / ".render" / "train-00020.json").unlink()
    times = {path: path.stat().st_mtime_ns for path in folder.rglob("*.wav")}
    fonts = _fonts(orchestra, band)
    render_mixes(folder, _FEW, **fonts, n_workers=1)
    anew = {path.stem for path, then in times.items() if path.stat().st_mtime_ns > then}
    assert {name[:11] for name in anew} == {"train-00020", "train-00021"}
    assert _content(folder) == before


def test_audio_that_is_lost_or_cut_is_made_again(corpus, orchestra, band):
    folder, _ = corpus
    before = _content(folder)
    times = {path: path.stat().st_mtime_ns for path in folder.rglob("*.wav")}
    (folder / "train" / "train-00002.wav").unlink()
    (folder / "test" / "test-00001.wav").write_text("junk")
    stem = folder / "stems" / "valid-00000-1.wav"
    stem.write_bytes(stem.read_bytes()[:-2])
    render_mixes(folder, _FEW, **_fonts(orchestra, band), n_workers=1)
    assert _content(folder) == before
    anew = {path.stem for path, then in times.items() if path.stat().st_mtime_ns > then}
    assert {"-".join(name.split("-")[:2]) for name in anew} == {
        "train-00002",
        "test-00001",
        "valid-00000",
    }


_SCRIPT = """
import sys
from pathlib import Path
from timbrespace.rendering.mixes import MixSettings, render_mixes

settings = MixSettings(n_train=45, n_valid=0, n_test=0, train_s=(0.5, 0.5))
soundfont = Path(sys.argv[1])
render_mixes(
    Path(sys.argv[2]),
    settings,
    train_soundfonts=[soundfont],
    test_soundfonts=[soundfont],
    n_workers=1,
)
"""


def test_a_killed_run_goes_on_to_the_same_bytes(orchestra, tmp_path):
    command = [sys.executable, "-c", _SCRIPT, str(orchestra)]
    stopped, undisturbed = tmp_path / "stopped", tmp_path / "undisturbed"
    process = subprocess.Popen([*command, str(stopped)], stderr=subprocess.DEVNULL)
    end = time.monotonic() + 60
    while not (stopped / ".render" / "train-00000.json").exists():
        assert time.monotonic() < end, "waited for a minute"
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert not (stopped / "render.json").exists()
    for folder in (stopped, undisturbed):
        subprocess.run([*command, str(folder)], check=True, capture_output=True)
    assert _content(stopped) == _content(undisturbed)


def test_progress_counts_mixes_up_to_all(orchestra, tmp_path):
    told = []
    settings = MixSettings(n_train=21, n_valid=0, n_test=0, train_s=(0.5, 0.5))
    for _ in range(2):
        render_mixes(
            tmp_path,
            settings,
            train_soundfonts=[orchestra],
            n_workers=1,
            on_progress=lambda *done: told.append(done),
        )
    assert told == [("rendering", done, 21) for done in (*range(22), 21)]


def test_other_settings_for_the_same_folder_are_refused(corpus, orchestra, band):
    settings = MixSettings(**vars(_FEW) | {"seed": 5})
    with pytest.raises(ConfigError, match="seed was 0, now 5"):
        render_mixes(corpus[0], settings, train_soundfonts=[orchestra], test_soundfonts=[band])


def test_midi_files_are_played_by_programs_of_the_split(band, write_midi, tmp_path):
    notes = [(0.2 * at, kind, {"note": 60 + at // 2 % 12}) for at, kind in enumerate(_KEYS)]
    (tmp_path / "midi").mkdir()
    write_midi(tmp_path / "midi" / "tune.mid", (0, "program_change", {"program": 25}), *notes)
    settings = MixSettings(n_train=0, n_valid=0, n_test=3, test_s=(1.0, 1.0))
    summary = render_mixes(
        tmp_path / "out", settings, midi=tmp_path / "midi", test_soundfonts=[band], n_workers=1
    )
    assert summary.programs["test"]["acoustic-guitar"] == ["24 Acoustic Guitar (nylon)"]
    rows = read_manifest(tmp_path / "out" / "manifest.parquet").to_pylist()
    assert {row["instrument"] for row in rows} == {"song-tune"}
    assert {tuple(row["labels"]) for row in rows} == {("acoustic-guitar",)}


_KEYS = ("note_on", "note_off") * 20


def test_music_without_a_class_is_refused(band, write_midi, tmp_path):
    notes = [(0.2 * at, kind, {"note": 60}) for at, kind in enumerate(_KEYS)]
    (tmp_path / "midi").mkdir()
    write_midi(tmp_path / "midi" / "tune.mid", (0, "program_change", {"program": 68}), *notes)
    settings = MixSettings(n_train=0, n_valid=0, n_test=1)
    with pytest.raises(ConfigError, match="none has a predominant instrument of a class"):
        render_mixes(
            tmp_path / "out", settings, midi=tmp_path / "midi", test_soundfonts=[band], n_workers=1
        )


def test_fonts_without_a_class_are_refused(writer, tmp_path):
    oboe = writer.Sound(name="Oboe", program=68, cycle=writer.SAW)
    font = writer.write_soundfont(tmp_path / "oboe.sf2", [oboe])
    with pytest.raises(ConfigError, match="no SoundFont of train plays an instrument of a class"):
        render_mixes(tmp_path / "out", _FEW, train_soundfonts=[font], test_soundfonts=[font])


def test_broken_soundfonts_are_refused(orchestra, tmp_path):
    (tmp_path / "cut.sf2").write_bytes(orchestra.read_bytes()[:-200])
    with pytest.raises(InputError, match=r"cut\.sf2: broken SoundFont"):
        render_mixes(tmp_path / "out", _FEW, train_soundfonts=[tmp_path / "cut.sf2"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"n_train": -1}, "0 or more mixes"),
        ({"n_train": 0, "n_valid": 0, "n_test": 0}, "not all of them 0"),
        ({"seed": -1}, "seed must be 0 or more"),
        ({"sample_rate_hz": 100}, "sample_rate_hz must be"),
        ({"test_s": (9.0, 1.0)}, "test_s must be two lengths"),
        ({"train_below_db": (-3.0, 1.0)}, "train_below_db must be two levels"),
        ({"stem_odds": (0.0,)}, "must not all be 0"),
        ({"stem_odds": (1.0,) * 6}, "must be 1 to 5 numbers"),
        ({"lead_in_s": -1.0}, "lead_in_s must be"),
    ],
)
def test_wrong_settings_are_refused(change, message):
    with pytest.raises(ConfigError, match=message):
        MixSettings(**change)


def test_the_rule_is_a_setting(band, tmp_path):
    settings = MixSettings(
        n_train=0,
        n_valid=0,
        n_test=6,
        test_s=(1.0, 1.0),
        stem_odds=(0, 0, 0, 0, 1),
        rule=PredominanceRule(within_db=60, least_activity=0, unranked_roles=()),
    )
    summary = render_mixes(tmp_path, settings, test_soundfonts=[band], n_workers=1)
    stems = pq.read_table(tmp_path / "stems.parquet")
    assert summary.mixes["test"] == 6
    assert all(stems["predominant"].to_pylist())
