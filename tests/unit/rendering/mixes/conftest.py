"""A tiny orchestra, and MIDI files."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

_PROGRAMS = {"Piano": 0, "Steel": 25, "Bass": 33, "Violin": 40, "Strings": 48, "Oboe": 68}
_OTHERS = {"Bright": 1, "Nylon": 24, "Bass": 33, "Fiddle": 110, "Strings": 48, "Oboe": 68}


def _orchestra(writer: SimpleNamespace, path: Path, programs: dict[str, int]) -> Path:
    cycles = (writer.SINE, writer.SAW, writer.SQUARE)
    sounds = [
        writer.Sound(name=name, program=program, cycle=cycles[at % 3], level=0.2)
        for at, (name, program) in enumerate(programs.items())
    ]
    sounds.append(writer.Sound(name="Kit", program=0, bank=128, cycle=writer.SQUARE, level=0.2))
    return writer.write_soundfont(path, sounds)


@pytest.fixture(scope="session")
def orchestra(tmp_path_factory: pytest.TempPathFactory, writer: SimpleNamespace) -> Path:
    """A SoundFont with programs of train."""
    return _orchestra(writer, tmp_path_factory.mktemp("orchestra") / "orchestra.sf2", _PROGRAMS)


@pytest.fixture(scope="session")
def band(tmp_path_factory: pytest.TempPathFactory, writer: SimpleNamespace) -> Path:
    """A SoundFont with programs of test."""
    return _orchestra(writer, tmp_path_factory.mktemp("band") / "band.sf2", _OTHERS)


@pytest.fixture
def write_midi() -> Callable[..., Path]:
    """Writes messages, given as (seconds, type, values), at 120 beats a minute."""
    mido = pytest.importorskip("mido")

    def write(path: Path, *messages: tuple[float, str, dict[str, int]]) -> Path:
        track, before = mido.MidiTrack(), 0
        for time_s, kind, values in messages:
            ticks = round(time_s * 960)  # 480 a beat
            track.append(mido.Message(kind, time=ticks - before, **values))
            before = ticks
        file = mido.MidiFile(ticks_per_beat=480)
        file.tracks.append(track)
        file.save(path)
        return path

    return write
