"""Checks and counts over any manifest.

Comes in: a manifest, of a corpus here or of anyone's. Goes out: the files that cannot be opened, or
how many sounds, instruments and hours there are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from timbrespace.audio import audio_info
from timbrespace.corpora.base import Problem, problem_of
from timbrespace.corpora.threads import in_threads
from timbrespace.errors import AudioError

_BATCH_FILES = 64


@dataclass(frozen=True)
class ManifestCounts:
    """What a manifest holds.

    Attributes:
        n_sounds: rows.
        n_instruments: distinct instruments, null aside.
        hours: sum of the durations; None if any is not known.
        families: rows of each family, the largest first; None counts rows without a family.
        splits: rows of each split, the largest first; None counts rows without a split.
    """

    n_sounds: int
    n_instruments: int
    hours: float | None
    families: dict[str | None, int]
    splits: dict[str | None, int]


def count_manifest(manifest: pa.Table) -> ManifestCounts:
    """Count sounds, instruments, hours, families and splits.

    Example:
        >>> from timbrespace.manifest import manifest_from_rows
        >>> rows = [{"id": name, "path": name, "family": "reed"} for name in ("a.wav", "b.wav")]
        >>> count_manifest(manifest_from_rows(rows)).families
        {'reed': 2}
    """
    durations = manifest["duration_s"]
    known = manifest.num_rows > 0 and not durations.null_count
    return ManifestCounts(
        n_sounds=manifest.num_rows,
        n_instruments=pc.count_distinct(manifest["instrument"], mode="only_valid").as_py(),
        hours=pc.sum(durations).as_py() / 3600 if known else None,
        families=_counts(manifest["family"]),
        splits=_counts(manifest["split"]),
    )


def check_audio(
    manifest: pa.Table, on_checked: Callable[[int, int], object] = lambda done, total: None
) -> list[Problem]:
    """Open every audio file of a manifest once and report those that fail or hold no samples.

    Headers are read, not samples: a file that is cut off in the middle may pass.

    Args:
        manifest: any manifest.
        on_checked: called with the files done and the files in all, as the work goes on.
    """
    paths = [Path(path) for path in pc.unique(manifest["path"]).to_pylist()]
    batches = [paths[at : at + _BATCH_FILES] for at in range(0, len(paths), _BATCH_FILES)]
    problems: list[Problem] = []
    done = 0
    for batch, found in zip(batches, in_threads(_unreadable, batches), strict=True):
        problems += found
        done += len(batch)
        on_checked(done, len(paths))
    return problems


def _unreadable(paths: list[Path]) -> list[Problem]:
    return [problem for path in paths if (problem := _audio_problem(path))]


def _audio_problem(path: Path) -> Problem | None:
    try:
        return None if audio_info(path).n_samples else Problem(path, "has no samples.")
    except AudioError as fault:
        return problem_of(path, fault)


def _counts(column: pa.ChunkedArray) -> dict[str | None, int]:
    entries = pc.value_counts(column).to_pylist()
    pairs = ((entry["values"], entry["counts"]) for entry in entries)
    return dict(sorted(pairs, key=lambda pair: (-pair[1], str(pair[0]))))
