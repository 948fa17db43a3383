"""The questions, what was predicted before measuring, and the variants that answer them.

Each variant is what it changes of `base.yaml`, as `timbrespace train --set` takes it.
"""

from __future__ import annotations

from typing import NamedTuple

_HEAD = "{class_path: AdditiveAngularMargin, init_args: {margin: 0.2, scale: 30}}"
_SOFTMAX = "{class_path: Softmax}"
_KIND = (f"kind_head={_HEAD}",)
_NO_INSTRUMENT = ("instrument_head=null",)
_FAMILY = (f"family_head={_SOFTMAX}", "family_weight=0.2")
_LEVELS = (*_KIND, "instrument_weight=0.3", *_FAMILY)


def _effects(**shares: float) -> tuple[str, ...]:
    return tuple(f"augmentation.{name}={share:g}" for name, share in shares.items())


_RECORDING = _effects(equaliser=0.6, room=0.4, band_limit=0.3, noise=0.4, compressor=0.3, codec=0.2)
_PIECES = ("sampling.concatenation=0.6", "sampling.pieces=0.7", "sampling.start=random")
_PLAYING = _effects(vibrato=0.4, dynamics=0.5)


class Question(NamedTuple):
    """A question, the answer that was expected, the one that was found, and what is compared."""

    text: str
    prediction: str
    finding: str
    variants: dict[str, tuple[str, ...]]


INTRODUCTION = """# Experiments

Written by `python experiments/table.py` from `experiments/results.jsonl`, which
`experiments/run.py` adds to. Every variant of a question changes some settings of
`experiments/base.yaml`, sees as many examples (2,000 batches of 32, a few minutes) of the
[open notes](open-notes.md), and is measured on

- `valid`, `test`: rendered instruments whose kind was not in training (44 and 53 of them);
- `philharmonia`: 8 recorded orchestral instruments, all their techniques and phrases; `neighbour`
  is the share of their notes whose nearest neighbour is of the same instrument;
- `second_maker`: 7 instruments recorded by others, 11 notes of each;
- `makers`: enrolled by one maker's notes and tried by the other's; only the cello has both.

All but `neighbour` are equal error rates in per cent, lower is better. Choices are made by `valid`
and `philharmonia`. Predictions were written before measuring, and are kept. With one seed, small
differences mean nothing. Runs this short also say how quickly something is learned: what makes the
task harder looks worse than it would in the end.

MFCC statistics, on the same trials (`run.py --baseline`): valid 28.3, test 29.9, philharmonia
23.3, neighbour 93.9, second_maker 13.6, makers 28.8.
"""

QUESTIONS = {
    "targets": Question(
        "What should the encoder be trained to tell?",
        "Kinds across SoundFonts beat single instruments on real recordings, since they ask for "
        "what two makers' oboes share; all levels together are best.",
        "Neither: with presets of one recording merged, single instruments are as good a target "
        "on the orchestra, and a better one where makers are compared.",
        {
            "instrument": (),
            "kind": (*_KIND, *_NO_INSTRUMENT),
            "instrument + kind + family": _LEVELS,
        },
    ),
    "pieces": Question(
        "Do short pieces of notes, joined, teach what trills, phrases and staccato are like?",
        "Yes: real recordings hold them, rendered notes do not.",
        "Yes, by far the largest step on the orchestra, although the rendered sets, which hold "
        "nothing of the kind, are learned more slowly.",
        {
            "whole notes": (),
            "pieces": _PIECES,
            "pieces, effects": (*_PIECES, *_RECORDING, *_PLAYING),
        },
    ),
    "length": Question(
        "How long should examples be, when the notes to be told apart last 0.2 to 20 s?",
        "Lengths from a third of a second on help short real notes, which nothing else prepares "
        "for.",
        "Not in runs this short: it makes every example harder.",
        {
            "1.5 to 2.5 s": _PIECES,
            "0.3 to 2.5 s": (*_PIECES, "sampling.min_s=0.3"),
        },
    ),
    "speeds": Question(
        "Are notes played faster or slower worth having as instruments of their own?",
        "Yes on every set: three times as many instruments, at no cost.",
        "Not in runs this short: with three times as many classes, each is learned less.",
        {
            "1": _PIECES,
            "0.8, 1, 1.25": (*_PIECES, "sampling.speeds=[0.8, 1.0, 1.25]"),
        },
    ),
    "effects": Question(
        "Which effects carry from rendered to recorded sounds?",
        "The equaliser helps most, then room; all together are best on real recordings and cost a "
        "little on rendered ones.",
        "Not in runs this short: they slow learning down. But joined with pieces (above) they "
        "leave the orchestra only 3.5 points behind the rendered sets, where pieces alone leave "
        "it 8: the gap closes, and longer training is worth trying.",
        {
            "none": _LEVELS,
            "equaliser": (*_LEVELS, *_effects(equaliser=0.6)),
            "recording": (*_LEVELS, *_RECORDING),
        },
    ),
}
