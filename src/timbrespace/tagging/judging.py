"""Judge a tagger on the excerpts that it did not learn from, and choose its thresholds.

Comes in: a tagger and excerpts. Goes out: `probabilities.parquet` of splits valid and test, and
thresholds from split valid, never from test.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from rich.progress import Progress

from timbrespace.evaluation.tagging_results import chosen_thresholds
from timbrespace.manifest import read_parquet, write_parquet
from timbrespace.tagging.excerpts import Excerpts
from timbrespace.tagging.scoring import excerpt_probabilities
from timbrespace.tagging.tagger import Tagger

PROBABILITIES = "probabilities.parquet"

_SCHEMA = pa.schema(
    [("id", pa.string()), ("split", pa.string()), ("probabilities", pa.list_(pa.float64()))]
)


def judge(tagger: Tagger, excerpts: Excerpts, folder: Path, progress: Progress) -> None:
    """Write the probabilities of what was held out, and set the thresholds.

    Args:
        tagger: its thresholds are changed, if there are excerpts to choose them on.
        excerpts: those of splits valid and test are heard.
        folder: of the run.
        progress: shows how far the work is.
    """
    splits = {split: excerpts.of_split(split) for split in ("valid", "test")}
    task = progress.add_task("judging", total=sum(map(len, splits.values())), note="")
    tables = []
    for split, chosen in splits.items():
        rates = excerpt_probabilities(
            tagger, excerpts, chosen, on_progress=lambda n: progress.advance(task, n)
        )
        ids = excerpts.rows["id"].take(pa.array(chosen))
        columns = {"id": ids, "split": [split] * len(chosen), "probabilities": rates.tolist()}
        tables.append(pa.table(columns, schema=_SCHEMA))
        if split == "valid" and len(chosen):
            tagger.thresholds = chosen_thresholds(
                excerpts.truth[chosen], rates, excerpts.known[chosen]
            )
    write_parquet(pa.concat_tables(tables), folder / PROBABILITIES)


def read_probabilities(folder: Path, split: str) -> tuple[pa.Table, npt.NDArray[np.float64]]:
    """Ids of a split's excerpts, and their probabilities (excerpts, classes), of a finished run.

    Raises:
        InputError: the file is missing or no table.
    """
    table = read_parquet(folder / PROBABILITIES)
    table = table.filter(pc.equal(table["split"], split))
    return table.select(["id"]), np.array(table["probabilities"].to_pylist(), np.float64)
