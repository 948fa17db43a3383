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
    """A question, the answer that was expected, and what is compared."""

    text: str
    prediction: str
    variants: dict[str, tuple[str, ...]]


QUESTIONS = {
    "targets": Question(
        "What should the encoder be trained to tell?",
        "Kinds across SoundFonts beat single presets on real recordings, since they ask for what "
        "two makers' oboes share; all levels together are best.",
        {
            "instrument": (),
            "kind": (*_KIND, *_NO_INSTRUMENT),
            "instrument + kind + family": _LEVELS,
        },
    ),
    "pieces": Question(
        "Do short pieces of notes, joined, teach what trills, phrases and staccato are like?",
        "Yes: real recordings hold them, rendered notes do not.",
        {
            "whole notes": (),
            "pieces": _PIECES,
            "pieces, effects": (*_PIECES, *_RECORDING, *_PLAYING),
        },
    ),
    "length": Question(
        "How long should examples be, when the notes to be told apart last 0.2 to 20 s?",
        "Lengths from a third of a second on help short real notes, which nothing else prepares for.",
        {
            "1.5 to 2.5 s": _PIECES,
            "0.3 to 2.5 s": (*_PIECES, "sampling.min_s=0.3"),
            "0.3 to 2.5 s, effects": (
                *_PIECES,
                "sampling.min_s=0.3",
                *_RECORDING,
                *_PLAYING,
            ),
        },
    ),
    "effects": Question(
        "Which effects carry from rendered to recorded sounds?",
        "The equaliser helps most, then room; playing effects help plucked and bowed notes; all "
        "together are best on real recordings and cost a little on rendered ones.",
        {
            "none": _LEVELS,
            "equaliser": (*_LEVELS, *_effects(equaliser=0.6)),
            "recording": (*_LEVELS, *_RECORDING),
            "playing": (*_LEVELS, *_PLAYING),
            "recording + playing": (*_LEVELS, *_RECORDING, *_PLAYING),
        },
    ),
}
