"""What a search found, as a table.

Comes in: `Hits`. Goes out: an Arrow table, a row a sound, in their order.
"""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa

from timbrespace.library.catalogue import Catalogue
from timbrespace.library.query import ASPECTS
from timbrespace.library.rows import COLUMNS, read_rows
from timbrespace.library.weighing import Hits

_LEFT_OUT = {"waveform", "envelope", "slot", "file_id", "size", "mtime_ns", "content_hash"}


def results_table(catalogue: Catalogue, hits: Hits) -> pa.Table:
    """The sounds' columns, their `score`, and `timbre`, `pitch`, `envelope`, `brightness`.

    Scores are null where nothing was compared. A sound that went away meanwhile is left out.
    """
    names = [name for name in COLUMNS if name not in _LEFT_OUT]
    wanted = ("id IN (SELECT value FROM json_each(?))", [json.dumps(hits.ids.tolist())])
    rows = read_rows(catalogue, names, wanted)
    by_id = {number: row for row, number in enumerate(rows["id"].to_pylist())}
    places = [place for place, number in enumerate(hits.ids.tolist()) if number in by_id]
    table = rows.take(pa.array([by_id[hits.ids[place]] for place in places], pa.int64()))
    scores = {"score": hits.scores} | dict(zip(ASPECTS, hits.aspects.T, strict=True))
    for name, values in scores.items():
        known = np.asarray(values, np.float64)[places]
        table = table.append_column(name, pa.array(known, pa.float64(), from_pandas=True))
    return table
