import json
from pathlib import Path

import pytest

from timbrespace.errors import ConfigError, MissingDependencyError
from timbrespace.rendering import RenderSettings, data_card, open_notes, render_open_notes
from timbrespace.rendering.settings import DrumSettings
from timbrespace.rendering.soundfonts import OPEN_NOTES

_ROOT = Path(__file__).parents[3]


@pytest.fixture
def small(monkeypatch, tiny, kits, fluidsynth):
    """open-notes of two tiny SoundFonts and short, few notes."""

    def settings(kind, **few):
        return lambda velocities: kind(velocities=velocities, held_s=0.1, total_s=0.2, **few)

    monkeypatch.setattr(open_notes, "_soundfonts", lambda: [tiny, kits])
    monkeypatch.setattr(open_notes, "RenderSettings", settings(RenderSettings, pitches=(60, 61)))
    monkeypatch.setattr(open_notes, "DrumSettings", settings(DrumSettings, keys=(36, 60)))


@pytest.mark.parametrize("drums", [False, True])
@pytest.mark.usefixtures("small")
def test_a_card_is_written_beside_the_notes(tmp_path, drums):
    summary = render_open_notes(tmp_path, drums=drums, n_workers=1)
    card = (tmp_path / "README.md").read_text()
    n_notes = sum(kind.notes for kind in summary.kinds.values())
    assert f"{n_notes} notes of" in card
    assert f"become {summary.n_recordings} recordings" in card
    assert "| kits | not known |" in card
    assert f"| note | silent | {summary.dropped['silent']} |" in card
    assert all(f"| {kind} |" in card for kind in summary.kinds)
    assert ("## Splits" in card, "open-notes --drums --out" in card) == (True, drums)


@pytest.mark.usefixtures("small")
def test_the_same_command_goes_on_and_the_other_part_needs_another_folder(tmp_path):
    render_open_notes(tmp_path, n_workers=1)
    card = (tmp_path / "README.md").read_bytes()
    render_open_notes(tmp_path, n_workers=1)
    assert (tmp_path / "README.md").read_bytes() == card
    with pytest.raises(ConfigError, match="holds a corpus of other settings"):
        render_open_notes(tmp_path, drums=True, n_workers=1)


def test_all_missing_soundfonts_are_named_with_one_command(tmp_path, monkeypatch):
    monkeypatch.setattr("timbrespace.rendering.soundfonts._SYSTEM_FOLDERS", ())
    monkeypatch.setenv("TIMBRESPACE_SOUNDFONTS", str(tmp_path))
    (tmp_path / OPEN_NOTES[0].file_name).touch()
    packages = " ".join(entry.package for entry in OPEN_NOTES[1:])
    with pytest.raises(MissingDependencyError, match=f"apt-get install {packages}$"):
        render_open_notes(tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["open-notes", "open-notes-drums"])
def test_the_documented_card_is_that_of_the_real_run(reference, name):
    told = json.loads((reference / f"{name}.json").read_text())
    card = data_card(told, drums=name.endswith("drums"))
    assert (_ROOT / "docs" / f"{name}.md").read_text() == card


def test_the_reference_run_is_of_the_command(reference):
    """The settings that the command asks for are those whose numbers are documented."""
    told = json.loads((reference / "open-notes.json").read_text())
    assert told["velocities"] == list(open_notes._VELOCITIES)
    assert told["pitches"] == list(RenderSettings().pitches)
    assert [font["sha256"] for font in told["soundfonts"]] == [one.sha256 for one in OPEN_NOTES]
