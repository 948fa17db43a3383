"""An encoder brought nearer to recordings, in closed form and without its training notes.

Comes in: an encoder whose last layer is linear discriminants (a recipe with `refit`), and
recordings whose instruments are known. Goes out: the same encoder with another last layer. Rooms,
microphones and ways of playing move all recordings away from rendered notes, and spread each
instrument in directions that rendered notes do not know. The layer takes back part of the first and
makes the second small.

Source: mean and within-class covariance of a new domain, as in Alam, Bhattacharya & Kenny 2018,
"Speaker verification in mismatched conditions with frustratingly easy domain adaptation", Odyssey,
doi:10.21437/Odyssey.2018-25; Hatch, Kajarekar & Stolcke 2006, "Within-class covariance
normalization for SVM-based speaker recognition", Interspeech.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import torch

from timbrespace.audio import read_notes
from timbrespace.errors import AudioError, ConfigError, InputError
from timbrespace.models import Encoder, raw_embeddings
from timbrespace.training.refit import set_last_layer

Embeddings = npt.NDArray[np.float32]
Labels = npt.NDArray[np.str_]
Map = tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]

_PART_ROWS = 64


@dataclass(frozen=True, kw_only=True)
class Adaptation:
    """How far the recordings count.

    Attributes:
        centre: how far the middle of all embeddings moves to that of the recordings, 0 to 1.
        spread: share of the recordings in how instruments spread; the rest is the encoder's own.
    """

    centre: float = 0.75
    spread: float = 0.3

    def __post_init__(self) -> None:
        """Check the ranges."""
        if not (0 <= self.centre <= 1 and 0 <= self.spread < 1):
            raise ConfigError(
                "adaptation needs 0 <= centre <= 1 and 0 <= spread < 1, got "
                f"{self.centre:g} and {self.spread:g}."
            )


@dataclass(frozen=True)
class Recordings:
    """Recordings as an encoder gives them before they are brought to unit length.

    Attributes:
        embeddings: (n, dimensions).
        instruments: the name of each one's instrument; (n,).
        problems: one line for each sound that could not be read.
    """

    embeddings: Embeddings
    instruments: Labels
    problems: list[str]


def embed_recordings(
    encoder: Encoder,
    manifest: pa.Table,
    *,
    on_progress: Callable[[int], None] = lambda done: None,
) -> Recordings:
    """Embed the rows that name an instrument; of a long sound its first ten seconds.

    Args:
        encoder: in evaluation mode.
        manifest: rows to hear.
        on_progress: called with the number of rows that are done.

    Raises:
        InputError: no sound with an instrument could be read.
    """
    rows = manifest.filter(manifest["instrument"].is_valid())
    parts: list[Embeddings] = []
    instruments: list[str] = []
    problems: list[str] = []
    n_done = 0
    for part, notes in read_notes(
        rows, part_rows=_PART_ROWS, sample_rate_hz=encoder.sample_rate_hz
    ):
        names = part["instrument"].to_pylist()
        pairs = list(zip(names, notes, strict=True))
        heard = [(name, note) for name, note in pairs if not isinstance(note, AudioError)]
        problems += [str(note) for note in notes if isinstance(note, AudioError)]
        if heard:
            parts.append(raw_embeddings(encoder, [note for _, note in heard]))
            instruments += [name for name, _ in heard]
        n_done += part.num_rows
        on_progress(n_done)
    if not parts:
        raise InputError(
            f"adapting needs sounds with an instrument: {rows.num_rows} rows name one, none of "
            "them could be read."
        )
    return Recordings(np.concatenate(parts), np.array(instruments), problems)


def adapting_map(embeddings: Embeddings, instruments: Labels, adaptation: Adaptation) -> Map:
    """What moves and turns embeddings: adapted = (embedding - centre) @ turning.

    Args:
        embeddings: of recordings, not of unit length; (n, dimensions).
        instruments: the name of each one's instrument; (n,).
        adaptation: how far they count.

    Returns:
        centre (dimensions,) and turning (dimensions, dimensions), symmetric; float64. Every
        instrument counts alike.

    Raises:
        InputError: fewer than two instruments have two sounds.
    """
    names = np.unique(instruments)
    parts = [embeddings[instruments == name].astype(np.float64) for name in names]
    parts = [part for part in parts if len(part) > 1]
    if len(parts) < 2:
        raise InputError(
            f"adapting needs at least two instruments with two sounds each, got {len(parts)} such."
        )
    centre = adaptation.centre * np.mean([part.mean(0) for part in parts], axis=0)
    within = np.mean([np.cov(part.T) for part in parts], axis=0)
    size = len(within)
    within *= size / max(np.trace(within), np.finfo(np.float64).tiny)
    mixed = (1 - adaptation.spread) * np.eye(size) + adaptation.spread * within
    variances, axes = np.linalg.eigh(mixed)
    return centre, (axes / np.sqrt(variances)) @ axes.T


def adapt_encoder(encoder: Encoder, recordings: Recordings, adaptation: Adaptation) -> None:
    """Put the adapting map of recordings behind the encoder's last layer.

    Args:
        encoder: is changed.
        recordings: by this encoder.
        adaptation: how far they count.

    Raises:
        InputError: as `adapting_map`.
    """
    centre, turning = adapting_map(recordings.embeddings, recordings.instruments, adaptation)
    norm, layer = encoder.normalisation, encoder.embedding
    with torch.no_grad():
        gain = norm.weight / (norm.get_buffer("running_var") + norm.eps).sqrt()
        shift = norm.bias - gain * norm.get_buffer("running_mean")
        weight = (gain[:, None] * layer.weight).double().cpu()
        bias = (gain * layer.bias + shift).double().cpu()
        turned = torch.from_numpy(turning)
        moved = bias - torch.from_numpy(centre)
        set_last_layer(encoder, turned @ weight, moved @ turned)
