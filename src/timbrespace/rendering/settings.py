"""What a rendered corpus shall hold.

Comes in: pitches, velocities, programs, times and levels, as typed. Goes out: a checked
`RenderSettings`, which is kept in the corpus. Pitches and velocities are MIDI numbers, times
seconds, rates hertz.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from timbrespace.errors import ConfigError
from timbrespace.rendering.general_midi import PITCHED_PROGRAMS
from timbrespace.rendering.splits import TEST_PROGRAMS, VALID_PROGRAMS

LOWEST_PITCH, HIGHEST_PITCH = 21, 108
"""The keys of a piano, A0 to C8."""

_RULES = {
    "pitches": "MIDI pitches are 0 to 127",
    "velocities": "velocities are 1 to 127",
    "programs": "pitched General MIDI programs are 0 to 54, 56 to 112 and 114",
}


@dataclass(frozen=True, kw_only=True)
class RenderSettings:
    """Everything but the SoundFonts that decides what is rendered.

    Attributes:
        pitches: 0 to 127; a preset plays those that lie in its own key range.
        velocities: 1 to 127.
        programs: General MIDI programs to render, 0 to 127, all of them pitched instruments.
        valid_programs: held out for validation; need not be rendered.
        test_programs: held out for testing; need not be rendered.
        sample_rate_hz: of the corpus.
        held_s: how long the key is down.
        total_s: length of each file.
        gain: FluidSynth's; lower it if notes are dropped because they clip. At 0.8 no note of the
            catalogue's SoundFonts does.

    Raises:
        ConfigError: a value is out of its range, or a program is held out twice.
    """

    pitches: Sequence[int] = tuple(range(LOWEST_PITCH, HIGHEST_PITCH + 1))
    velocities: Sequence[int] = (25, 50, 75, 100, 127)
    programs: Sequence[int] = PITCHED_PROGRAMS
    valid_programs: Sequence[int] = VALID_PROGRAMS
    test_programs: Sequence[int] = TEST_PROGRAMS
    sample_rate_hz: int = 16_000
    held_s: float = 3.0
    total_s: float = 4.0
    gain: float = 0.8

    def __post_init__(self) -> None:
        _check_numbers("pitches", self.pitches, range(128))
        _check_numbers("velocities", self.velocities, range(1, 128))
        _check_numbers("programs", self.programs, PITCHED_PROGRAMS)
        _check_held_out(self.valid_programs, self.test_programs)
        if not 8_000 <= self.sample_rate_hz <= 48_000:
            raise ConfigError(f"sample_rate_hz must be 8000 to 48000, got {self.sample_rate_hz}.")
        if not 0 < self.held_s <= self.total_s:
            raise ConfigError(
                f"held_s must be over 0 and at most total_s, got {self.held_s} of {self.total_s}."
            )
        if not 0 < self.gain <= 10:
            raise ConfigError(f"gain must be over 0 and at most 10, got {self.gain}.")


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


def _check_held_out(valid: Sequence[int], test: Sequence[int]) -> None:
    strange = sorted({*valid, *test} - set(PITCHED_PROGRAMS))
    if strange:
        raise ConfigError(f"programs {_some(strange)} cannot be held out; {_RULES['programs']}.")
    both = sorted(set(valid) & set(test))
    if both:
        raise ConfigError(f"programs {_some(both)} are held out for both validation and test.")


def _some(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers[:5])) + (" …" if len(numbers) > 5 else "") or "none"
