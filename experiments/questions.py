"""The questions, what was predicted before measuring, and the variants that answer them.

Each variant is what it changes of `base.yaml`, as `timbrespace train --set` takes it.
"""

from __future__ import annotations

from functools import partial
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
_REFIT = ("refit.batches=200", "refit.regularisation=0.3")
_START = (*_PIECES, *_REFIT)
_SHORT = (*_PIECES, "sampling.min_s=1.0", "sampling.max_s=2.0", *_REFIT)


def _part(key: str, name: str, **settings: object) -> tuple[str, ...]:
    arguments = ", ".join(f"{key}: {value}" for key, value in settings.items())
    return (*_START, f"{key}={{class_path: {name}, init_args: {{{arguments}}}}}")


_frontend = partial(_part, "encoder.frontend")
_head = partial(_part, "instrument_head")


def _family(weight: float) -> tuple[str, ...]:
    return (*_START, f"family_head={_SOFTMAX}", f"family_weight={weight:g}")


def _net(blocks: list[int], channels: list[int]) -> tuple[str, ...]:
    return (
        *_START,
        f"encoder.backbone.init_args.blocks={blocks}",
        f"encoder.backbone.init_args.channels={channels}",
        f"encoder.pooling.init_args.n_features={channels[-1]}",
    )


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
    "last layer": Question(
        "Is the last layer better trained, or computed at the end as linear discriminants?",
        "Computed: it does not know the instruments of training by heart.",
        "Computed, by far: 4.7 points on the orchestra and 2 on rendered instruments, for "
        "seconds of work.",
        {"trained": _PIECES, "refitted": _START},
    ),
    "front end": Question(
        "Which front end?",
        "Log-mel first, PCEN close and better on recordings, the constant-Q transform behind "
        "(its low bands are slow), trained filters with energies no better than fixed ones, the "
        "published front end far behind: it keeps each band's phase.",
        "On rendered instruments the constant-Q transform is first and PCEN second; on the "
        "orchestra both are 6 points behind log-mel: what transposes well does not carry to "
        "recordings by itself. Trained filters spaced as notes are far behind; as mel bands "
        "(below) level.",
        {
            "log-mel": _START,
            "PCEN": _frontend("PCEN", n_bands=64, hop_samples=256),
            "CQT": _frontend("CQT", n_bands=84, hop_samples=256),
            "sinc filters, energy and log": _frontend("BandEnergy", n_bands=64, hop_s=0.016),
            "sinc filters as published": _frontend("SincNet", n_bands=122),
        },
    ),
    "initialisation": Question(
        "Trained filters: spaced as mel bands or as notes?",
        "As mel bands: notes waste half the filters below 500 Hz.",
        "As mel bands, on every set.",
        {
            "notes": _frontend("BandEnergy", n_bands=64, hop_s=0.016),
            "mel": _frontend("BandEnergy", n_bands=64, hop_s=0.016, spacing="mel"),
        },
    ),
    "floor": Question(
        "How far below a sound's peak should the encoder hear?",
        "50 dB carries better to recordings, whose rooms and microphones are heard below.",
        "No, it is worse everywhere: what lies 50 to 80 dB down tells instruments apart, too.",
        {"-80 dB": _SHORT, "-50 dB": (*_SHORT, "encoder.frontend.init_args.floor_db=-50")},
    ),
    "pooling": Question(
        "A learnt dictionary, or attentive statistics?",
        "Attentive statistics, a little: they keep how far features spread.",
        "Attentive statistics, by far, in runs this short.",
        {
            "attentive statistics": _START,
            "dictionary of 8": (
                *_START,
                "encoder.pooling={class_path: LDE, init_args: {n_features: 128, n_centres: 8}}",
            ),
        },
    ),
    "head": Question(
        "Which head?",
        "Additive margin best, sub-centres equal, angular softmax behind, contrastive best on "
        "recordings, since it asks less of the rendered ones.",
        "The margin is worth 2.7 points on the orchestra. Angular softmax is as good, and "
        "better on rendered instruments; sub-centres change little; the contrastive head, whose "
        "batches of 32 hold few sounds of one class, is far behind.",
        {
            "additive angular margin": _START,
            "no margin": _head("AdditiveAngularMargin", margin=0.0, scale=30),
            "3 sub-centres": _head("AdditiveAngularMargin", margin=0.2, scale=30, n_subcentres=3),
            "angular softmax": _head("ASoftmax", m=2),
            "supervised contrastive": _head("SupervisedContrastive"),
        },
    ),
    "family": Question(
        "Does the family as a second task help, and with what weight?",
        "A little on recordings at 0.2, none at 1.",
        "Not on the sets that choose. Second makers, of few sounds, gain 2 points with weight 1.",
        {"0": _START, "0.2": _family(0.2), "1": _family(1.0)},
    ),
    "single effects": Question(
        "One effect at a time, on top of pieces: which carries to recordings?",
        "Room and noise a little; the equaliser costs more than it gives.",
        "",
        {
            "none": _START,
            "equaliser": (*_START, *_effects(equaliser=0.5)),
            "room": (*_START, *_effects(room=0.5)),
            "noise": (*_START, *_effects(noise=0.5)),
            "band limit, codec": (*_START, *_effects(band_limit=0.3, codec=0.3)),
            "compressor": (*_START, *_effects(compressor=0.5)),
            "vibrato, dynamics": (*_START, *_PLAYING),
        },
    ),
    "shape": Question(
        "Wide or deep, at about the same cost?",
        "No difference that one seed shows.",
        "",
        {
            "4 blocks, 16 to 128 channels": _START,
            "8 blocks, 16 to 96 channels": _net([2, 2, 2, 2], [16, 24, 48, 96]),
            "4 blocks, 24 to 160 channels": _net([1, 1, 1, 1], [24, 40, 80, 160]),
        },
    ),
}
