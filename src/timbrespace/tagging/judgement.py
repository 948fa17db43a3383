"""What a tagger is worth on labelled excerpts of any corpus.

Comes in: a tagger, and excerpts that it did not learn from. Goes out: a `Judgement`, and what it
says as `Section`s of a report.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from timbrespace.errors import InputError
from timbrespace.evaluation.report import Picture, Section, Table
from timbrespace.evaluation.tagging import precision_and_recall
from timbrespace.evaluation.tagging_figures import (
    confusion_figure,
    curves_figure,
    reliability_figure,
)
from timbrespace.evaluation.tagging_results import (
    TagScores,
    score_tags,
    score_text,
    scores_by_count,
    tag_confusion,
    tag_curves,
    tag_reliability,
)
from timbrespace.tagging.excerpts import Excerpts, Flags
from timbrespace.tagging.judging import read_probabilities
from timbrespace.tagging.scoring import excerpt_probabilities
from timbrespace.tagging.tagger import Tagger


@dataclass(frozen=True)
class Judgement:
    """What a tagger says of excerpts, and what is so.

    Attributes:
        classes: of the tagger.
        thresholds: of each class; (classes,).
        truth: whether a class leads; (excerpts, classes).
        known: where that is known; a class that the corpus does not have is known nowhere.
        rates: probabilities; (excerpts, classes).
        strangers: classes of the corpus that the tagger does not have.
    """

    classes: tuple[str, ...]
    thresholds: npt.NDArray[np.float64]
    truth: Flags
    known: Flags
    rates: npt.NDArray[np.float64]
    strangers: tuple[str, ...] = ()

    @property
    def judged(self) -> npt.NDArray[np.int64]:
        """Columns of the classes that the corpus has."""
        return np.flatnonzero(self.known.any(axis=0))

    @property
    def not_judged(self) -> list[str]:
        """What is left out, in sentences."""
        others = [name for name in self.classes if name not in np.take(self.classes, self.judged)]
        found = {"no class of the tagger": self.strangers, "none of the excerpts": others}
        return [
            f"Not judged, {why}: {', '.join(map(repr, who))}." for why, who in found.items() if who
        ]

    @property
    def decisions(self) -> Flags:
        """What is said; (excerpts, classes)."""
        return np.asarray(self.rates >= self.thresholds)

    @cached_property
    def scores(self) -> TagScores:
        """With the thresholds."""
        return score_tags(self.truth, self.rates, self.thresholds, self.known)


def judge_excerpts(
    tagger: Tagger,
    excerpts: Excerpts,
    *,
    threshold: float | None = None,
    on_progress: Callable[[int], None] = lambda done: None,
) -> Judgement:
    """Have a tagger hear all excerpts.

    Args:
        tagger: with thresholds that were chosen on other excerpts.
        excerpts: packed at the tagger's rate; their classes may be others than the tagger's.
        threshold: for every class, instead of the tagger's own.
        on_progress: called with how many more are heard.

    Raises:
        InputError: no class is both the tagger's and the excerpts'.
        ConfigError: the threshold is not from 0 to 1.
    """
    tagger.check_options(None, threshold)
    check_classes(tagger, excerpts.classes)
    number = {name: column for column, name in enumerate(excerpts.classes)}
    shared = [column for column, name in enumerate(tagger.classes) if name in number]
    theirs = [number[tagger.classes[column]] for column in shared]
    everything = np.arange(excerpts.rows.num_rows)
    truth = np.zeros((len(everything), len(tagger.classes)), np.bool_)
    known = np.zeros_like(truth)
    truth[:, shared], known[:, shared] = excerpts.truth[:, theirs], excerpts.known[:, theirs]
    thresholds = tagger.thresholds if threshold is None else np.full(len(tagger.classes), threshold)
    return Judgement(
        classes=tagger.classes,
        thresholds=thresholds,
        truth=truth,
        known=known,
        rates=excerpt_probabilities(tagger, excerpts, everything, on_progress=on_progress),
        strangers=tuple(name for name in excerpts.classes if name not in tagger.classes),
    )


def check_classes(tagger: Tagger, classes: Sequence[str]) -> None:
    """Whether a tagger can be judged on excerpts of these classes.

    Raises:
        InputError: none is one of the tagger's.
    """
    if not set(classes) & set(tagger.classes):
        raise InputError(
            f"none of the classes of the excerpts, {', '.join(classes)}, is one of the tagger's, "
            f"{', '.join(tagger.classes)}."
        )


def judgement_of(tagger: Tagger, excerpts: Excerpts, run: Path) -> Judgement:
    """What a tagger said of the test excerpts when its run ended.

    Args:
        tagger: of the run.
        excerpts: that it was trained and judged on.
        run: folder of the run.

    Raises:
        InputError: the run's probabilities are missing, or of other excerpts.
    """
    test = excerpts.of_split("test")
    ids, rates = read_probabilities(run, "test")
    if ids.num_rows != len(test):
        raise InputError(f"{run}: was judged on other excerpts; delete it to train it anew.")
    truth, known = excerpts.truth[test], excerpts.known[test]
    return Judgement(tagger.classes, tagger.thresholds, truth, known, rates)


def scores_table(judgement: Judgement) -> Table:
    """All scores in a row."""
    scores = judgement.scores
    values = {
        "micro F1": scores.f1_micro,
        "macro F1": scores.f1_macro,
        "LRAP": scores.lrap,
        "mAP": scores.mean_average_precision,
        "calibration error": scores.calibration_error,
    }
    return Table(
        name="scores",
        caption="Higher is better, but for the calibration error, the mean distance of a "
        "probability from the share of what is so.",
        header=("excerpts", *values),
        rows=[(f"{scores.n_sounds:,}", *map(score_text, values.values()))],
    )


def classes_table(judgement: Judgement) -> Table:
    """Each class by itself."""
    scores = judgement.scores
    precision, recall = precision_and_recall(judgement.truth, judgement.decisions, judgement.known)
    columns = (
        (judgement.truth & judgement.known).sum(axis=0),
        judgement.thresholds,
        precision,
        recall,
        scores.f1_per_tag,
        scores.average_precision,
    )
    rows = [
        (
            name,
            f"{count:,}",
            score_text(threshold) if threshold <= 1 else "never",
            *map(score_text, values),
        )
        for name, count, threshold, *values in zip(
            *(np.take(column, judgement.judged) for column in (judgement.classes, *columns)),
            strict=True,
        )
    ]
    return Table(
        name="classes",
        caption="Leads: excerpts in which the class leads. Precision: share of what was said that "
        "is so; recall: share of what is so that was said; AP: average precision, over all "
        "thresholds.",
        header=("class", "leads", "threshold", "precision", "recall", "F1", "AP"),
        rows=rows,
    )


def judgement_sections(judgement: Judgement, *, what: str) -> list[Section]:
    """Tables and figures of a report.

    Args:
        judgement: what to tell.
        what: a sentence that names the excerpts.
    """
    counts = scores_by_count(
        judgement.truth, judgement.rates, judgement.thresholds, judgement.known
    )
    by_count = Table(
        name="by-number-of-instruments",
        caption="By how many of the judged classes lead in an excerpt.",
        header=("classes that lead", "excerpts", "micro F1", "LRAP"),
        rows=[
            (str(count), f"{of.n_sounds:,}", score_text(of.f1_micro), score_text(of.lrap))
            for count, of in counts.items()
        ],
    )
    return [
        Section(
            name="scores",
            text=(what, *judgement.not_judged),
            tables=[scores_table(judgement), by_count],
            record=judgement.scores.as_record(),
        ),
        Section(
            name="classes",
            tables=[classes_table(judgement)],
            pictures=_pictures(judgement),
            record={"classes": list(judgement.classes), "thresholds": judgement.thresholds},
        ),
    ]


def _pictures(judgement: Judgement) -> list[Picture]:
    truth, rates, known = judgement.truth, judgement.rates, judgement.known
    curves = tag_curves(truth, rates, known)
    shares = tag_confusion(truth, judgement.decisions, known)
    return [
        Picture(
            name="roc",
            caption="Hits against false alarms, and the areas below.",
            figure=curves_figure(curves, judgement.scores.auc, judgement.classes),
        ),
        Picture(
            name="confusion",
            caption="Percent of excerpts in which a class leads (rows) of which another one, that "
            "does not, is said to lead (columns); the diagonal is what was found.",
            figure=confusion_figure(shares, judgement.classes),
        ),
        Picture(
            name="calibration",
            caption="Are probabilities probabilities? On the diagonal they are.",
            figure=reliability_figure({"tagger": tag_reliability(truth, rates, known)}),
        ),
    ]
