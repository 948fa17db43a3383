from itertools import pairwise

from timbrespace.manifest import FAMILIES
from timbrespace.rendering import (
    PITCHED_PROGRAMS,
    PROGRAMS,
    TEST_PROGRAMS,
    VALID_PROGRAMS,
    split_of_program,
)
from timbrespace.rendering.hydra import read_hydra

# held-out programs that play samples of another split: how many of how many, as documented
_SHARING = {
    "TimGM6mb": {
        18: (2, 7),
        19: (1, 7),
        31: (1, 7),
        53: (3, 9),
        59: (1, 6),
        82: (7, 7),
        83: (6, 6),
    },
    "FluidR3_GM": {31: (1, 12), 83: (1, 3)},
    "MuseScore_General": {31: (1, 12)},
    "OPL-3_FM_128M": {},
}


def _of_split(split: str) -> set[str | None]:
    return {PROGRAMS[n].family for n in PITCHED_PROGRAMS if split_of_program(n) == split}


def test_test_and_train_have_every_family():
    assert _of_split("test") == _of_split("train") == set(FAMILIES)
    assert _of_split("valid") == set(FAMILIES) - {"vocal"}


def test_only_pitched_programs_are_held_out_and_each_once():
    held_out = [*TEST_PROGRAMS, *VALID_PROGRAMS]
    assert len(set(held_out)) == len(held_out) == 28
    assert set(held_out) <= set(PITCHED_PROGRAMS)


def test_own_choice_replaces_the_default():
    assert split_of_program(56, test=[0], valid=[1]) == "train"
    assert [split_of_program(n, test=[0], valid=[1]) for n in (0, 1)] == ["test", "valid"]


def test_held_out_programs_share_samples_only_as_documented(installed):
    samples = _samples_by_program(installed)
    sharing = {}
    for program in {*TEST_PROGRAMS, *VALID_PROGRAMS}:
        split = split_of_program(program)
        others = (n for n in PITCHED_PROGRAMS if split_of_program(n) != split)
        shared = samples[program] & set().union(*(samples[n] for n in others))
        if shared:
            sharing[program] = (len(shared), len(samples[program]))
    assert sharing == _SHARING[installed.stem]


def _samples_by_program(path) -> dict[int, set[int]]:
    """First sample word of every sample that a program plays, in any bank but percussion."""
    hydra = read_hydra(path)
    starts = hydra["shdr"]["span"][:, 0]
    instruments = _targets(hydra, "inst", "ibag", "igen", 53)
    presets = _targets(hydra, "phdr", "pbag", "pgen", 41)
    samples: dict[int, set[int]] = {number: set() for number in range(128)}
    for header, used in zip(hydra["phdr"], presets, strict=False):
        if header["bank"] != 128:
            words = {int(starts[sample]) for number in used for sample in instruments[number]}
            samples[int(header["program"])] |= words
    return samples


def _targets(hydra, heads: str, bags: str, generators: str, operator: int) -> list[list[int]]:
    """What the zones of each head point to by the generator `operator`."""
    firsts = hydra[bags]["generator"][hydra[heads]["bag"]].tolist()
    rows = [hydra[generators][first:last] for first, last in pairwise(firsts)]
    return [row["amount"][row["operator"] == operator].tolist() for row in rows]
