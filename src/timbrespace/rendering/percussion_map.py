"""General MIDI's percussion key map.

Comes in: a key, 35 to 81. Goes out: the drum that it plays, in every kit of bank 128.

Example:
    >>> DRUMS[38], len(DRUMS)
    ('Acoustic Snare', 47)

Source: MIDI Manufacturers Association 1991, "General MIDI System Level 1".
"""

from __future__ import annotations

_LOWEST_KEY = 35
_NAMES = (
    "Acoustic Bass Drum, Bass Drum 1, Side Stick, Acoustic Snare, Hand Clap, Electric Snare, "
    "Low Floor Tom, Closed Hi Hat, High Floor Tom, Pedal Hi-Hat, Low Tom, Open Hi-Hat, "
    "Low-Mid Tom, Hi-Mid Tom, Crash Cymbal 1, High Tom, Ride Cymbal 1, Chinese Cymbal, Ride Bell, "
    "Tambourine, Splash Cymbal, Cowbell, Crash Cymbal 2, Vibraslap, Ride Cymbal 2, Hi Bongo, "
    "Low Bongo, Mute Hi Conga, Open Hi Conga, Low Conga, High Timbale, Low Timbale, High Agogo, "
    "Low Agogo, Cabasa, Maracas, Short Whistle, Long Whistle, Short Guiro, Long Guiro, Claves, "
    "Hi Wood Block, Low Wood Block, Mute Cuica, Open Cuica, Mute Triangle, Open Triangle"
)

DRUMS = dict(enumerate(_NAMES.split(", "), start=_LOWEST_KEY))
"""The 47 drums by key."""
