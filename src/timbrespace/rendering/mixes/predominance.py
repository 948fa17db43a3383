"""Which stems of a mix lead it, from how loud each is in it.

Comes in: stems as they sound in the mix, mono. Goes out: what was measured of each, and whether it
is predominant. Loudness is ITU-R BS.1770's (K-weighted, in blocks of 0.4 s, 0.1 s apart).

The rule, of which every number is a setting:

1. A stem is *active* in a block where it is at most `masked_db` softer than the whole mix, which is
   not silent there. Its *activity* is the share of blocks in which it is.
2. Its *loudness* is that of its mean power over the whole excerpt, pauses included.
3. Stems whose role is in `unranked_roles` (bass and drums, which IRMAS does not annotate) are left
   out. Of the others, the loudest sets the bar, whatever it plays.
4. A stem is *predominant* if it is at most `within_db` softer than the loudest and its activity is
   at least `least_activity`.

The labels of a mix are the classes of its predominant stems. A loud stem of no class is predominant
as others are, but gives no label; a mix that is left without any label is not kept, but made anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from timbrespace.audio import momentary_loudness_lufs
from timbrespace.errors import ConfigError
from timbrespace.rendering.mixes.score import BASS, CHORDS, DRUMS, MELODY
from timbrespace.rendering.player import Waveform

Levels = npt.NDArray[np.float64]

_SILENT_LUFS = -70.0


@dataclass(frozen=True, kw_only=True)
class PredominanceRule:
    """When a stem is predominant.

    Attributes:
        within_db: how much softer than the loudest it may be.
        least_activity: in what share of the blocks it must be active, 0 to 1.
        masked_db: how much softer than the mix it may be in a block and still be active there.
        unranked_roles: roles that neither are predominant nor set the bar.

    Raises:
        ConfigError: a value is out of its range.
    """

    within_db: float = 4.0
    least_activity: float = 0.5
    masked_db: float = 15.0
    unranked_roles: tuple[str, ...] = (BASS, DRUMS)

    def __post_init__(self) -> None:
        if not (self.within_db >= 0 and self.masked_db >= 0 and 0 <= self.least_activity <= 1):
            raise ConfigError(
                "a rule needs within_db and masked_db of 0 or more and least_activity from 0 to 1; "
                f"got {self.within_db}, {self.masked_db} and {self.least_activity}."
            )
        strange = set(self.unranked_roles) - {MELODY, CHORDS, BASS, DRUMS}
        if strange:
            raise ConfigError(
                f"unranked_roles has {sorted(strange)}; roles are {MELODY}, {CHORDS}, {BASS}, "
                f"{DRUMS}."
            )


@dataclass(frozen=True)
class Prominence:
    """How a stem stands in its mix.

    Attributes:
        loudness_lufs: of its mean power over the excerpt; -inf for silence.
        activity: share of blocks in which it is active.
        predominant: by the rule.
    """

    loudness_lufs: float
    activity: float
    predominant: bool


def prominences(
    stems: Sequence[Waveform],
    roles: Sequence[str],
    *,
    sample_rate_hz: int,
    rule: PredominanceRule,
) -> list[Prominence]:
    """Measure each stem of a mix.

    Args:
        stems: as they sound in the mix, which is their sum; each (samples,).
        roles: of each.
        sample_rate_hz: of the stems.
        rule: when one is predominant.
    """
    mix = momentary_loudness_lufs(np.sum(stems, axis=0), sample_rate_hz)
    blocks = [momentary_loudness_lufs(stem, sample_rate_hz) for stem in stems]
    activities = [
        float(np.mean((block >= mix - rule.masked_db) & (mix > _SILENT_LUFS))) for block in blocks
    ]
    levels = [mean_lufs(block) for block in blocks]
    ranked = [role not in rule.unranked_roles for role in roles]
    bar = max((level for level, there in zip(levels, ranked, strict=True) if there), default=np.inf)
    return [
        Prominence(
            level,
            activity,
            bool(there and activity >= rule.least_activity and level >= bar - rule.within_db),
        )
        for level, activity, there in zip(levels, activities, ranked, strict=True)
    ]


def mean_lufs(blocks: Levels) -> float:
    """Loudness of the mean power of blocks; -inf if all are silent.

    Example:
        >>> round(mean_lufs(np.array([-20.0, -np.inf])), 1)
        -23.0
    """
    with np.errstate(divide="ignore"):
        return float(10 * np.log10(np.mean(10 ** (blocks / 10))))
