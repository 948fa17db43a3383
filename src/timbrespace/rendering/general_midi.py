"""General MIDI programs in NSynth's vocabulary of families and sources.

Comes in: a program, 0 to 127 (printed tables often count from 1). Goes out: its name in General
MIDI, its NSynth family and source, or no family where it is no pitched instrument: effects, hits
and percussion that is not played as a scale. Banks other than 0 hold variants of the same program.

A family is how the sound is made, not where General MIDI lists it: free reeds (accordion,
harmonica) and shawms are `reed`; plucked lutes and zithers (sitar, banjo, koto) are `guitar`; harp
and fiddle are `string`; what is struck and rings (celesta, dulcimer, timpani, kalimba) is `mallet`;
synthetic pads and pitched effects are `synth_lead`. `electronic` is what needs a pickup or has an
electric tone generator, `synthetic` is a synthesizer, and all else is `acoustic`.

Example:
    >>> PROGRAMS[108]
    Program(name='Kalimba', family='mallet', source='acoustic')

Source: MIDI Manufacturers Association 1991, "General MIDI System Level 1"; Engel et al. 2017,
arXiv:1704.01279, for families and sources.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Program:
    """A General MIDI program; `family` and `source` are None if it is no pitched instrument."""

    name: str
    family: str | None
    source: str | None


_GROUPS: tuple[tuple[str | None, str | None, str], ...] = (
    ("keyboard", "acoustic", "Acoustic Grand Piano, Bright Acoustic Piano"),
    ("keyboard", "electronic", "Electric Grand Piano"),
    ("keyboard", "acoustic", "Honky-tonk Piano"),
    ("keyboard", "electronic", "Electric Piano 1, Electric Piano 2"),
    ("keyboard", "acoustic", "Harpsichord"),
    ("keyboard", "electronic", "Clavinet"),
    ("mallet", "acoustic", "Celesta, Glockenspiel, Music Box, Vibraphone, Marimba, Xylophone"),
    ("mallet", "acoustic", "Tubular Bells, Dulcimer"),
    ("organ", "electronic", "Drawbar Organ, Percussive Organ, Rock Organ"),
    ("organ", "acoustic", "Church Organ, Reed Organ"),
    ("reed", "acoustic", "Accordion, Harmonica, Tango Accordion"),
    ("guitar", "acoustic", "Acoustic Guitar (nylon), Acoustic Guitar (steel)"),
    ("guitar", "electronic", "Electric Guitar (jazz), Electric Guitar (clean)"),
    ("guitar", "electronic", "Electric Guitar (muted), Overdriven Guitar, Distortion Guitar"),
    ("guitar", "electronic", "Guitar Harmonics"),
    ("bass", "acoustic", "Acoustic Bass"),
    ("bass", "electronic", "Electric Bass (finger), Electric Bass (pick), Fretless Bass"),
    ("bass", "electronic", "Slap Bass 1, Slap Bass 2"),
    ("bass", "synthetic", "Synth Bass 1, Synth Bass 2"),
    ("string", "acoustic", "Violin, Viola, Cello, Contrabass, Tremolo Strings"),
    ("string", "acoustic", "Pizzicato Strings, Orchestral Harp"),
    ("mallet", "acoustic", "Timpani"),
    ("string", "acoustic", "String Ensemble 1, String Ensemble 2"),
    ("string", "synthetic", "Synth Strings 1, Synth Strings 2"),
    ("vocal", "acoustic", "Choir Aahs, Voice Oohs"),
    ("vocal", "synthetic", "Synth Voice"),
    (None, None, "Orchestra Hit"),
    ("brass", "acoustic", "Trumpet, Trombone, Tuba, Muted Trumpet, French Horn, Brass Section"),
    ("brass", "synthetic", "Synth Brass 1, Synth Brass 2"),
    ("reed", "acoustic", "Soprano Sax, Alto Sax, Tenor Sax, Baritone Sax"),
    ("reed", "acoustic", "Oboe, English Horn, Bassoon, Clarinet"),
    ("flute", "acoustic", "Piccolo, Flute, Recorder, Pan Flute, Blown Bottle, Shakuhachi"),
    ("flute", "acoustic", "Whistle, Ocarina"),
    ("synth_lead", "synthetic", "Lead 1 (square), Lead 2 (sawtooth), Lead 3 (calliope)"),
    ("synth_lead", "synthetic", "Lead 4 (chiff), Lead 5 (charang), Lead 6 (voice)"),
    ("synth_lead", "synthetic", "Lead 7 (fifths), Lead 8 (bass + lead)"),
    ("synth_lead", "synthetic", "Pad 1 (new age), Pad 2 (warm), Pad 3 (polysynth)"),
    ("synth_lead", "synthetic", "Pad 4 (choir), Pad 5 (bowed), Pad 6 (metallic), Pad 7 (halo)"),
    ("synth_lead", "synthetic", "Pad 8 (sweep), FX 1 (rain), FX 2 (soundtrack), FX 3 (crystal)"),
    ("synth_lead", "synthetic", "FX 4 (atmosphere), FX 5 (brightness), FX 6 (goblins)"),
    ("synth_lead", "synthetic", "FX 7 (echoes), FX 8 (sci-fi)"),
    ("guitar", "acoustic", "Sitar, Banjo, Shamisen, Koto"),
    ("mallet", "acoustic", "Kalimba"),
    ("reed", "acoustic", "Bagpipe"),
    ("string", "acoustic", "Fiddle"),
    ("reed", "acoustic", "Shanai"),
    ("mallet", "acoustic", "Tinkle Bell"),
    (None, None, "Agogo"),
    ("mallet", "acoustic", "Steel Drums"),
    (None, None, "Woodblock, Taiko Drum, Melodic Tom, Synth Drum, Reverse Cymbal"),
    (None, None, "Guitar Fret Noise, Breath Noise, Seashore, Bird Tweet, Telephone Ring"),
    (None, None, "Helicopter, Applause, Gunshot"),
)

PROGRAMS = tuple(
    Program(name, family, source) for family, source, names in _GROUPS for name in names.split(", ")
)
"""The 128 programs, by number."""

PITCHED_PROGRAMS = tuple(number for number, program in enumerate(PROGRAMS) if program.family)
"""The 113 programs that are pitched instruments."""
