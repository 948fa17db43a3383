import hashlib
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import soundfile

from timbrespace.corpora import get_corpus
from timbrespace.errors import AudioError, ConfigError, InputError, TimbrespaceError
from timbrespace.locks import exclusive
from timbrespace.rendering import NoteRenderer, RenderSettings, plan_corpus, render_corpus

pytestmark = pytest.mark.usefixtures("fluidsynth")

_FEW = RenderSettings(pitches=(30, 60, 90), velocities=(1, 100), held_s=0.3, total_s=0.5)
_NSYNTH_KEYS = {
    "note",
    "note_str",
    "instrument",
    "instrument_str",
    "pitch",
    "velocity",
    "sample_rate",
    "qualities",
    "qualities_str",
    "instrument_family",
    "instrument_family_str",
    "instrument_source",
    "instrument_source_str",
}

_OUR_KEYS = {"kind", "recording", "soundfont", "bank", "program", "preset"}


def _content(folder: Path) -> dict[str, str]:
    """SHA-256 of each file, so that a difference is shown in a few lines."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _entries(folder: Path, split: str) -> dict[str, dict]:
    return json.loads((folder / f"nsynth-{split}" / "examples.json").read_text())


@pytest.fixture(scope="module")
def corpus(tiny, other, tmp_path_factory):
    """Both tiny SoundFonts, rendered by two processes; folder and summary."""
    folder = tmp_path_factory.mktemp("corpora") / "corpus"
    return folder, render_corpus([tiny, other], folder, _FEW, n_workers=2)


def test_one_process_writes_what_two_write(corpus, tiny, other, tmp_path):
    render_corpus([tiny, other], tmp_path / "again", _FEW, n_workers=1)
    assert _content(tmp_path / "again") == _content(corpus[0])


def test_entries_have_nsynths_keys_and_ours(corpus):
    note = "brass_acoustic_tiny_008_056-060-100"
    entry = _entries(corpus[0], "test")[note]
    assert set(entry) == _NSYNTH_KEYS | _OUR_KEYS
    assert entry["note_str"] == note
    assert entry["instrument_str"] == "brass_acoustic_tiny_008_056"
    assert (entry["pitch"], entry["velocity"], entry["sample_rate"]) == (60, 100, 16_000)
    assert (entry["instrument_family"], entry["instrument_family_str"]) == (1, "brass")
    assert (entry["instrument_source"], entry["instrument_source_str"]) == (0, "acoustic")
    assert (entry["qualities"], entry["qualities_str"]) == ([0] * 10, [])
    assert (entry["soundfont"], entry["bank"], entry["program"]) == ("tiny", 8, 56)
    assert (entry["preset"], entry["kind"]) == ("Late Trumpet", "Trumpet")


def test_notes_and_instruments_are_numbered(corpus):
    entries = [
        e for split in ("train", "valid", "test") for e in _entries(corpus[0], split).values()
    ]
    assert sorted(entry["note"] for entry in entries) == list(range(len(entries)))
    pairs = {(entry["instrument"], entry["instrument_str"]) for entry in entries}
    assert len({number for number, _ in pairs}) == len({name for _, name in pairs}) == len(pairs)


def test_audio_is_what_the_entries_say(corpus):
    for split in ("train", "valid", "test"):
        files = sorted((corpus[0] / f"nsynth-{split}" / "audio").iterdir())
        assert [file.stem for file in files] == sorted(_entries(corpus[0], split))
        for file in files:
            info = soundfile.info(file)
            assert (info.samplerate, info.channels, info.frames) == (16_000, 1, 8_000)
            assert info.subtype == "PCM_16"


def test_the_nsynth_loader_reads_it(corpus):
    scan = get_corpus("nsynth").scan(corpus[0])
    assert scan.problems == []
    assert scan.manifest.num_rows == sum(n for c in corpus[1].notes.values() for n in c.values())
    assert set(scan.manifest["maker"].to_pylist()) == {"tiny", "other"}


def test_whole_programs_are_held_out_across_soundfonts(corpus):
    seen = {
        split: {(e["program"], e["soundfont"]) for e in _entries(corpus[0], split).values()}
        for split in ("train", "valid", "test")
    }
    assert seen["train"] == {(0, "tiny"), (0, "other")}
    assert seen["test"] == {(56, "tiny"), (56, "other")}
    assert seen["valid"] == set()


def test_what_is_dropped_and_left_out_is_counted(corpus):
    _, summary = corpus
    # of the sax all 6 notes; of the others those of velocity 1 (the tiny piano has no key 30)
    assert summary.dropped == {"silent": 6 + 14, "clipped": 0}
    assert summary.empty == ["reed_acoustic_tiny_000_064"]
    assert summary.left_out == {"breath-controlled": 1, "not pitched": 1, "percussion": 1}
    assert summary.out_of_range == 2  # the tiny piano's key 30
    assert summary.makers == {"tiny": 3, "other": 2}
    assert summary.sources == {"acoustic": 5}
    assert summary.instruments == {
        "train": {"keyboard": 2},
        "valid": {},
        "test": {"brass": 3},
    }
    assert summary.notes == {"train": {"keyboard": 5}, "valid": {}, "test": {"brass": 9}}


def test_presets_that_play_one_recording_are_one_instrument(writer, tmp_path):
    """The quiet trumpet is the trumpet with less gain; the others are of their own."""
    sounds = [
        writer.Sound(name="Trumpet", program=56, cycle=writer.SAW),
        writer.Sound(name="Quiet Trumpet", program=56, bank=8, cycle=writer.SAW, level=0.1),
        writer.Sound(name="Square Trumpet", program=56, bank=16, cycle=writer.SQUARE),
        writer.Sound(name="Quiet Oboe", program=68, cycle=writer.SAW, level=0.1),
    ]
    soundfont = writer.write_soundfont(tmp_path / "four.sf2", sounds)
    settings = RenderSettings(pitches=(30, 60), velocities=(100,), held_s=0.3, total_s=0.5)
    summary = render_corpus([soundfont], tmp_path / "out", settings, n_workers=1)
    entries = _entries(tmp_path / "out", "test").values()
    assert {entry["preset"]: entry["recording"] for entry in entries} == {
        "Trumpet": "brass_acoustic_four_000_056",
        "Quiet Trumpet": "brass_acoustic_four_000_056",
        "Square Trumpet": "brass_acoustic_four_016_056",
        "Quiet Oboe": "reed_acoustic_four_000_068",
    }
    trumpets = summary.kinds["Trumpet"]
    assert (trumpets.instruments, trumpets.recordings, trumpets.notes) == (3, 2, 6)
    assert (trumpets.family, trumpets.split, trumpets.pitches) == ("brass", "test", (30, 60))
    assert summary.n_recordings == 3
    assert sum(summary.differences["test"]) == 3  # pairs of trumpets
    instruments = get_corpus("nsynth").scan(tmp_path / "out").manifest["instrument"].to_pylist()
    assert len(set(instruments)) == 3


def test_render_json_says_what_was_asked_for_and_what_came(corpus, tiny):
    told = json.loads((corpus[0] / "render.json").read_text())
    assert told["dropped"] == corpus[1].dropped
    assert told["velocities"] == [1, 100]
    assert [soundfont["name"] for soundfont in told["soundfonts"]] == ["tiny", "other"]
    assert len(told["soundfonts"][0]["sha256"]) == 64


def test_loud_notes_are_dropped_as_clipped(other, tmp_path):
    settings = RenderSettings(pitches=(60,), velocities=(25, 127), gain=4.0, total_s=3.0)
    summary = render_corpus([other], tmp_path / "loud", settings, n_workers=1)
    assert summary.dropped == {"silent": 0, "clipped": 2}
    assert sum(n for counts in summary.notes.values() for n in counts.values()) == 2


def test_samples_are_the_waveform_to_16_bits(corpus, tiny):
    file = corpus[0] / "nsynth-test" / "audio" / "brass_acoustic_tiny_000_056-060-100.wav"
    samples, _ = soundfile.read(file, dtype="float32")
    note = NoteRenderer(tiny).render_note(0, 56, 60, 100, held_s=0.3, total_s=0.5)
    np.testing.assert_allclose(samples, note, atol=1.6 / 32_768)  # half a step, and 32,767 as 1


def test_a_soundfont_of_the_catalogue_is_known_under_any_name(installed, tmp_path):
    link = tmp_path / "mine.sf2"
    link.symlink_to(installed)
    (soundfont,) = plan_corpus([link], _FEW).soundfonts
    assert soundfont.name == installed.stem
    assert soundfont.licence


def test_a_synthetic_soundfont_makes_synthetic_instruments(installed, tmp_path):
    settings = RenderSettings(
        pitches=(60,), velocities=(100,), programs=(0, 56), held_s=0.1, total_s=0.1
    )
    render_corpus([installed], tmp_path / "few", settings, n_workers=1)
    sources = {e["instrument_source_str"] for e in _entries(tmp_path / "few", "test").values()}
    assert sources == {"synthetic" if installed.stem == "OPL-3_FM_128M" else "acoustic"}


def test_progress_counts_notes_up_to_all(other, tmp_path):
    told: list[tuple[str, int, int]] = []
    for _ in range(2):
        render_corpus(
            [other],
            tmp_path / "out",
            _FEW,
            n_workers=1,
            on_progress=lambda work, done, total: told.append((work, done, total)),
        )
    assert told == [("rendering", done, 12) for done in (0, 6, 12, 12)]


def test_notes_that_are_lost_or_cut_are_made_again(tiny, tmp_path):
    render_corpus([tiny], tmp_path / "out", _FEW, n_workers=1)
    before = _content(tmp_path / "out")
    lost, cut, *_ = sorted((tmp_path / "out").rglob("*.wav"))
    lost.unlink()
    cut.write_bytes(cut.read_bytes()[:-100])
    render_corpus([tiny], tmp_path / "out", _FEW, n_workers=1)
    assert _content(tmp_path / "out") == before


def test_a_killed_run_goes_on_to_the_same_bytes(tiny, tmp_path):
    command = [sys.executable, "-m", "timbrespace", "render", str(tiny), "--workers", "2"]
    command += ["--pitches", "21:108:2", "--velocities", "100", "127", "--out"]
    stopped, undisturbed = tmp_path / "stopped", tmp_path / "undisturbed"
    process = subprocess.Popen([*command, str(stopped)], stderr=subprocess.DEVNULL)
    _wait(lambda: any((stopped / ".render").glob("*_tiny_*.json")))
    workers = _children(process.pid)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not (stopped / "render.json").exists()
    _wait(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))
    for folder in (stopped, undisturbed):
        subprocess.run([*command, str(folder)], check=True, capture_output=True)
    assert _content(stopped) == _content(undisturbed)


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _wait(met) -> None:
    end = time.monotonic() + 60
    while not met():
        assert time.monotonic() < end, "waited for a minute"
        time.sleep(0.01)


def test_what_is_complete_is_not_rendered_again(other, tmp_path):
    folder = tmp_path / "out"
    render_corpus([other], folder, _FEW, n_workers=1)
    times = Counter({path: path.stat().st_mtime_ns for path in folder.rglob("*.wav")})
    (folder / ".render" / "brass_acoustic_other_000_056.json").unlink()
    render_corpus([other], folder, _FEW, n_workers=1)
    anew = [path.name for path, then in times.items() if path.stat().st_mtime_ns > then]
    assert anew
    assert all(name.startswith("brass") for name in anew)


def test_a_dead_worker_is_an_error_and_the_next_run_goes_on(tiny, other, tmp_path):
    def kill_all(work: str, done: int, total: int) -> None:
        if done:
            for child in multiprocessing.active_children():
                os.kill(child.pid, signal.SIGKILL)

    with pytest.raises(TimbrespaceError, match="a rendering process died"):
        render_corpus([tiny], tmp_path / "out", RenderSettings(), n_workers=2, on_progress=kill_all)
    assert any((tmp_path / "out" / ".render").glob("*_tiny_*.json"))


def test_two_runs_into_one_folder_are_refused(other, tmp_path):
    folder = tmp_path / "out"
    with (
        exclusive(folder / ".render" / "lock", work="rendering"),
        pytest.raises(InputError, match="another process is rendering here"),
    ):
        render_corpus([other], folder, _FEW, n_workers=1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"velocities": (1,)}, r"velocities was \[1, 100\], now \[1\]"),
        ({"gain": 0.5}, r"gain was 0\.8, now 0\.5"),
        ({"test_programs": (0,)}, r"test_programs was \[6, 11.* …, now \[0\]"),
    ],
)
def test_other_settings_for_the_same_folder_are_refused(corpus, tiny, other, change, message):
    settings = RenderSettings(**(vars(_FEW) | change))
    with pytest.raises(ConfigError, match=message):
        render_corpus([tiny, other], corpus[0], settings)


def test_other_soundfonts_for_the_same_folder_are_refused(corpus, tiny):
    with pytest.raises(ConfigError, match="soundfonts was"):
        render_corpus([tiny], corpus[0], _FEW)


def test_a_folder_of_other_things_is_refused_and_left_alone(other, tmp_path):
    (tmp_path / "nsynth-train").mkdir()
    with pytest.raises(ConfigError, match="holds nsynth-train, which no rendering wrote"):
        render_corpus([other], tmp_path, _FEW)
    assert [path.name for path in tmp_path.iterdir()] == ["nsynth-train"]


def test_a_file_in_place_of_the_folder_is_refused(other, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="is a file"):
        render_corpus([other], tmp_path / "file", _FEW)


def test_a_file_that_cannot_be_written_is_named(other, tmp_path):
    blocked = tmp_path / "nsynth-train" / "audio" / "keyboard_acoustic_other_000_000-030-100.wav"
    blocked.mkdir(parents=True)
    (tmp_path / ".render").mkdir()
    with pytest.raises(AudioError, match=r"000-030-100\.wav: cannot be written"):
        render_corpus([other], tmp_path, _FEW, n_workers=1)


def test_broken_soundfonts_are_refused(tiny, tmp_path):
    file = tmp_path / "cut.sf2"
    file.write_bytes(tiny.read_bytes()[:-200])
    with pytest.raises(InputError, match=r"cut\.sf2: broken SoundFont"):
        render_corpus([file], tmp_path / "out", _FEW)


def test_the_same_soundfont_twice_is_refused(tiny, tmp_path):
    copy = tmp_path / "copy.sf2"
    copy.write_bytes(tiny.read_bytes())
    with pytest.raises(ConfigError, match="same content"):
        render_corpus([tiny, copy], tmp_path / "out", _FEW)


def test_two_soundfonts_of_one_name_are_refused(tiny, other, tmp_path):
    namesake = tmp_path / "ti-ny.sf2"
    namesake.write_bytes(other.read_bytes())
    with pytest.raises(ConfigError, match="same letters in its name"):
        render_corpus([tiny, namesake], tmp_path / "out", _FEW)


def test_nothing_to_render_is_refused(other, tmp_path):
    settings = RenderSettings(programs=(1,))
    with pytest.raises(ConfigError, match="no preset of these SoundFonts"):
        render_corpus([other], tmp_path / "out", settings)


def test_no_worker_is_refused(other, tmp_path):
    with pytest.raises(ConfigError, match="n_workers must be 1 or more, got 0"):
        render_corpus([other], tmp_path / "out", _FEW, n_workers=0)
