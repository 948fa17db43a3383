"""General MIDI programs as the classes of IRMAS, and what each instrument can play.

Comes in: a program, 0 to 127. Goes out: its class, the classes of which it is no clear example, and
its range. Training and testing have different programs of a class, unless all are asked for; where
they have not (`classes_of_same_programs`), they differ by SoundFont only. Programs of no class
accompany without a label.

Some of these hold a class's instrument among others, or something close to it: string ensembles
hold violins and cellos. Whether the class leads where they sound is not known (`UNSURE`), which is
what `label_mask` says.
"""

from __future__ import annotations

from timbrespace.corpora import IRMAS_CLASSES
from timbrespace.rendering.general_midi import PROGRAMS

TRAIN_PROGRAMS: dict[str, tuple[int, ...]] = {
    "cello": (42,),
    "clarinet": (71,),
    "flute": (73,),
    "acoustic-guitar": (25,),
    "electric-guitar": (27, 28, 29),
    "organ": (16, 18, 20),
    "piano": (0, 3),
    "saxophone": (64, 66),
    "trumpet": (56, 59),
    "violin": (40,),
    "voice": (52, 54),
}
"""What plays each class in train and valid: steel guitar; clean, muted and overdriven guitar;
drawbar, rock and reed organ; grand and honky-tonk piano; soprano and tenor saxophone; ..."""

TEST_PROGRAMS: dict[str, tuple[int, ...]] = {
    "cello": (42,),
    "clarinet": (71,),
    "flute": (73,),
    "acoustic-guitar": (24,),
    "electric-guitar": (26, 30),
    "organ": (17, 19),
    "piano": (1,),
    "saxophone": (65, 67),
    "trumpet": (56,),
    "violin": (110,),
    "voice": (53,),
}
"""What plays each class in test: nylon guitar; jazz and distorted guitar; percussive and church
organ; bright piano; alto and baritone saxophone; fiddle; voices singing "ooh"; ..."""

UNSURE: dict[int, tuple[str, ...]] = {
    2: ("piano",),
    4: ("piano",),
    5: ("piano",),
    31: ("electric-guitar",),
    **dict.fromkeys((44, 45, 48, 49, 50, 51), ("cello", "violin")),
    61: ("saxophone", "trumpet"),
    72: ("flute",),
    **dict.fromkeys((85, 91), ("voice",)),
}
"""Classes of which a program of no class is no clear example, but not none either."""

CHORDAL_CLASSES = ("acoustic-guitar", "electric-guitar", "organ", "piano", "voice")
CHORDAL_PROGRAMS = (4, 5, 6, 11, 12, 21, 46, 48, 49, 50, 61, 88, 89)
"""Electric pianos, harpsichord, vibraphone, marimba, accordion, harp, strings, brass, pads."""

MELODIC_PROGRAMS = (22, 41, 57, 60, 68, 70)
"""Harmonica, viola, trombone, horn, oboe, bassoon."""

BASS_PROGRAMS = (32, 33, 34, 35, 36, 38, 43)
KITS = (0, 8, 16, 25, 32, 40)
"""Standard, room, power, analogue, jazz and brush."""

_RANGES: dict[range, tuple[int, int]] = {
    range(8): (36, 96),
    range(11, 13): (53, 89),
    range(16, 22): (36, 84),
    range(22, 23): (60, 88),
    range(24, 32): (40, 79),
    range(32, 40): (28, 55),
    range(40, 41): (55, 91),
    range(41, 42): (48, 81),
    range(42, 43): (36, 72),
    range(43, 44): (28, 55),
    range(46, 47): (36, 91),
    range(52, 55): (48, 77),
    range(56, 57): (54, 82),
    range(57, 58): (41, 70),
    range(59, 60): (54, 80),
    range(60, 61): (41, 74),
    range(64, 65): (57, 84),
    range(65, 66): (50, 79),
    range(66, 67): (45, 74),
    range(67, 68): (38, 67),
    range(68, 69): (59, 86),
    range(70, 71): (36, 70),
    range(71, 72): (50, 86),
    range(73, 74): (60, 91),
    range(110, 111): (55, 88),
}
_ANY_RANGE = (43, 84)

_CLASS_OF = {
    program: name
    for programs in (TRAIN_PROGRAMS, TEST_PROGRAMS)
    for name, numbers in programs.items()
    for program in numbers
}


def class_of(program: int) -> str | None:
    """The class that a program belongs to, in either split.

    Example:
        >>> class_of(65), class_of(68)
        ('saxophone', None)
    """
    return _CLASS_OF.get(program)


def class_programs(split: str, *, disjoint: bool) -> dict[str, tuple[int, ...]]:
    """The programs that play each class in a split; all of them in every split if not `disjoint`.

    Example:
        >>> class_programs("valid", disjoint=True)["piano"]
        (0, 3)
        >>> class_programs("test", disjoint=False)["piano"]
        (0, 1, 3)
    """
    if disjoint:
        return TEST_PROGRAMS if split == "test" else TRAIN_PROGRAMS
    return {
        name: tuple(sorted({*TRAIN_PROGRAMS[name], *TEST_PROGRAMS[name]}))
        for name in TRAIN_PROGRAMS
    }


def classes_of_same_programs(*, disjoint: bool) -> list[str]:
    """Classes that test plays by no program that train does not have too.

    Example:
        >>> classes_of_same_programs(disjoint=True)
        ['cello', 'clarinet', 'flute', 'trumpet']
    """
    train, test = (class_programs(split, disjoint=disjoint) for split in ("train", "test"))
    return [name for name in IRMAS_CLASSES if {*test[name]} <= {*train[name]}]


def pitch_range(program: int) -> tuple[int, int]:
    """The lowest and the highest pitch that a program plays in an arrangement.

    Example:
        >>> pitch_range(73)
        (60, 91)
    """
    return next((span for programs, span in _RANGES.items() if program in programs), _ANY_RANGE)


def instrument_name(program: int, *, drums: bool = False) -> str:
    """What a stem plays, in General MIDI's words.

    Example:
        >>> instrument_name(73), instrument_name(40, drums=True)
        ('Flute', 'drum kit 40')
    """
    return f"drum kit {program}" if drums else PROGRAMS[program].name


def label_mask(unsure: set[str]) -> list[bool] | None:
    """One flag for each of `IRMAS_CLASSES`, false where it is not known; None if all are known.

    Example:
        >>> label_mask(set()), label_mask({"cello"})[:2]
        (None, [False, True])
    """
    return [name not in unsure for name in IRMAS_CLASSES] if unsure else None
