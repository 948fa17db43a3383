from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import soundfile

from timbrespace.corpora import ManifestCounts, check_audio, count_manifest
from timbrespace.manifest import manifest_from_rows


def manifest_of(*paths: Path) -> pa.Table:
    rows = [{"id": str(number), "path": str(path)} for number, path in enumerate(paths)]
    return manifest_from_rows(rows)


def test_counts_are_those_of_the_rows() -> None:
    rows = [
        {
            "id": str(number),
            "path": "a.wav",
            "instrument": name,
            "family": family,
            "duration_s": 900.0,
        }
        for number, (name, family) in enumerate(
            [("x", "reed"), ("x", "reed"), ("y", "flute"), (None, None)]
        )
    ]
    assert count_manifest(manifest_from_rows(rows)) == ManifestCounts(
        n_sounds=4,
        n_instruments=2,
        hours=1.0,
        families={"reed": 2, None: 1, "flute": 1},
        splits={None: 4},
    )


def test_counts_of_nothing_are_zero() -> None:
    counts = count_manifest(manifest_from_rows([]))
    assert (counts.n_sounds, counts.n_instruments, counts.hours) == (0, 0, None)


def test_hours_are_unknown_where_a_duration_is() -> None:
    rows = [{"id": "a", "path": "a", "duration_s": 1.0}, {"id": "b", "path": "b"}]
    assert count_manifest(manifest_from_rows(rows)).hours is None


def test_every_unreadable_file_is_reported(tmp_path: Path) -> None:
    good, silent, empty, text, gone = (tmp_path / f"{name}.wav" for name in "abcde")
    soundfile.write(good, np.zeros(100), 8_000)
    soundfile.write(silent, np.zeros(0), 8_000)
    empty.touch()
    text.write_text("not audio")
    problems = check_audio(manifest_of(good, silent, empty, text, gone))
    assert [problem.path for problem in problems] == [silent, empty, text, gone]
    assert problems[0].message == "has no samples."
    assert not any(str(problem.path) in problem.message for problem in problems)


@pytest.mark.parametrize("n_files", [0, 1, 150])
def test_progress_ends_at_the_number_of_files(tmp_path: Path, n_files: int) -> None:
    seen: list[tuple[int, int]] = []
    paths = [tmp_path / f"{number}.wav" for number in range(n_files)]
    check_audio(manifest_of(*paths, *paths), lambda done, total: seen.append((done, total)))
    assert [total for _, total in seen] == [n_files] * len(seen)
    assert [done for done, _ in seen][-1:] == [n_files][: len(seen)]
