"""Waveforms to mel frames under per-channel energy normalisation (PCEN).

Each band is divided by its own recent past, an automatic gain control, and compressed by a root
that starts in the origin: what is steady fades, onsets stand out, silence gives 0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from timbrespace.errors import ConfigError
from timbrespace.models.frontends.mel_bands import MelBands
from timbrespace.models.frontends.scales import MelScale

_BLOCK_FRAMES = 64
_MOST_CONSTANTS = 8
_SHORTEST_CONSTANT_S = 1e-3
_SMALLEST = 1e-20  # what float32 can still divide by


class PCEN(MelBands):
    """Power E in mel bands, over its smoothed past M.

    y = (E / (epsilon + M)^alpha + delta)^r - delta^r
    M = sum over k of mix[k] M_k, M_k[t] = (1 - s[k]) M_k[t - 1] + s[k] E[t], M_k[0] = E[0]
    s[k] = 1 - exp(-hop / time_constant[k])

    Each band learns its own alpha and r in (0, 1), delta above 0, and mix, which sums to 1. Gain
    changes M as it changes E: with alpha near 1 it nearly cancels.

    Args:
        sample_rate_hz: rate of the waveforms.
        n_bands: mel bands.
        fft_samples: length of a frame, windowed by Hann.
        hop_samples: from one frame to the next.
        min_hz: where the lowest band starts.
        max_hz: where the highest band ends; at most half the sample rate.
        mel_scale: "slaney" (linear up to 1 kHz) or "htk".
        time_constants_s: of the smoothers, up to 8, mixed equally before training; 0.4 s is the
            published one, 0.06 s follows an attack.
        alpha: strength of the gain control before training; in (0, 1). Near 1 levels out what
            makes one band steadily louder than another, the spectral envelope.
        delta: what the root starts from, before training; > 0.
        r: exponent of the root before training; in (0, 1).
        epsilon: power, against a full-scale sine's, below which a band counts as silent; > 0.
        learnable: False keeps alpha, delta, r and mix as they are.

    Raises:
        ConfigError: as `MelBands`; or a setting of the normalisation is out of range.

    Source: Wang et al. 2017, arXiv:1607.05666; Lostanlen et al. 2019,
    doi:10.1109/LSP.2018.2878620.
    """

    def __init__(
        self,
        *,
        sample_rate_hz: int = 16_000,
        n_bands: int = 80,
        fft_samples: int = 1024,
        hop_samples: int = 192,
        min_hz: float = 30.0,
        max_hz: float = 8_000.0,
        mel_scale: MelScale = "slaney",
        time_constants_s: Sequence[float] = (0.06, 0.4),
        alpha: float = 0.98,
        delta: float = 2.0,
        r: float = 0.5,
        epsilon: float = 1e-6,
        learnable: bool = True,
    ) -> None:
        super().__init__(
            sample_rate_hz=sample_rate_hz,
            n_bands=n_bands,
            fft_samples=fft_samples,
            hop_samples=hop_samples,
            min_hz=min_hz,
            max_hz=max_hz,
            mel_scale=mel_scale,
        )
        _check(time_constants_s, alpha=alpha, r=r, delta=delta, epsilon=epsilon)
        self.time_constants_s = list(time_constants_s)
        self.alpha = alpha
        self.delta = delta
        self.r = r
        self.epsilon = epsilon
        self.learnable = learnable
        self.alpha_logit = nn.Parameter(torch.full((n_bands,), _logit(alpha)))
        self.log_delta = nn.Parameter(torch.full((n_bands,), math.log(delta)))
        self.r_logit = nn.Parameter(torch.full((n_bands,), _logit(r)))
        self.mix_logits = nn.Parameter(torch.zeros(n_bands, len(time_constants_s)))
        self.requires_grad_(learnable)

    def forward(
        self, waveform: Tensor, n_samples: Tensor | None = None
    ) -> tuple[Tensor, Tensor | None]:
        """Frames (batch, frames, n_bands), >= 0, and their counts."""
        power, n_frames = self.power(waveform, n_samples)
        past = self._past(power)
        controlled = power * (-self.alpha_logit.sigmoid() * (self.epsilon + past).log()).exp()
        return root_above(controlled, self.log_delta, self.r_logit.sigmoid()), n_frames

    def _past(self, power: Tensor) -> Tensor:
        """M of E."""
        rates = [self.hop_samples / self.sample_rate_hz / each for each in self.time_constants_s]
        smoothers = torch.stack([smoothed(power, rate) for rate in rates], 3)
        return (smoothers * self.mix_logits.softmax(1)).sum(3)


def root_above(controlled: Tensor, log_delta: Tensor, r: Tensor) -> Tensor:
    """(controlled + delta)^r - delta^r, written so that small values keep their digits.

    Example:
        >>> root_above(torch.tensor([0.0, 5.0]), torch.tensor(4.0).log(), torch.tensor(0.5))
        tensor([0.0000, 1.0000])
    """
    rise = (r * (controlled * (-log_delta).exp()).log1p()).expm1()
    return (r * log_delta).exp() * rise


def smoothed(power: Tensor, rate: float) -> Tensor:
    """First-order smoother: M[t] = (1 - s) M[t - 1] + s E[t], M[0] = E[0], s = 1 - exp(-rate).

    No loop over frames: within blocks of frames, and then over the blocks' ends, the recursion is a
    product with a matrix. As nothing in it is negative, no digit is lost however far powers lie
    apart, and time and memory grow with the frames, not with their square.

    Args:
        power: E, >= 0; (batch, frames, bands).
        rate: frames in a time constant, inverted; > 0.

    Returns:
        M, of the shape of E.

    Example:
        >>> smoothed(torch.tensor([[[4.0], [0.0], [1.0]]]), math.log(2))[0, :, 0]
        tensor([4.0000, 2.0000, 1.5000])
    """
    n_items, n_frames, n_bands = power.shape
    # M[-1] = E[0] ends a block of its own: never is there one block only, which an export would fix
    fresh = torch.cat([power[:, :1], -math.expm1(-rate) * power], 1)
    padded = nn.functional.pad(fresh, (0, 0, _BLOCK_FRAMES - 1, -n_frames % _BLOCK_FRAMES))
    blocks = padded.view(n_items, -1, _BLOCK_FRAMES, n_bands)
    decays = _decays(power, _BLOCK_FRAMES, rate)
    inside = decays @ blocks
    at_ends = _decays(power, blocks.shape[1], rate * _BLOCK_FRAMES) @ inside[:, :, -1]
    at_starts = nn.functional.pad(at_ends[:, :-1], (0, 0, 1, 0))
    left = math.exp(-rate) * decays[:, :1]
    whole = (inside + left * at_starts[:, :, None]).view(padded.shape)
    return whole[:, _BLOCK_FRAMES:][:, :n_frames]


def _decays(power: Tensor, n_frames: int, rate: float) -> Tensor:
    """What is left in frame t of frame u, exp(-rate (t - u)), 0 before it; (t, u)."""
    frame = torch.arange(n_frames, dtype=power.dtype, device=power.device)
    return (-rate * (frame[:, None] - frame).clamp(min=0)).exp().tril()


def _check(
    time_constants_s: Sequence[float], *, alpha: float, r: float, delta: float, epsilon: float
) -> None:
    count = len(time_constants_s)
    if not 1 <= count <= _MOST_CONSTANTS or not min(time_constants_s) >= _SHORTEST_CONSTANT_S:
        raise ConfigError(
            f"time_constants_s must be 1 to {_MOST_CONSTANTS} numbers of {_SHORTEST_CONSTANT_S:g} "
            f"or more, got {list(time_constants_s)!r:.200}."
        )
    for name, share in (("alpha", alpha), ("r", r)):
        if not 0 < share < 1:
            raise ConfigError(f"{name} must be above 0 and below 1, got {share:g}.")
    for name, value in (("delta", delta), ("epsilon", epsilon)):
        if not value >= _SMALLEST:
            raise ConfigError(f"{name} must be {_SMALLEST:g} or more, got {value:g}.")


def _logit(share: float) -> float:
    return math.log(share / (1 - share))
