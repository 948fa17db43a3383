"""The tagger: music in, the instruments that lead out.

Comes in: waveforms, or an audio file of any length, which is read block by block, so that memory
stays the same. Goes out: probabilities of each class, each from 0 to 1 by itself, for several
instruments may lead at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import torch

from timbrespace.audio import audio_blocks
from timbrespace.errors import ConfigError, InputError
from timbrespace.models.sounds import Sound, sound_waveform
from timbrespace.tagging.activity import Activity, Rates
from timbrespace.tagging.clips import Clip, clips_of
from timbrespace.tagging.timeline import Seconds

if TYPE_CHECKING:
    from timbrespace.tagging.network import TaggingNetwork

Waveform = npt.NDArray[np.float32]

_BATCH_CLIPS = 16
_SILENCE_DB = -50.0  # below the piece's loudest clip
_SHORTEST_HOP_S = 0.01
SILENT_PEAK = 2**-15  # one step of 16 bits


class Tagger:
    """A network, the classes that it tells, and from which probability on it says one.

    Args:
        network: in evaluation mode; where it is decides where all is computed.
        classes: names, in the order of the network's logits.
        thresholds: of each class, chosen on validation excerpts; (classes,). inf never says it.
        clip_s: length of what the network hears at once.

    Attributes:
        name: what people call it; travels with its files.
        card: its model card in Markdown, empty if it has none; travels with its files.

    Raises:
        ConfigError: classes, thresholds and logits differ in number, a threshold is none, or a clip
            has no length.
    """

    def __init__(
        self,
        network: TaggingNetwork,
        classes: Sequence[str],
        thresholds: npt.ArrayLike,
        *,
        clip_s: float = 1.0,
    ) -> None:
        self.network = network.eval()
        self.classes = tuple(classes)
        self.thresholds: Seconds = np.asarray(thresholds, np.float64)
        self.clip_s = clip_s
        self.sample_rate_hz = network.sample_rate_hz
        self.name, self.card = "unnamed", ""
        n_classes = network.n_classes
        if not len(self.classes) == len(set(self.classes)) == n_classes == len(self.thresholds):
            raise ConfigError(
                f"the network has {n_classes} classes; it needs as many names, each once, and "
                f"thresholds; got {len(self.classes)} and {len(self.thresholds)}."
            )
        if not (
            (self.thresholds >= 0) & ((self.thresholds <= 1) | np.isinf(self.thresholds))
        ).all():
            raise ConfigError(
                "thresholds must be from 0 to 1, or inf for a class that is never said; got "
                f"{self.thresholds.tolist()}."
            )
        if not clip_s > 0:
            raise ConfigError(f"clip_s must be above 0, got {clip_s:g}.")

    def probabilities(self, waveforms: Sequence[Waveform]) -> Rates:
        """Probabilities of each class in each clip.

        Args:
            waveforms: clips, each (samples,) with at least one, at `sample_rate_hz`, of any level:
                each is brought to one.

        Returns:
            (n_clips, n_classes) float32, 0 for a silent clip.

        Raises:
            InputError: a clip is empty, not one-dimensional, or holds NaN or infinite samples; or
                the network gives NaN.
        """
        rates = np.zeros((len(waveforms), len(self.classes)), np.float32)
        for number, waveform in enumerate(waveforms):
            if waveform.ndim != 1 or not len(waveform) or not np.isfinite(waveform).all():
                raise InputError(
                    f"clip {number} must be (samples,) of finite samples, with at least one; "
                    f"got shape {waveform.shape}."
                )
        heard = [k for k, waveform in enumerate(waveforms) if _peak(waveform) >= SILENT_PEAK]
        for first in range(0, len(heard), _BATCH_CLIPS):
            chosen = heard[first : first + _BATCH_CLIPS]
            rates[chosen] = self._batch([waveforms[k] for k in chosen])
        return rates

    def tag(
        self,
        sound: Sound,
        sample_rate_hz: int | None = None,
        *,
        hop_s: float | None = None,
        threshold: float | None = None,
        on_progress: Callable[[float], None] = lambda heard_s: None,
    ) -> Activity:
        """What leads in a sound, over time and as a whole.

        Args:
            sound: path of an audio file of any length, rate and number of channels, which is read
                block by block; or an array (samples,) or (samples, channels).
            sample_rate_hz: of the array; a file has its own.
            hop_s: from one clip's start to the next; None takes half a clip.
            threshold: for every class, instead of the tagger's own.
            on_progress: called with the seconds that are heard.

        Returns:
            A clip at least; one that is 50 dB below the loudest is silent, and has probability 0.

        Raises:
            AudioError: the file is missing or no audio, or a sound holds NaN or infinite samples.
            ConfigError: as `check_options`.
            InputError: it is no sound, an array comes without its rate or a file with one, or the
                network gives NaN.
        """
        self.check_options(hop_s, threshold)
        rate = self.sample_rate_hz
        hop = round(self.hop_s(hop_s) * rate)
        starts, peaks, parts, end = [], [], [np.zeros((0, len(self.classes)), np.float32)], 0
        for batch in _batches(self._clips(self._blocks(sound, sample_rate_hz), hop)):
            starts += [clip.start for clip in batch]
            peaks += [_peak(clip.waveform) for clip in batch]
            parts.append(self.probabilities([clip.waveform for clip in batch]))
            end = batch[-1].start + len(batch[-1].waveform)
            on_progress(end / rate)
        rates = np.concatenate(parts)
        loud = np.array(peaks) >= max(peaks) * 10 ** (_SILENCE_DB / 20)
        return Activity(
            times_s=np.array(starts) / rate,
            probabilities=rates * loud[:, None],
            classes=self.classes,
            thresholds=self.thresholds
            if threshold is None
            else np.full(len(self.classes), threshold),
            clip_s=self.clip_s,
            hop_s=hop / rate,
            duration_s=end / rate,
        )

    def check_options(self, hop_s: float | None, threshold: float | None) -> None:
        """Check what `tag` is to be asked for, before long work.

        Raises:
            ConfigError: the hop is not from 0.01 s to a clip, or the threshold not from 0 to 1.
        """
        hop_s = self.hop_s(hop_s)
        if not _SHORTEST_HOP_S <= hop_s <= self.clip_s:
            raise ConfigError(
                f"hop_s must be from {_SHORTEST_HOP_S:g} to {self.clip_s:g}, got {hop_s:g}."
            )
        if threshold is not None and not 0 <= threshold <= 1:
            raise ConfigError(f"threshold must be from 0 to 1, got {threshold:g}.")

    def hop_s(self, asked_s: float | None) -> float:
        """From one clip's start to the next: what is asked for, or half a clip."""
        return self.clip_s / 2 if asked_s is None else asked_s

    def _blocks(self, sound: Sound, rate_hz: int | None) -> Iterator[Waveform]:
        if not isinstance(sound, str | Path):
            return iter([sound_waveform(sound, rate_hz, self.sample_rate_hz)])
        if rate_hz is not None:
            raise InputError("sample_rate_hz is for arrays; a file has its own, leave it out.")
        return _ahead(audio_blocks(Path(sound), sample_rate_hz=self.sample_rate_hz))

    def _clips(self, blocks: Iterator[Waveform], hop_samples: int) -> Iterator[Clip]:
        clip_samples = max(1, round(self.clip_s * self.sample_rate_hz))
        return clips_of(blocks, clip_samples=clip_samples, hop_samples=hop_samples)

    def _batch(self, waveforms: Sequence[Waveform]) -> Rates:
        lengths = [len(waveform) for waveform in waveforms]
        padded = np.zeros((len(waveforms), max(lengths)), np.float32)
        for row, waveform in zip(padded, waveforms, strict=True):
            row[: len(waveform)] = waveform / np.abs(waveform).max()  # its energy stays finite
        device = next(self.network.parameters()).device
        n_samples = None if min(lengths) == max(lengths) else torch.tensor(lengths, device=device)
        with torch.inference_mode():
            logits = self.network(torch.from_numpy(padded).to(device), n_samples)
            rates = np.asarray(logits.float().sigmoid().cpu().numpy())
        if np.isnan(rates).any():
            raise InputError(f"tagger {self.name!r} gives NaN: its weights are bad; train it anew.")
        return rates


def _peak(waveform: Waveform) -> float:
    """Half the way from the lowest sample to the highest, so that a constant offset is silent."""
    return (float(waveform.max()) - float(waveform.min())) / 2


def _ahead(blocks: Iterator[Waveform]) -> Iterator[Waveform]:
    """The same blocks, each decoded while the one before it is in use."""
    with ThreadPoolExecutor(1) as thread:
        coming = thread.submit(next, blocks, None)
        while (block := coming.result()) is not None:
            coming = thread.submit(next, blocks, None)
            yield block


def _batches(clips: Iterator[Clip]) -> Iterator[list[Clip]]:
    batch: list[Clip] = []
    for clip in clips:
        batch.append(clip)
        if len(batch) == _BATCH_CLIPS:
            yield batch
            batch = []
    if batch:
        yield batch
