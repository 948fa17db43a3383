"""What a corpus of rendered mixes shall hold.

Comes in: numbers of mixes, lengths, levels and the rule, as typed. Goes out: checked `MixSettings`,
which are kept in the corpus. Times are seconds, levels decibels.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from timbrespace.errors import ConfigError
from timbrespace.manifest import SPLITS
from timbrespace.rendering.mixes.predominance import PredominanceRule

MOST_STEMS = 5

Span = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class MixSettings:
    """Everything but SoundFonts and MIDI files that decides what is rendered.

    Attributes:
        n_train: mixes to train on.
        n_valid: mixes to choose by, made as those of test.
        n_test: mixes to test on.
        seed: what everything is drawn from. Mix k of a split is the same whatever else is rendered.
        train_s: shortest and longest mix of train.
        test_s: shortest and longest mix of valid and test.
        stem_odds: how often a mix has one stem, two, and so on.
        rule: which stems are predominant. Exactly one class leads each mix of train, one or more
            those of valid and test.
        train_below_db: how much softer than the lead, which is chosen first, other ranked stems
            are: least and most.
        test_below_db: the same for valid and test.
        unranked_below_db: the same for stems that the rule does not rank, in all splits.
        sample_rate_hz: of the corpus.
        lead_in_s: what is played before a mix starts, so that it starts in the midst of music.
        synthetic_share: how often a stem is played by a SoundFont that is all synthesizer, where
            others could.
        disjoint_programs: whether test plays most classes by other programs than train; if not, all
            splits have all of them.
        stems: whether each stem is written too, as it sounds in the mix.

    Raises:
        ConfigError: a value is out of its range.
    """

    n_train: int = 5_000
    n_valid: int = 800
    n_test: int = 1_500
    seed: int = 0
    train_s: Span = (3.0, 3.0)
    test_s: Span = (5.0, 20.0)
    stem_odds: tuple[float, ...] = (0.15, 0.2, 0.25, 0.2, 0.2)
    rule: PredominanceRule = field(default_factory=PredominanceRule)
    train_below_db: Span = (6.0, 16.0)
    test_below_db: Span = (0.0, 8.0)
    unranked_below_db: Span = (2.0, 12.0)
    sample_rate_hz: int = 16_000
    lead_in_s: float = 1.0
    synthetic_share: float = 0.1
    disjoint_programs: bool = True
    stems: bool = False

    def __post_init__(self) -> None:
        if min(self.counts.values()) < 0 or not any(self.counts.values()):
            raise ConfigError(
                "train, valid and test must be 0 or more mixes, not all of them 0; got "
                f"{', '.join(map(str, self.counts.values()))}."
            )
        if self.seed < 0:
            raise ConfigError(f"seed must be 0 or more, got {self.seed}.")
        if not 8_000 <= self.sample_rate_hz <= 48_000:
            raise ConfigError(f"sample_rate_hz must be 8000 to 48000, got {self.sample_rate_hz}.")
        for name in ("train_s", "test_s"):
            low, high = getattr(self, name)
            if not 0.5 <= low <= high <= 600:
                raise ConfigError(
                    f"{name} must be two lengths from 0.5 to 600 s, got {low}, {high}."
                )
        for name in ("train_below_db", "test_below_db", "unranked_below_db"):
            low, high = getattr(self, name)
            if not 0 <= low <= high <= 60:
                raise ConfigError(f"{name} must be two levels from 0 to 60 dB, got {low}, {high}.")
        if not (1 <= len(self.stem_odds) <= MOST_STEMS and min(self.stem_odds) >= 0):
            raise ConfigError(f"stem_odds must be 1 to {MOST_STEMS} numbers of 0 or more.")
        if not 0 < sum(self.stem_odds) < float("inf"):
            raise ConfigError("stem_odds must not all be 0.")
        if not (0 <= self.lead_in_s <= 10 and 0 <= self.synthetic_share <= 1):
            raise ConfigError(
                "lead_in_s must be 0 to 10 and synthetic_share 0 to 1; got "
                f"{self.lead_in_s} and {self.synthetic_share}."
            )

    @property
    def counts(self) -> dict[str, int]:
        """Mixes of each split."""
        return dict(zip(SPLITS, (self.n_train, self.n_valid, self.n_test), strict=True))

    def span_s(self, split: str) -> Span:
        """Shortest and longest mix of a split."""
        return self.train_s if split == "train" else self.test_s

    def below_db(self, split: str) -> Span:
        """How much softer than the lead the other ranked stems of a split are."""
        return self.train_below_db if split == "train" else self.test_below_db
