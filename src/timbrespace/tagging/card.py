"""A model card of a tagger, from what is known of its run.

Comes in: a tagger and its run's folder. Goes out: Markdown with the hub's metadata.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from timbrespace.evaluation.tagging_results import score_text
from timbrespace.tagging.excerpts import Excerpts
from timbrespace.tagging.fine_tuning import FineTuning
from timbrespace.tagging.judgement import judgement_of
from timbrespace.tagging.tagger import Tagger

_CARD = """---
library_name: timbrespace
pipeline_tag: audio-classification
tags:
- audio
- music
- musical-instruments
---

# {name}

A tagger of the instruments that lead in music: it hears mono at {rate} Hz in clips of {clip_s:g} s,
and gives each class a probability of its own.

```python
import timbrespace

activity = timbrespace.load_tagger("FOLDER").tag("song.mp3")
activity.labels, activity.times_s, activity.probabilities
```

Trained on {n_train} excerpts, from {origin}; loss {loss}, seed {seed}. A class is said to lead from
its threshold on, which was chosen on {n_valid} validation excerpts; one that leads in none of them
is never said.

| class | threshold | F1 on test |
|---|---:|---:|
{classes}

{scores}
"""


def plain_card(
    tagger: Tagger, excerpts: Excerpts, folder: Path, settings: FineTuning, origin: str
) -> str:
    """What a tagger takes, gives, was trained on and reaches on the test excerpts.

    Args:
        tagger: with its thresholds.
        excerpts: that it was trained and judged on.
        folder: of its run, with probabilities.
        settings: of its training.
        origin: where its weights came from.
    """
    tested = len(excerpts.of_split("test"))
    found = judgement_of(tagger, excerpts, folder).scores if tested else None
    per_class = ["–"] * len(tagger.classes)
    scores = "There was no test excerpt."
    if found:
        per_class = [score_text(value, 2) for value in found.f1_per_tag]
        scores = (
            f"On {found.n_sounds:,} test excerpts: micro F1 {score_text(found.f1_micro)}, macro F1 "
            f"{score_text(found.f1_macro)}, LRAP {score_text(found.lrap)}, mAP "
            f"{score_text(found.mean_average_precision)}, calibration error "
            f"{score_text(found.calibration_error)}."
        )
    rows = zip(tagger.classes, tagger.thresholds, per_class, strict=True)
    n_train = len(excerpts.of_split("train")) or excerpts.rows.num_rows
    return _CARD.format(
        name=tagger.name,
        rate=tagger.sample_rate_hz,
        clip_s=tagger.clip_s,
        n_train=f"{round(settings.fraction * n_train):,}",
        n_valid=f"{len(excerpts.of_split('valid')):,}",
        origin=origin,
        loss=settings.loss,
        seed=settings.seed,
        classes="\n".join(f"| {name} | {_at(threshold)} | {f1} |" for name, threshold, f1 in rows),
        scores=scores,
    )


def _at(threshold: float) -> str:
    return f"{threshold:.2f}" if np.isfinite(threshold) else "never"
