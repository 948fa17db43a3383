"""Where kinds of instruments stand in the classification of Hornbostel and Sachs.

Comes in: a kind as corpora and General MIDI write it. Goes out: its number, or None where it has
none here: electric and synthetic sounds, voices and mixed sections. A number is a path down a tree:
what sounds, how it is set in motion, how it is built. What follows the hyphen is the common suffix:
for strings -4 hammers, -5 fingers, -6 plectrum, -71 bow; -8 for a keyboard. The tree was made by
looking at instruments, not by listening, and long before any encoder: what it puts together need
not sound alike, but it owes nothing to what it judges. Numbers are our reading of the scheme.

Source: von Hornbostel & Sachs 1914, "Systematik der Musikinstrumente", translated by Baines and
Wachsmann 1961, The Galpin Society Journal 14, doi:10.2307/842168.
"""

from __future__ import annotations

import re
from itertools import takewhile

_KINDS = {
    "111.212": "marimba xylophone",
    "111.222": "glockenspiel vibraphone",
    "111.222-8": "celesta",
    "111.232": "tubular-bells",
    "111.241": "steel-drums",
    "111.242": "tinkle-bell",
    "122.12": "kalimba",
    "122.2": "music-box",
    "211.11": "timpani",
    "312.22-5": "koto",
    "314.122-4": "dulcimer",
    "314.122-4-8": "acoustic-grand-piano bright-acoustic-piano honky-tonk-piano piano pianoforte",
    "314.122-6-8": "harpsichord",
    "321.312-6": "shamisen",
    "321.321-6": "mandolin sitar",
    "321.322-5": "acoustic-bass acoustic-guitar acoustic-guitar-nylon acoustic-guitar-steel banjo "
    "classic-guitar guitar pizzicato-strings ukulele",
    "321.322-71": "cello contrabass double-bass fiddle string-ensemble-1 string-ensemble-2 "
    "tremolo-strings viola violin violoncello",
    "322.222-5": "harp orchestral-harp",
    "412.132": "harmonica",
    "412.132-8": "accordion reed-organ tango-accordion",
    "421.111.12": "shakuhachi",
    "421.112.2": "pan-flute",
    "421.121.12": "flute piccolo",
    "421.13": "blown-bottle",
    "421.221.12": "recorder",
    "421.221.42": "ocarina",
    "421.222.11-8": "church-organ pipe-organ",
    "422.112": "bassoon contrabassoon cor-anglais english-horn oboe shanai",
    "422.112-6": "bagpipe",
    "422.211": "bass-clarinet clarinet clarinet-in-b-flat",
    "422.212": "alto-sax alto-saxophone baritone-sax saxophone soprano-sax tenor-sax "
    "tenor-saxophone",
    "423.22": "trombone",
    "423.231": "bass-tuba tuba",
    "423.232": "french-horn horn",
    "423.233": "cornet muted-trumpet trumpet trumpet-in-c",
}
_NUMBER_OF = {kind: number for number, kinds in _KINDS.items() for kind in kinds.split()}


def hornbostel_sachs(kind: str) -> str | None:
    """Number of a kind, in any case and with any marks between its words; None if it has none.

    Example:
        >>> hornbostel_sachs("English Horn"), hornbostel_sachs("Acoustic Guitar (nylon)")
        ('422.112', '321.322-5')
    """
    return _NUMBER_OF.get("-".join(re.findall(r"[a-z0-9]+", kind.lower())))


def tree_distance(one: str, other: str) -> float:
    """How far two numbers stand apart, 0 if they are equal, 1 if they share not even the first.

    One minus twice the depth of their last common node over the sum of their own depths; each digit
    is a step down.

    Args:
        one: a number, as `hornbostel_sachs` gives it.
        other: another.

    Example:
        >>> tree_distance("422.112", "422.212"), tree_distance("422.112", "321.322-5")
        (0.5, 1.0)

    Source: Wu & Palmer 1994, "Verb semantics and lexical selection", doi:10.3115/981732.981751.
    """
    a, b = (re.sub(r"\D", "", number) for number in (one, other))
    common = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(a, b, strict=False)))
    return 1 - 2 * common / (len(a) + len(b))
