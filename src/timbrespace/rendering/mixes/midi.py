"""Standard MIDI files as scores.

Comes in: a .mid file of type 0 or 1. Goes out: a `Score` with one part for each program that plays,
drums (channel 10) for each kit, whatever tracks and channels they are spread over. Tempo and the
sustain pedal are followed; volume, pan, bends and everything else is not, since the mix makes its
own. Files may come from anyone: their size is limited before they are read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from timbrespace.errors import InputError, MissingDependencyError
from timbrespace.rendering.mixes.score import BASS, DRUMS, MELODY, Score, ScoreNote, ScorePart

_SUFFIXES = (".mid", ".midi")
_LARGEST_BYTES = 4_000_000
_LONGEST_S = 4 * 3600
_DRUM_CHANNEL = 9
_SUSTAIN, _PEDAL_DOWN = 64, 64
_BASS_PROGRAMS = (*range(32, 40), 43)


def find_midi_files(folder: Path) -> list[Path]:
    """Every MIDI file below a folder, sorted; hidden files are left out.

    Raises:
        InputError: there is no such folder, or no MIDI file in it.
    """
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder; expected one of MIDI files.")
    files = sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in _SUFFIXES and not path.name.startswith(".") and path.is_file()
    )
    if not files:
        raise InputError(f"{folder}: holds no MIDI file ({', '.join(_SUFFIXES)}).")
    return files


def read_midi(file: Path) -> Score:
    """Read a MIDI file.

    Raises:
        InputError: it is missing, too large or too long, broken, or has no notes.
        MissingDependencyError: mido is not installed.
    """
    try:
        if file.stat().st_size > _LARGEST_BYTES:
            raise InputError(f"{file}: is larger than {_LARGEST_BYTES / 1e6:g} MB.")
        parts = _parts(_messages(file))
    except (OSError, EOFError, ValueError, LookupError, TypeError, ArithmeticError) as fault:
        if isinstance(fault, InputError):
            raise
        reason = str(fault) or "it is cut off"
        raise InputError(f"{file}: cannot be read as a MIDI file ({reason}).") from fault
    score = Score(name=file.stem, parts=parts)
    if not parts:
        raise InputError(f"{file}: has no notes.")
    if score.duration_s > _LONGEST_S:
        raise InputError(f"{file}: is longer than {_LONGEST_S / 3600:g} hours.")
    return score


def _messages(file: Path) -> Iterator[tuple[float, Any]]:
    """Every message that is no meta message, with its time in seconds."""
    try:
        import mido
    except ImportError as fault:
        raise MissingDependencyError(
            "MIDI files need mido; install it with: pip install 'timbrespace[render]'"
        ) from fault
    time_s = 0.0
    for message in mido.MidiFile(file, clip=True):  # iterating merges tracks and follows tempo
        time_s += message.time
        if not message.is_meta:
            yield time_s, message


@dataclass
class _Channel:
    """What is known of a channel while its messages go by."""

    program: int = 0
    pedal: bool = False
    held: dict[int, tuple[float, int, int]] = field(
        default_factory=dict
    )  # start, velocity, program
    ringing: dict[int, tuple[float, int, int]] = field(default_factory=dict)  # under the pedal


def _parts(messages: Iterator[tuple[float, Any]]) -> tuple[ScorePart, ...]:
    channels: dict[int, _Channel] = defaultdict(_Channel)
    notes: dict[tuple[bool, int], list[ScoreNote]] = defaultdict(list)
    time_s = 0.0
    for time_s, message in messages:
        if not hasattr(message, "channel"):
            continue
        channel = channels[message.channel]
        for pitch, (start_s, velocity, program) in _ended(channel, message, time_s):
            key = (message.channel == _DRUM_CHANNEL, program)
            notes[key].append(ScoreNote(start_s, time_s - start_s, pitch, velocity))
    for number, channel in channels.items():
        for pitch, (start_s, velocity, program) in (channel.held | channel.ringing).items():
            key = (number == _DRUM_CHANNEL, program)
            notes[key].append(ScoreNote(start_s, time_s - start_s, pitch, velocity))
    return tuple(_part(*key, notes[key]) for key in sorted(notes))


def _ended(
    channel: _Channel, message: Any, time_s: float
) -> list[tuple[int, tuple[float, int, int]]]:
    """Take a message in; pitch, start, velocity and program of the notes that it ends."""
    ended: list[tuple[int, tuple[float, int, int]]] = []
    if message.type == "program_change":
        channel.program = message.program
    elif message.type == "control_change" and message.control == _SUSTAIN:
        channel.pedal = message.value >= _PEDAL_DOWN
        if not channel.pedal:
            ended = list(channel.ringing.items())
            channel.ringing.clear()
    elif message.type in {"note_on", "note_off"}:
        pitch = message.note
        off = message.type == "note_off" or message.velocity == 0
        before = channel.held.pop(pitch, None)
        if before and off and channel.pedal:
            channel.ringing[pitch] = before
        elif before:
            ended.append((pitch, before))
        if not off:
            rung = channel.ringing.pop(pitch, None)
            ended += [(pitch, rung)] if rung else []
            channel.held[pitch] = (time_s, message.velocity, channel.program)
    return ended


def _part(drums: bool, program: int, notes: list[ScoreNote]) -> ScorePart:
    role = DRUMS if drums else BASS if program in _BASS_PROGRAMS else MELODY
    ordered = sorted(notes, key=lambda note: (note.start_s, note.pitch, note.duration_s))
    return ScorePart(role=role, program=program, notes=tuple(ordered))
