"""Find sounds that a library holds more than once.

Comes in: the catalogue and its matrix. Goes out: groups of sounds, of three kinds: one file copied;
the same samples in another file (another format, other tags); and near duplicates, which sound the
same (brought to another level, resampled, encoded with loss).
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from timbrespace.audio import audio_info, read_audio
from timbrespace.errors import AudioError, ConfigError
from timbrespace.library.catalogue import Catalogue
from timbrespace.library.similarity import Matrix

_BLOCK_SOUNDS = 1024
_LONGER = 1.05  # how much longer than a sound its duplicate may be, beside
_LONGER_S = 0.05
_ENVELOPE_LEVELS = 13  # mean difference of 255: 3 dB
_ROWS_AT_ONCE = 500

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Duplicates:
    """Sounds that are one.

    Attributes:
        kind: "file", copies of one file; "samples", other files with the same samples; "near",
            the same to the ear.
        ids: two or more, the one that was added first in front.
    """

    kind: str
    ids: tuple[int, ...]


def find_duplicates(
    catalogue: Catalogue, vectors: Matrix, *, least_cosine: float = 0.99
) -> list[Duplicates]:
    """All groups, copies of files first.

    Of each group only the first stands in groups of the later kinds. Near duplicates have vectors
    of at least `least_cosine`, envelopes within 3 dB and lengths within 5 %; a group holds all that
    are joined by such pairs. Files of near duplicates are decoded to tell whether samples are the
    same.

    Args:
        catalogue: of the library.
        vectors: unit vectors by slot; (slots, dimensions).
        least_cosine: of the vectors of near duplicates, above 0, at most 1.

    Raises:
        ConfigError: `least_cosine` is out of range.
    """
    if not 0 < least_cosine <= 1:
        raise ConfigError(f"least_cosine must be above 0 and at most 1, got {least_cosine:g}.")
    groups = _copies(catalogue)
    copied = {number for group in groups for number in group.ids[1:]}
    for ids in _near(catalogue, vectors, copied, least_cosine):
        same = _same_samples(catalogue, ids)
        groups += same
        repeated = {number for group in same for number in group.ids[1:]}
        left = tuple(number for number in ids if number not in repeated)
        if len(left) > 1:
            groups.append(Duplicates("near", left))
    kinds = ["file", "samples", "near"]
    return sorted(groups, key=lambda group: (kinds.index(group.kind), group.ids))


def _copies(catalogue: Catalogue) -> list[Duplicates]:
    rows = catalogue.execute(
        "SELECT json_group_array(id) FROM heard GROUP BY content_hash, start_s, duration_s "
        "HAVING count(*) > 1"
    )
    return [Duplicates("file", tuple(sorted(json.loads(ids)))) for (ids,) in rows]


def _near(
    catalogue: Catalogue, vectors: Matrix, copied: set[int], least_cosine: float
) -> Iterator[tuple[int, ...]]:
    rows = catalogue.execute("SELECT id, slot, duration_s FROM heard ORDER BY duration_s")
    kept = [row for row in rows if row[0] not in copied]
    if len(kept) < 2:
        return
    ids, slots = (np.array([row[column] for row in kept], np.int64) for column in (0, 1))
    durations = np.array([row[2] for row in kept])
    pairs = list(_alike(vectors, slots, durations, least_cosine))
    pairs = [_of_one_envelope(catalogue, ids, pair) for pair in pairs if len(pair)]
    joined = np.concatenate([np.empty((0, 2), np.int64), *pairs])
    graph = coo_array((np.ones(len(joined)), joined.T), shape=(len(ids), len(ids)))
    _, labels = connected_components(graph, directed=False)
    touched = np.unique(joined)
    members = defaultdict(list)
    for place in touched.tolist():
        members[labels[place]].append(int(ids[place]))
    yield from (tuple(sorted(group)) for group in members.values())


def _alike(
    vectors: Matrix, slots: Ids, durations: npt.NDArray[np.float64], least_cosine: float
) -> Iterator[Ids]:
    """Pairs of places whose lengths and vectors are alike; sounds stand in order of length."""
    for start in range(0, slots.size, _BLOCK_SOUNDS):
        stop = min(start + _BLOCK_SOUNDS, slots.size)
        block = vectors[slots[start:stop]].astype(np.float32)
        longest = durations[start:stop] * _LONGER + _LONGER_S
        reach = np.searchsorted(durations, longest, side="right")
        for first in range(start, int(reach[-1]), 16 * _BLOCK_SOUNDS):
            last = min(first + 16 * _BLOCK_SOUNDS, int(reach[-1]))
            cosine = block @ vectors[slots[first:last]].astype(np.float32).T
            one, other = np.nonzero(cosine >= least_cosine)
            pairs = np.stack([one + start, other + first], axis=1)
            yield pairs[(pairs[:, 1] > pairs[:, 0]) & (pairs[:, 1] < reach[one])]


def _of_one_envelope(catalogue: Catalogue, ids: Ids, pairs: Ids) -> Ids:
    """The pairs whose envelopes are alike."""
    numbers = ids[np.unique(pairs)].tolist()
    envelopes = {
        number: np.frombuffer(envelope or b"", np.uint8).astype(np.int16)
        for number, envelope in _rows(catalogue, "envelope", numbers)
    }
    alike = [
        bool(np.abs(envelopes[one] - envelopes[other]).mean() <= _ENVELOPE_LEVELS)
        for one, other in ids[pairs].tolist()
    ]
    kept: Ids = pairs[np.array(alike, bool)]
    return kept


def _same_samples(catalogue: Catalogue, ids: Sequence[int]) -> list[Duplicates]:
    """Groups among sounds whose samples are equal; one that cannot be read is in none."""
    by_content = defaultdict(list)
    for number, *place in _rows(catalogue, "path, start_s, duration_s", ids):
        try:
            by_content[_content(Path(place[0]), place[1], place[2])].append(number)
        except AudioError:
            continue
    found = (tuple(sorted(group)) for group in by_content.values() if len(group) > 1)
    return [Duplicates("samples", group) for group in found]


def _content(path: Path, start_s: float, duration_s: float) -> bytes:
    """Hash of the samples of a part of a file, whatever holds them."""
    info = audio_info(path)
    waveform = read_audio(
        path, sample_rate_hz=info.sample_rate_hz, start_s=start_s, duration_s=duration_s
    )
    form = f"{info.sample_rate_hz} {info.n_channels} {len(waveform)} "
    return hashlib.blake2b(form.encode() + waveform.tobytes(), digest_size=16).digest()


def _rows(catalogue: Catalogue, columns: str, ids: Iterable[int]) -> Iterator[tuple[Any, ...]]:
    wanted = list(ids)
    for first in range(0, len(wanted), _ROWS_AT_ONCE):
        yield from catalogue.execute(
            f"SELECT id, {columns} FROM heard WHERE id IN (SELECT value FROM json_each(?))",
            [json.dumps(wanted[first : first + _ROWS_AT_ONCE])],
        )
