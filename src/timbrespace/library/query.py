"""What is looked for in a library: a `Query`, and how its ranges and words are written.

Comes in: what a person typed, or a program set. Goes out: a `Query` that was checked. Ranges
include both ends; a note stands for every pitch that is nearest to it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from timbrespace.errors import ConfigError
from timbrespace.library.describing import Descriptors

ASPECTS = ("timbre", "pitch", "envelope", "brightness")
RANGES = {
    "pitch": "pitch_midi",
    "duration": "duration_s",
    "brightness": "brightness_hz",
    "loudness": "loudness_lufs",
    "peak": "peak_db",
    "attack": "attack_s",
    "noisiness": "noisiness",
    "velocity": "velocity",
}
LABELS = ("instrument", "family", "source")

_COLUMNS = {*RANGES.values(), "pitch_confidence", "family_probability", "source_probability"}
_COLUMNS |= {"start_s", "sample_rate_hz", "channels", "favourite"}
_SEMITONES = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
_ACCIDENTALS = {"": 0, "#": 1, "♯": 1, "b": -1, "♭": -1}
_UNITS = {"": 1.0, "s": 1.0, "ms": 1e-3, "hz": 1.0, "khz": 1e3, "db": 1.0, "lufs": 1.0}
_NOTE = re.compile(r"([a-g])([#♯b♭]?)(-?\d)", re.IGNORECASE)
_NUMBER = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*([a-z]*)", re.IGNORECASE)

Range = tuple[float, float]
Vector = npt.NDArray[np.float32]


@dataclass(frozen=True, kw_only=True, eq=False)
class Example:
    """A sound to compare others with, wherever it comes from.

    Attributes:
        vector: its embedding, of the library's encoder; (dimensions,).
        pitch_midi: None if it has no pitch.
        brightness_hz: None if it is silent.
        envelope: 64 levels, as `Descriptors` has them; None if unknown.
    """

    vector: Vector
    pitch_midi: float | None = None
    brightness_hz: float | None = None
    envelope: bytes | None = None

    @classmethod
    def of(cls, vector: npt.ArrayLike, descriptors: Descriptors) -> Example:
        """A sound by its embedding and its descriptors."""
        return cls(
            vector=np.asarray(vector, np.float32),
            pitch_midi=descriptors.pitch_midi,
            brightness_hz=descriptors.brightness_hz,
            envelope=descriptors.envelope,
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Query:
    """What is looked for: sounds that pass every filter, the likest to the examples first.

    Attributes:
        like: sounds to be like: ids of the library's, embeddings, `Example`s or, for `Library`,
            paths.
        unlike: sounds to be unlike.
        words: each has to stand in a sound's name, its folder's name, a tag, its instrument,
            family or source; "of quotes" keeps words together.
        ranges: lowest and highest value by column ("pitch_midi"), or by short name ("pitch").
        tags: each has to be on the sound.
        only: values, one of which the sound has to have, by column: instrument, family, source.
        weights: of the aspects timbre, pitch, envelope and brightness; those not named count 0.

    Raises:
        ConfigError: a range, a column or a weight that cannot be.
    """

    like: Sequence[Any] = ()
    unlike: Sequence[Any] = ()
    words: str = ""
    ranges: Mapping[str, Range] = field(default_factory=dict)
    tags: Collection[str] = ()
    only: Mapping[str, Collection[str]] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=lambda: {"timbre": 1.0})

    def __post_init__(self) -> None:
        ranges = {RANGES.get(name, name): ends for name, ends in self.ranges.items()}
        object.__setattr__(self, "ranges", ranges)
        _check_names("range", ranges, _COLUMNS)
        _check_names("label", self.only, LABELS)
        _check_names("aspect", self.weights, ASPECTS)
        for name, ends in ranges.items():
            if len(ends) != 2 or not ends[0] <= ends[1]:
                raise ConfigError(f"{name} needs a low end and a high one, got {tuple(ends)}.")
        weights = self.weights.values()
        if not all(math.isfinite(weight) and weight >= 0 for weight in weights) or not any(weights):
            raise ConfigError(
                "weights of aspects must be >= 0 and one above; got "
                f"{', '.join(f'{name} {weight:g}' for name, weight in self.weights.items())}."
            )

    @property
    def has_examples(self) -> bool:
        """Whether sounds are ranked; else they come as they were added."""
        return bool(self.like or self.unlike)

    @property
    def has_filters(self) -> bool:
        """Whether some sounds are left out, whatever they are like."""
        return bool(self.words or self.ranges or self.tags or self.only)

    def with_(self, **changes: Any) -> Query:
        """The same query but for some attributes."""
        return Query(**{each.name: getattr(self, each.name) for each in fields(self)} | changes)


def parse_range(text: str) -> Range:
    """Ends of a range as typed: `C3..C5`, `..1s`, `0.5..`, `>2000`, `>=2kHz`, `<-20`, `A4`.

    Numbers may carry s, ms, Hz, kHz, dB or LUFS. C4 is MIDI 60; a note reaches half a semitone to
    both sides.

    Raises:
        ConfigError: it is none of these, or its ends are the wrong way round.

    Example:
        >>> parse_range("C3..C5"), parse_range("..250ms")
        ((47.5, 72.5), (-inf, 0.25))
    """
    typed = text.strip()
    low, high = -math.inf, math.inf
    if ".." in typed:
        first, _, last = typed.partition("..")
        if not first.strip() and not last.strip():
            raise _not_a_range(text)
        low = _ends(first, text)[0] if first.strip() else low
        high = _ends(last, text)[1] if last.strip() else high
    elif typed.startswith(">="):
        low = _ends(typed[2:], text)[0]
    elif typed.startswith("<="):
        high = _ends(typed[2:], text)[1]
    elif typed.startswith(">"):
        low = math.nextafter(_ends(typed[1:], text)[1], math.inf)
    elif typed.startswith("<"):
        high = math.nextafter(_ends(typed[1:], text)[0], -math.inf)
    else:
        low, high = _ends(typed, text)
    if low > high:
        raise ConfigError(f"{text!r}: the low end comes first, as in C3..C5.")
    return low, high


def parse_words(text: str) -> list[str]:
    """Words as typed, those in double quotes kept together.

    Example:
        >>> parse_words('kick "long tail"')
        ['kick', 'long tail']
    """
    return [quoted or word for quoted, word in re.findall(r'"([^"]+)"|([^\s"]+)', text)]


def note_midi(name: str) -> int | None:
    """MIDI number of a note by name; None if it is no note.

    Example:
        >>> note_midi("A4"), note_midi("Bb-1"), note_midi("H2")
        (69, 10, None)
    """
    found = _NOTE.fullmatch(name.strip())
    if not found:
        return None
    letter, accidental, octave = found.groups()
    semitone = _SEMITONES[letter.lower()] + _ACCIDENTALS[accidental.lower()]
    return 12 * (int(octave) + 1) + semitone


def _ends(word: str, text: str) -> Range:
    """Lowest and highest value that a word stands for."""
    note = note_midi(word)
    if note is not None:
        return note - 0.5, note + 0.5
    found = _NUMBER.fullmatch(word.strip())
    if not found or found[2].lower() not in _UNITS:
        raise _not_a_range(text)
    value = float(found[1]) * _UNITS[found[2].lower()]
    if not math.isfinite(value):
        raise _not_a_range(text)
    return value, value


def _not_a_range(text: str) -> ConfigError:
    return ConfigError(
        f"{text!r} is no range; write LOW..HIGH, ..HIGH, LOW.., >LOW or <HIGH, as in C3..C5, "
        "..1s or >2000."
    )


def _check_names(what: str, given: Mapping[str, Any], known: Collection[str]) -> None:
    for name in given:
        if name not in known:
            raise ConfigError(f"no {what} {name!r}; there are {', '.join(sorted(known))}.")
