"""What the names of RWC instrument-sound files say.

Comes in: a file's stem. Goes out: its parts, and the manifest columns that follow from them.

172VCPZM says: instrument No. 17, variation 2, code VC, style PZ, dynamics M. A variation is another
maker's instrument and, as a rule, another player; its digits end the instrument's name, cello-172.
A code that is not the usual one of its number names the instrument itself, which takes the number's
family; above No. 38 (percussion and voices) nothing has a family.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from timbrespace.corpora.base import Row
from timbrespace.corpora.names import family_of

_FORM = re.compile(r"(\d\d)(\d)([A-Z][A-Z\d])([A-Z\d]{2})([FMP])")
_DYNAMICS = {"F": "forte", "M": "mezzo", "P": "piano"}

# No.: code, name. Of the codes, EP HC GL MB OR AC HM UK MD EB HP TI TS BS PC RC SH SM BJ KT are not
# confirmed by a published file name; a wrong one costs the name, never the family.
_INSTRUMENTS = {
    1: ("PF", "pianoforte"),
    2: ("EP", "electric-piano"),
    3: ("HC", "harpsichord"),
    4: ("GL", "glockenspiel"),
    5: ("MB", "marimba"),
    6: ("OR", "pipe-organ"),
    7: ("AC", "accordion"),
    8: ("HM", "harmonica"),
    9: ("CG", "classic-guitar"),
    10: ("UK", "ukulele"),
    11: ("AG", "acoustic-guitar"),
    12: ("MD", "mandolin"),
    13: ("EG", "electric-guitar"),
    14: ("EB", "electric-bass"),
    15: ("VN", "violin"),
    16: ("VL", "viola"),
    17: ("VC", "cello"),
    18: ("CB", "contrabass"),
    19: ("HP", "harp"),
    20: ("TI", "timpani"),
    21: ("TR", "trumpet"),
    22: ("TB", "trombone"),
    23: ("TU", "tuba"),
    24: ("HR", "horn"),
    25: ("SS", "soprano-sax"),
    26: ("AS", "alto-sax"),
    27: ("TS", "tenor-sax"),
    28: ("BS", "baritone-sax"),
    29: ("OB", "oboe"),
    30: ("FG", "bassoon"),
    31: ("CL", "clarinet"),
    32: ("PC", "piccolo"),
    33: ("FL", "flute"),
    34: ("RC", "recorder"),
    35: ("SH", "shakuhachi"),
    36: ("BJ", "banjo"),
    37: ("SM", "shamisen"),
    38: ("KT", "koto"),
}
_SHARED_NUMBERS = {"CV": "clavinet", "EH": "english-horn", "PN": "pan-flute", "XY": "xylophone"}
_ELECTRONIC = {"clavinet", "electric-bass", "electric-guitar", "electric-piano"}


class SoundName(NamedTuple):
    """The parts of a file name: instrument and variation number, and three codes."""

    number: int
    variation: int
    code: str
    style: str
    dynamics: str


def parse_stem(stem: str) -> SoundName | None:
    """The parts of a stem; None if it has another form.

    Example:
        >>> parse_stem("172VCPZM")
        SoundName(number=17, variation=2, code='VC', style='PZ', dynamics='M')
    """
    match = _FORM.fullmatch(stem.upper())
    if not match:
        return None
    number, variation, code, style, dynamics = match.groups()
    return SoundName(int(number), int(variation), code, style, dynamics)


def columns_of(name: SoundName) -> Row:
    """The manifest columns that a name gives.

    Example:
        >>> columns_of(SoundName(29, 3, "EH", "NO", "F"))["instrument"]
        'english-horn-293'
    """
    usual_code, usual_kind = _INSTRUMENTS.get(name.number, ("", ""))
    known = usual_kind if name.code == usual_code else _SHARED_NUMBERS.get(name.code)
    kind = known or name.code.lower()
    return {
        "instrument": f"{kind}-{name.number:02d}{name.variation}",
        "kind": kind,
        "family": family_of(known or usual_kind),
        "source": known and ("electronic" if known in _ELECTRONIC else "acoustic"),
        "maker": f"variation-{name.variation}",
        "dynamics": _DYNAMICS[name.dynamics],
        "technique": name.style,
    }


def splits_of(names: Iterable[SoundName]) -> dict[SoundName, str]:
    """A split for each name: an instrument's variations go to different splits.

    The last variation is test, the one before it (of three or more) valid, the others train; a
    lone variation is train. One instrument is one number and code.

    Example:
        >>> flutes = [SoundName(33, variation, "FL", "NO", "F") for variation in (1, 2, 3)]
        >>> list(splits_of(flutes).values())
        ['train', 'valid', 'test']
    """
    names = list(names)
    variations: dict[tuple[int, str], set[int]] = defaultdict(set)
    for name in names:
        variations[name.number, name.code].add(name.variation)
    return {name: _split(name.variation, variations[name.number, name.code]) for name in names}


def _split(variation: int, variations: set[int]) -> str:
    later = sum(other > variation for other in variations)
    if len(variations) > 1 and later == 0:
        return "test"
    return "valid" if len(variations) > 2 and later == 1 else "train"
