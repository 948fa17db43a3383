"""One mix: played, balanced, measured and labelled.

Comes in: the number of a mix and what it is made from. Goes out: a `Mix`, the same bytes for the
same seed, whatever was made before or beside it.

Stems are balanced by what they sound like: each is brought to a loudness below that of the lead,
which is drawn for it. Then the rule of `predominance` is applied to what came of it. A mix whose
labels are not as its split wants them is drawn anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from timbrespace.audio import momentary_loudness_lufs
from timbrespace.corpora import IRMAS_CLASSES
from timbrespace.errors import ConfigError
from timbrespace.manifest import SPLITS
from timbrespace.rendering.mixes.classes import UNSURE, class_of, class_programs
from timbrespace.rendering.mixes.fonts import Fonts, choose_font
from timbrespace.rendering.mixes.predominance import Prominence, mean_lufs, prominences
from timbrespace.rendering.mixes.score import DRUMS
from timbrespace.rendering.mixes.settings import MixSettings, Span
from timbrespace.rendering.mixes.sources import (
    Casting,
    MidiFile,
    draw_arrangement,
    draw_from_midi,
)
from timbrespace.rendering.mixes.stems import Room, Stem, draw_room, draw_stem, render_stem
from timbrespace.rendering.player import Waveform

_ATTEMPTS = 100
_PEAK = 10 ** (-1 / 20)
_SILENT_LUFS = -70.0


@dataclass(frozen=True, kw_only=True)
class MixPlan:
    """What mixes are made from.

    Attributes:
        settings: as given.
        fonts: SoundFonts of each split.
        midi: MIDI files of each split; empty where arrangements are made.
    """

    settings: MixSettings
    fonts: Fonts
    midi: dict[str, tuple[MidiFile, ...]]


@dataclass(frozen=True, kw_only=True)
class Mix:
    """One mix.

    Attributes:
        name: split and number, the stem of its file.
        song: the MIDI file's name, or the mix's own.
        waveform: the sum of the stems, (samples,); nothing in it or in a stem is above -1 dBFS.
        stems: who plays, the intended lead first.
        waveforms: each stem as it sounds in the mix.
        prominences: how each stands in it.
        labels: classes of the predominant stems, in the order of `IRMAS_CLASSES`.
        unsure: classes of which it is not known whether they lead.
    """

    name: str
    song: str
    waveform: Waveform
    stems: list[Stem]
    waveforms: list[Waveform]
    prominences: list[Prominence]
    labels: list[str]
    unsure: set[str]


def make_mix(split: str, number: int, plan: MixPlan) -> Mix:
    """Make a mix of a split.

    Raises:
        ConfigError: nothing that was drawn gives a mix with labels as they are wanted.
        InputError, MissingDependencyError: as `render_stem`.
    """
    settings = plan.settings
    for attempt in range(_ATTEMPTS):
        seeds = [settings.seed, SPLITS.index(split), number, attempt]
        rng = np.random.default_rng(seeds)
        mix = _attempt(f"{split}-{number:05}", split, plan, rng)
        if mix and (len(mix.labels) == 1 or (mix.labels and split != "train")):
            return mix
    raise ConfigError(
        f"{split} mix {number}: {_ATTEMPTS} excerpts were drawn, and none has a predominant "
        "instrument of a class, or exactly one for train. Use other MIDI files or another rule."
    )


def _attempt(name: str, split: str, plan: MixPlan, rng: np.random.Generator) -> Mix | None:
    """One try; None where nothing sounds that has a class."""
    settings = plan.settings
    shortest, longest = settings.span_s(split)
    odds = np.array(settings.stem_odds) / sum(settings.stem_odds)
    casting = Casting(
        programs=class_programs(split, disjoint=settings.disjoint_programs),
        fonts=plan.fonts[split],
        n_parts=1 + int(rng.choice(len(odds), p=odds)),
        lead_in_s=settings.lead_in_s,
        duration_s=round(float(rng.uniform(shortest, longest)), 2),
    )
    files = plan.midi[split]
    file = files[rng.integers(len(files))] if files else None
    parts = draw_from_midi(file, casting, rng) if file else draw_arrangement(casting, rng)
    stems = []
    for place, part in enumerate(parts):
        unranked = part.role in settings.rule.unranked_roles
        span = settings.unranked_below_db if unranked else settings.below_db(split)
        font = choose_font(
            casting.fonts,
            part.program,
            drums=part.role == DRUMS,
            synthetic_share=settings.synthetic_share,
            rng=rng,
        )
        stems.append(draw_stem(part, font, _below_db(place, span, rng), rng))
    song = file.song if file else name
    return _mixed(name, song, stems, draw_room(rng), casting, settings) if stems else None


def _below_db(place: int, span: Span, rng: np.random.Generator) -> float:
    return float(rng.uniform(*span)) if place else 0.0


def _mixed(
    name: str,
    song: str,
    stems: list[Stem],
    room: Room,
    casting: Casting,
    settings: MixSettings,
) -> Mix | None:
    rate = settings.sample_rate_hz
    played = [
        render_stem(
            stem,
            room,
            lead_in_s=casting.lead_in_s,
            duration_s=casting.duration_s,
            sample_rate_hz=rate,
        )
        for stem in stems
    ]
    levels = [mean_lufs(momentary_loudness_lufs(waveform, rate)) for waveform in played]
    if levels[0] < _SILENT_LUFS:
        return None
    heard = [place for place, level in enumerate(levels) if level >= _SILENT_LUFS]
    stems = [stems[place] for place in heard]
    waveforms = _balanced(stems, [played[place] for place in heard], [levels[p] for p in heard])
    found = prominences(
        waveforms, [stem.part.role for stem in stems], sample_rate_hz=rate, rule=settings.rule
    )
    labels = {_class(stem) for stem, one in zip(stems, found, strict=True) if one.predominant}
    audible = [stem for stem, one in zip(stems, found, strict=True) if one.activity > 0]
    unsure = {name for stem in audible if not _drums(stem) for name in _unsure(stem)}
    return Mix(
        name=name,
        song=song,
        waveform=np.sum(waveforms, axis=0),
        stems=stems,
        waveforms=waveforms,
        prominences=found,
        labels=[name for name in IRMAS_CLASSES if name in labels],
        unsure=unsure - labels,
    )


def _balanced(
    stems: Sequence[Stem], waveforms: Sequence[Waveform], levels: Sequence[float]
) -> list[Waveform]:
    """Stems as far below the lead as drawn; the highest peak of any and the mix at -1 dBFS."""
    scaled = [
        waveform * np.float32(10 ** ((-stem.below_db - level) / 20))
        for stem, waveform, level in zip(stems, waveforms, levels, strict=True)
    ]
    peak = max(float(np.abs(one).max()) for one in (np.sum(scaled, axis=0), *scaled))
    return [one * np.float32(_PEAK / peak) for one in scaled]


def _drums(stem: Stem) -> bool:
    return stem.part.role == DRUMS


def _class(stem: Stem) -> str | None:
    return None if _drums(stem) else class_of(stem.part.program)


def _unsure(stem: Stem) -> tuple[str, ...]:
    return UNSURE.get(stem.part.program, ())
