"""What to render: one job for each instrument.

Comes in: SoundFont files and settings. Goes out: a `RenderPlan`, of pitched instruments or of
drums.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from timbrespace.errors import ConfigError
from timbrespace.rendering.drums import drum_jobs, reason_to_leave_out_kit
from timbrespace.rendering.jobs import InstrumentJob, SoundFont, read_soundfont
from timbrespace.rendering.pitched import pitched_jobs, reason_to_leave_out
from timbrespace.rendering.presets import Preset, list_presets
from timbrespace.rendering.settings import DrumSettings, RenderSettings

Settings = RenderSettings | DrumSettings


@dataclass(frozen=True, kw_only=True)
class RenderPlan:
    """All that is to be rendered.

    Attributes:
        settings: as given.
        soundfonts: in the order given.
        jobs: by SoundFont, bank, program and, of drums, key.
        left_out: how many presets are not rendered, by reason.
    """

    settings: Settings
    soundfonts: tuple[SoundFont, ...]
    jobs: tuple[InstrumentJob, ...]
    left_out: dict[str, int]

    @property
    def n_notes(self) -> int:
        """Notes to render, before silent and clipped ones are dropped."""
        return sum(len(job.pitches) for job in self.jobs) * len(self.settings.velocities)

    @property
    def n_out_of_range(self) -> int:
        """Notes that were asked for and that no preset has keys for."""
        presets = {(job.soundfont.name, job.preset.bank, job.preset.program) for job in self.jobs}
        settings = self.settings
        keys = settings.keys if isinstance(settings, DrumSettings) else settings.pitches
        return len(presets) * len(keys) * len(settings.velocities) - self.n_notes


def plan_corpus(soundfonts: Sequence[Path], settings: Settings) -> RenderPlan:
    """Decide what to render.

    Raises:
        InputError: a file is no SoundFont.
        ConfigError: two SoundFonts have the same content or the same letters and digits in their
            names, or no preset is left.
    """
    known = tuple(read_soundfont(path) for path in soundfonts)
    _check_distinct(known, [soundfont.sha256 for soundfont in known], "content")
    _check_distinct(known, [soundfont.word for soundfont in known], "letters in its name")
    jobs: list[InstrumentJob] = []
    left_out: Counter[str] = Counter()
    for soundfont in known:
        for preset in list_presets(soundfont.path):
            planned = _jobs_or_reason(soundfont, preset, settings)
            if isinstance(planned, str):
                left_out[planned] += 1
            else:
                jobs += planned
    if not any(job.pitches for job in jobs):
        raise ConfigError("no preset of these SoundFonts plays the programs and pitches asked for.")
    return RenderPlan(
        settings=settings,
        soundfonts=known,
        jobs=tuple(jobs),
        left_out=dict(sorted(left_out.items())),
    )


def _jobs_or_reason(
    soundfont: SoundFont, preset: Preset, settings: Settings
) -> Iterator[InstrumentJob] | str:
    if isinstance(settings, DrumSettings):
        return reason_to_leave_out_kit(preset) or drum_jobs(soundfont, preset, settings)
    return reason_to_leave_out(preset, settings) or pitched_jobs(soundfont, preset, settings)


def _check_distinct(soundfonts: Sequence[SoundFont], values: Sequence[str], what: str) -> None:
    counts = Counter(values)
    paths = [str(s.path) for s, value in zip(soundfonts, values, strict=True) if counts[value] > 1]
    if paths:
        raise ConfigError(f"more than one SoundFont has the same {what}: {', '.join(paths)}.")
