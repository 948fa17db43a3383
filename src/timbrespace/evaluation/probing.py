"""What embeddings know: how well simple classifiers read a property from them.

Comes in: one vector per note, and the notes' metadata. Goes out: a `Probing` with F1 scores of each
task, classifier and split, beside those of always saying the most frequent class. F1 goes from 0 to
1, higher is better. Under the protocol "grouped" no instrument is in two parts of a split; under
"stratified", the published one, classifiers may answer by recognising the instrument.

Source: Raj et al. 2019, "Probing the information encoded in x-vectors", arXiv:1909.06351; Shi et
al. 2022, section VI, doi:10.1109/TASLP.2022.3140549.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import product
from typing import get_args

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from timbrespace.errors import ConfigError, InputError
from timbrespace.evaluation.probing_classifiers import (
    CLASSIFIERS,
    best_prediction,
    majority_prediction,
    multiclass_f1,
)
from timbrespace.evaluation.probing_results import Probing, Score
from timbrespace.evaluation.probing_splits import split_rows
from timbrespace.evaluation.probing_tasks import TASKS, Protocol, Task, probing_task
from timbrespace.evaluation.vectors import Vectors


def probe(
    vectors: npt.ArrayLike,
    table: pa.Table,
    *,
    tasks: Iterable[str] = tuple(TASKS),
    protocol: Protocol = "grouped",
    repeats: int = 5,
    seed: int = 0,
    max_notes: int = 10_000,
    n_workers: int | None = None,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Probing:
    """Split, learn, choose on validation notes and test, for every task and classifier.

    Vectors are brought to mean 0 and deviation 1 by the training part. Equal tables and seeds give
    equal splits whatever the vectors are, so systems can be compared.

    Args:
        vectors: (notes, dimensions), finite.
        table: the manifest's columns; a row for each vector.
        tasks: keys of `TASKS`. A task is skipped, with the reason, where fewer than two classes
            have 10 notes (and 3 instruments if grouped); other classes are left out.
        protocol: "grouped" keeps the notes of an instrument in one part, "stratified" does not.
        repeats: random splits; split k is the same whatever their number.
        seed: of the splits and of the classifiers.
        max_notes: of a task with more notes, so many are drawn: the SVM's kernel is square.
        n_workers: processes; None for all cores.
        on_progress: called with the probes done and all probes.

    Raises:
        ConfigError: a task or protocol is unknown, or a number is out of range.
        InputError: vectors and rows differ in number, a vector is not finite, or all tasks are
            skipped.
    """
    _check_settings(protocol, repeats=repeats, seed=seed, max_notes=max_notes, n_workers=n_workers)
    array = _checked(vectors, table.num_rows)
    asked, skipped = _askable(table, tasks, protocol, max_notes, seed)
    units = list(product(asked, CLASSIFIERS, range(repeats)))
    scores = []
    for score in _in_parallel(array, units, seed, n_workers):
        scores.append(score)
        on_progress(len(scores), len(units))
    return Probing(
        protocol=protocol,
        repeats=repeats,
        seed=seed,
        tasks=tuple(asked),
        skipped=skipped,
        scores=tuple(scores),
    )


def _askable(
    table: pa.Table, names: Iterable[str], protocol: Protocol, max_notes: int, seed: int
) -> tuple[list[Task], dict[str, str]]:
    asked, skipped = [], {}
    for name in dict.fromkeys(names):
        try:
            asked.append(
                probing_task(table, name, protocol=protocol, max_notes=max_notes, seed=seed)
            )
        except InputError as reason:
            skipped[name] = str(reason)
    if not asked:
        reasons = "; ".join(f"{name}: {reason}" for name, reason in skipped.items())
        raise InputError(f"no task can be probed ({reasons or 'none was asked for'}).")
    return asked, skipped


def _in_parallel(
    vectors: Vectors, units: Sequence[tuple[Task, str, int]], seed: int, n_workers: int | None
) -> Iterable[Score]:
    from sklearn.utils.parallel import Parallel, delayed

    work = Parallel(n_jobs=n_workers or -1, return_as="generator")
    scores: Iterable[Score] = work(delayed(_score)(vectors, *unit, seed) for unit in units)
    return scores


def _score(vectors: Vectors, task: Task, classifier: str, repeat: int, seed: int) -> Score:
    rng = np.random.default_rng([seed, repeat])
    parts = split_rows(task.classes, task.groups, rng=rng)._asdict()
    classes = {part: task.classes[rows] for part, rows in parts.items()}
    rows = {part: vectors[task.rows[rows]] for part, rows in parts.items()}
    said, settings = best_prediction(
        classifier, _standardised(rows), classes, seed=int(rng.integers(2**31))
    )
    truth = classes["test"]
    found = multiclass_f1(truth, said)
    majority = multiclass_f1(truth, majority_prediction(classes["train"], truth.size))
    return Score(
        task=task.name,
        classifier=classifier,
        repeat=repeat,
        micro=found.micro,
        macro=found.macro,
        majority_micro=majority.micro,
        majority_macro=majority.macro,
        settings=dict(settings),
        **{f"n_{part}": labels.size for part, labels in classes.items()},
    )


def _standardised(parts: dict[str, Vectors]) -> dict[str, Vectors]:
    """Mean 0 and deviation 1 in the training part; a dimension that is constant there is 0."""
    train = parts["train"]
    mean, deviation = train.mean(axis=0), train.std(axis=0)
    constant = np.ptp(train, axis=0) == 0
    scale = np.where(constant, 0, 1 / np.where(constant, 1, deviation))
    return {part: (rows - mean) * scale for part, rows in parts.items()}


def _checked(vectors: npt.ArrayLike, n_rows: int) -> Vectors:
    array = np.asarray(vectors, dtype=np.float64)
    if array.ndim != 2 or not array.size or len(array) != n_rows:
        raise InputError(
            f"probing needs (notes, dimensions) vectors, not empty, one for each of the {n_rows} "
            f"rows; got shape {array.shape}."
        )
    if not np.isfinite(array).all():
        raise InputError("vectors must be finite to be probed; found NaN or infinity.")
    return array


def _check_settings(
    protocol: str, *, repeats: int, seed: int, max_notes: int, n_workers: int | None
) -> None:
    if protocol not in get_args(Protocol):
        raise ConfigError(f"protocol must be one of {get_args(Protocol)}, got {protocol!r}.")
    workers = 1 if n_workers is None else n_workers
    lowest = {
        "repeats": (repeats, 1),
        "seed": (seed, 0),
        "max_notes": (max_notes, 1),
        "n_workers": (workers, 1),
    }
    for name, (value, least) in lowest.items():
        if value < least:
            raise ConfigError(f"{name} must be at least {least}, got {value}.")
