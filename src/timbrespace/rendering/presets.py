"""What a SoundFont can play: its presets with bank, program, name and keys.

Comes in: an .sf2 or .sf3 file. Goes out: one `Preset` for each. Keys are MIDI pitches (60 is
middle C); bank 128 holds percussion kits, in which each key is another instrument.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from timbrespace.rendering.hydra import INSTRUMENT_OPERATOR, Records, read_hydra

PERCUSSION_BANK = 128

_KEY_RANGE, _SAMPLE = 43, 53  # generator operators
_ALL_KEYS = range(128)
_BREATH_CONTROLLER = 0x82  # a modulator's source: MIDI controllers (0x80), number 2


@dataclass(frozen=True)
class Preset:
    """One sound of a SoundFont.

    Attributes:
        bank: 0 for the General MIDI sound, others for variants of it, 128 for percussion.
        program: 0 to 127, counted from 0.
        name: as the SoundFont's maker wrote it.
        keys: from the lowest to the highest key that plays; keys between may be silent.
        breath_controlled: loudness follows MIDI controller 2 in place of velocity. MuseScore
            doubles its sustained presets so; with the controller set they are the same sounds.
    """

    bank: int
    program: int
    name: str
    keys: range
    breath_controlled: bool


def list_presets(path: Path) -> list[Preset]:
    """The presets of a SoundFont, by bank and program; the first where two have the same number.

    Raises:
        InputError: the file is no SoundFont or is broken (see `read_hydra`).
    """
    hydra = read_hydra(path)
    instruments = [_instrument(hydra, zones) for _, zones in _heads(hydra["inst"])]
    presets: dict[tuple[int, int], Preset] = {}
    for header, zones in _heads(hydra["phdr"]):
        preset = _preset(hydra, header, zones, instruments)
        presets.setdefault((preset.bank, preset.program), preset)
    return [presets[number] for number in sorted(presets)]


@dataclass(frozen=True)
class _Instrument:
    """What presets play: the keys of each zone, and whether breath control moves any."""

    keys: list[range]
    breath_controlled: bool


def _instrument(hydra: dict[str, Records], zones: range) -> _Instrument:
    keys = [keys for _, keys in _zones(hydra["ibag"], hydra["igen"], zones, _SAMPLE)]
    return _Instrument(keys, _breath_controlled(hydra["ibag"], hydra["imod"], zones))


def _preset(
    hydra: dict[str, Records], header: Any, zones: range, instruments: Sequence[_Instrument]
) -> Preset:
    used = [
        (instruments[number], keys)
        for number, keys in _zones(hydra["pbag"], hydra["pgen"], zones, INSTRUMENT_OPERATOR)
    ]
    return Preset(
        bank=int(header["bank"]),
        program=int(header["program"]),
        name=header["name"].split(b"\0")[0].decode("latin-1").strip(),
        keys=_hull([_common(keys, span) for one, keys in used for span in one.keys]),
        breath_controlled=_breath_controlled(hydra["pbag"], hydra["pmod"], zones)
        or any(one.breath_controlled for one, _ in used),
    )


def _heads(records: Records) -> Iterator[tuple[Any, range]]:
    """Each preset or instrument with the numbers of its zones; the terminal record closes them."""
    for record, (first, last) in zip(records[:-1], pairwise(records["bag"].tolist()), strict=True):
        yield record, range(first, last)


def _zones(
    bags: Records, generators: Records, zones: range, target: int
) -> Iterator[tuple[int, range]]:
    """Target (instrument or sample) and keys of each zone; a first zone without is the default."""
    default = _ALL_KEYS
    for zone in zones:
        rows = generators[bags[zone]["generator"] : bags[zone + 1]["generator"]]
        amounts = dict(rows.tolist())
        keys = _keys(amounts[_KEY_RANGE]) if _KEY_RANGE in amounts else default
        if target in amounts:
            yield amounts[target], keys
        elif zone == zones.start:
            default = keys


def _keys(amount: int) -> range:
    """Keys of a range generator: lowest in the low byte, highest in the high byte."""
    return range(amount & 0xFF, (amount >> 8) + 1)


def _common(a: range, b: range) -> range:
    return range(max(a.start, b.start), min(a.stop, b.stop))


def _hull(spans: list[range]) -> range:
    spans = [span for span in spans if span]
    if not spans:
        return range(0)
    return range(min(span.start for span in spans), max(span.stop for span in spans))


def _breath_controlled(bags: Records, modulators: Records, zones: range) -> bool:
    rows = modulators[bags[zones.start]["modulator"] : bags[zones.stop]["modulator"]]
    sources = (rows["source"] & 0xFF, rows["amount_source"] & 0xFF)
    return any(bool((source == _BREATH_CONTROLLER).any()) for source in sources)
