"""What a rendered corpus shall hold.

Comes in: pitches or keys, velocities, programs, times and levels, as typed. Goes out: checked
`RenderSettings` or `DrumSettings`, which are kept in the corpus. Pitches, keys and velocities are
MIDI numbers, times seconds, rates hertz.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from timbrespace.errors import ConfigError
from timbrespace.rendering.general_midi import PITCHED_PROGRAMS
from timbrespace.rendering.percussion_map import DRUMS
from timbrespace.rendering.splits import TEST_KEYS, TEST_PROGRAMS, VALID_KEYS, VALID_PROGRAMS

LOWEST_PITCH, HIGHEST_PITCH = 21, 108
"""The keys of a piano, A0 to C8."""

_RULES = {
    "pitches": "MIDI pitches are 0 to 127",
    "velocities": "velocities are 1 to 127",
    "programs": "pitched General MIDI programs are 0 to 54, 56 to 112 and 114",
    "keys": "keys of the General MIDI percussion map are 35 to 81",
}


@dataclass(frozen=True, kw_only=True)
class NoteSettings:
    """How each note is played and kept, pitched or not.

    Attributes:
        velocities: 1 to 127.
        sample_rate_hz: of the corpus.
        held_s: how long the key is down.
        total_s: length of each file.
        gain: FluidSynth's; lower it if notes are dropped because they clip. At 0.8 no pitched note
            of the catalogue's SoundFonts does.
        same_recording_db: instruments of one kind whose spectra differ by less play the same
            recordings: where the gap lies between the two heaps into which the differences of the
            catalogue's train instruments fall (docs/open-notes.md). No setting.

    Raises:
        ConfigError: a value is out of its range.
    """

    same_recording_db: ClassVar[float]

    velocities: Sequence[int] = (25, 50, 75, 100, 127)
    sample_rate_hz: int = 16_000
    held_s: float = 3.0
    total_s: float = 4.0
    gain: float = 0.8

    def __post_init__(self) -> None:
        _check_numbers("velocities", self.velocities, range(1, 128))
        if not 8_000 <= self.sample_rate_hz <= 48_000:
            raise ConfigError(f"sample_rate_hz must be 8000 to 48000, got {self.sample_rate_hz}.")
        if not 0 < self.held_s <= self.total_s:
            raise ConfigError(
                f"held_s must be over 0 and at most total_s, got {self.held_s} of {self.total_s}."
            )
        if not 0 < self.gain <= 10:
            raise ConfigError(f"gain must be over 0 and at most 10, got {self.gain}.")


@dataclass(frozen=True, kw_only=True)
class RenderSettings(NoteSettings):
    """Everything but the SoundFonts that decides which pitched notes are rendered.

    Attributes:
        pitches: 0 to 127; a preset plays those that lie in its own key range.
        programs: General MIDI programs to render, 0 to 127, all of them pitched instruments.
        valid_programs: held out for validation; need not be rendered.
        test_programs: held out for testing; need not be rendered.

    Raises:
        ConfigError: a value is out of its range, or a program is held out twice.
    """

    same_recording_db: ClassVar[float] = 2.5

    pitches: Sequence[int] = tuple(range(LOWEST_PITCH, HIGHEST_PITCH + 1))
    programs: Sequence[int] = PITCHED_PROGRAMS
    valid_programs: Sequence[int] = VALID_PROGRAMS
    test_programs: Sequence[int] = TEST_PROGRAMS

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_numbers("pitches", self.pitches, range(128))
        _check_numbers("programs", self.programs, PITCHED_PROGRAMS)
        _check_held_out("programs", self.valid_programs, self.test_programs, PITCHED_PROGRAMS)


@dataclass(frozen=True, kw_only=True)
class DrumSettings(NoteSettings):
    """Everything but the SoundFonts that decides which drum hits are rendered.

    Attributes:
        keys: of the General MIDI percussion key map, 35 to 81.
        valid_keys: held out for validation; need not be rendered.
        test_keys: held out for testing; need not be rendered.

    Raises:
        ConfigError: a value is out of its range, or a key is held out twice.
    """

    same_recording_db: ClassVar[float] = 1.5

    keys: Sequence[int] = tuple(DRUMS)
    valid_keys: Sequence[int] = VALID_KEYS
    test_keys: Sequence[int] = TEST_KEYS

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_numbers("keys", self.keys, DRUMS)
        _check_held_out("keys", self.valid_keys, self.test_keys, DRUMS)


def whole_numbers(*texts: str) -> tuple[int, ...]:
    """Numbers as typed: each text is one, or `LOWEST:HIGHEST[:STEP]` with both ends included.

    Raises:
        ConfigError: a text has another form or holds no number.

    Example:
        >>> whole_numbers("60", "21:24"), whole_numbers("36:85:12")
        ((60, 21, 22, 23, 24), (36, 48, 60, 72, 84))
    """
    return tuple(number for text in texts for number in _numbers_of(text))


def _numbers_of(text: str) -> range:
    match = re.fullmatch(r"(\d{1,3})(?::(\d{1,3})(?::(\d{1,3}))?)?", text)
    if not match:
        raise ConfigError(
            f"expected NUMBER or LOWEST:HIGHEST[:STEP] of three digits at most, got {text!r}."
        )
    lowest, highest, step = int(match[1]), int(match[2] or match[1]), int(match[3] or 1)
    if highest < lowest or step == 0:
        raise ConfigError(f"{text!r} holds no number: from {lowest} to {highest} by {step}.")
    return range(lowest, highest + 1, step)


def _check_numbers(name: str, numbers: Sequence[int], allowed: Iterable[int]) -> None:
    strange = sorted(set(numbers) - set(allowed))
    if strange:
        raise ConfigError(f"{name} cannot be {_some(strange)}; {_RULES[name]}.")
    if not numbers or len(set(numbers)) < len(numbers):
        raise ConfigError(f"{name} must be one or more numbers, each once; got {_some(numbers)}.")


def _check_held_out(
    name: str, valid: Sequence[int], test: Sequence[int], allowed: Iterable[int]
) -> None:
    strange = sorted({*valid, *test} - set(allowed))
    if strange:
        raise ConfigError(f"{name} {_some(strange)} cannot be held out; {_RULES[name]}.")
    both = sorted(set(valid) & set(test))
    if both:
        raise ConfigError(f"{name} {_some(both)} are held out for both validation and test.")


def _some(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers[:5])) + (" …" if len(numbers) > 5 else "") or "none"
