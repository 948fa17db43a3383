"""Which General MIDI programs, and which keys of drum kits, are held out.

Comes in: a program or a key. Goes out: its split. A whole program goes to one split, in every bank
and every SoundFont, since SoundFonts and their variants share samples: one SoundFont's trumpet is
often another's. So does a key, in every kit; drums that are played as one set stay together.

Programs also share samples with each other (piano and honky-tonk, violin and fiddle, most pads), so
the choice below was made from the sample tables of the four SoundFonts of the catalogue. In
FluidR3_GM, MuseScore_General and OPL-3_FM_128M no program of `TEST_PROGRAMS` plays a sample that
one of train or valid plays; in TimGM6mb, which has few samples, Church Organ, Voice Oohs and
Lead 3 (calliope) do, since no organ, voice or lead there stands alone. `VALID_PROGRAMS` is less
strict: Guitar Harmonics and Lead 4 (chiff) share one sample in the larger SoundFonts too. Test has
every family, valid all but vocal, of which there are only three programs.
"""

from __future__ import annotations

from collections.abc import Collection

TEST_PROGRAMS = (6, 11, 19, 26, 32, 42, 43, 46, 53, 56, 65, 68, 73, 82, 105, 106)
"""Harpsichord, Vibraphone, Church Organ, Electric Guitar (jazz), Acoustic Bass, Cello, Contrabass,
Orchestral Harp, Voice Oohs, Trumpet, Alto Sax, Oboe, Flute, Lead 3 (calliope), Banjo, Shamisen."""

VALID_PROGRAMS = (4, 12, 14, 18, 31, 37, 45, 59, 64, 77, 83, 111)
"""Electric Piano 1, Marimba, Tubular Bells, Rock Organ, Guitar Harmonics, Slap Bass 2, Pizzicato
Strings, Muted Trumpet, Soprano Sax, Shakuhachi, Lead 4 (chiff), Shanai."""

TEST_KEYS = (42, 44, 46, 51, 53, 56, 59, 62, 63, 64, 75, 80, 81)
"""The hi-hats, the rides with their bell, Cowbell, the congas, Claves, the triangles."""

VALID_KEYS = (54, 60, 61, 67, 68, 69)
"""Tambourine, the bongos, the agogos, Cabasa."""


def split_of_program(
    program: int,
    *,
    valid: Collection[int] = VALID_PROGRAMS,
    test: Collection[int] = TEST_PROGRAMS,
) -> str:
    """The split of a General MIDI program: train unless it is held out.

    Example:
        >>> split_of_program(0), split_of_program(56)
        ('train', 'test')
    """
    return _split(program, valid, test)


def split_of_key(
    key: int, *, valid: Collection[int] = VALID_KEYS, test: Collection[int] = TEST_KEYS
) -> str:
    """The split of a key of General MIDI's percussion map: train unless it is held out.

    Example:
        >>> split_of_key(38), split_of_key(60)
        ('train', 'valid')
    """
    return _split(key, valid, test)


def _split(number: int, valid: Collection[int], test: Collection[int]) -> str:
    if number in test:
        return "test"
    return "valid" if number in valid else "train"
