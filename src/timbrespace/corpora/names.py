"""What names in corpora mean: instrument names to NSynth's families, note names to MIDI pitches.

Comes in: a name as corpora write it. Goes out: a family or a pitch, or None where there is none.
Instrument names are lower case with hyphens. The families are those of Engel et al. 2017
(arXiv:1704.01279), who give no rule for instruments that they did not record; ours is: free and
cane reeds are `reed`, bowed strings and the harp `string`, other plucked strings `guitar`, tuned
percussion `mallet`; percussion without pitch has no family.
"""

from __future__ import annotations

import re

_INSTRUMENTS = {
    "bass": "electric-bass",
    "brass": "bass-tuba cornet french-horn horn trombone trumpet trumpet-in-c tuba",
    "flute": "flute pan-flute piccolo recorder shakuhachi",
    "guitar": "acoustic-guitar banjo classic-guitar distorted-electric-guitar electric-guitar "
    "guitar koto mandolin shamisen ukulele",
    "keyboard": "clavinet electric-piano harpsichord piano pianoforte",
    "mallet": "glockenspiel marimba timpani vibraphone xylophone",
    "organ": "organ pipe-organ",
    "reed": "accordion alto-sax alto-saxophone baritone-sax bass-clarinet bassoon clarinet "
    "clarinet-in-b-flat contrabassoon cor-anglais english-horn harmonica oboe saxophone "
    "soprano-sax tenor-sax tenor-saxophone",
    "string": "cello contrabass double-bass harp viola violin violoncello",
    "vocal": "female-singer voice",
}
_FAMILY_OF = {name: family for family, names in _INSTRUMENTS.items() for name in names.split()}

_NOTE = re.compile(r"([A-G])([#sb]?)(-?\d)")
_SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_SHIFTS = {"": 0, "#": 1, "s": 1, "b": -1}


def family_of(instrument: str) -> str | None:
    """NSynth family of an instrument; None if it has none or is not known.

    Example:
        >>> family_of("cor-anglais"), family_of("tam-tam")
        ('reed', None)
    """
    return _FAMILY_OF.get(instrument)


def midi_pitch(note: str) -> int | None:
    """MIDI pitch of a note name, A4 = 69; a sharp is `#` or `s`, a flat is `b`; None if it is none.

    Example:
        >>> midi_pitch("A4"), midi_pitch("Cs3"), midi_pitch("Bb1"), midi_pitch("H2")
        (69, 49, 34, None)
    """
    match = _NOTE.fullmatch(note)
    if not match:
        return None
    letter, shift, octave = match.groups()
    return 12 * (int(octave) + 1) + _SEMITONES[letter] + _SHIFTS[shift]
