"""Random effects on training examples, each with its own probability.

Comes in: a batch of waveforms, settings and a random generator. Goes out: a batch of the same
shape. The same generator state gives the same batch on the same device.

`equaliser`, `room`, `band_limit`, `noise`, `compressor` and `codec` imitate how a sound was
recorded; `vibrato` and `dynamics` how a note was played; `delay` and `pitch_shift` are a studio's.
`gain` is for front ends that hear absolute levels: one that hears them relative to each sound's
loudest part does not notice it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

import numpy as np
import torch
from torch import Tensor

from timbrespace.augment.effects import (
    band_limit,
    coded,
    compressed,
    echoed,
    equaliser_db,
    filtered,
    played,
    room_impulse,
    vibrato,
    with_noise,
)
from timbrespace.augment.pitch import pitch_shifted
from timbrespace.errors import ConfigError

_N_BELLS = 3
_POINTS = 513
_ROOM_S = 0.4
_ENVELOPE_S = 0.02
_KNOTS_PER_S = 3


@dataclass(frozen=True, kw_only=True)
class Augmentation:
    """Share of the examples that each effect changes, 0 to 1.

    Attributes:
        equaliser: up to 4 dB per octave of tilt, and three bells of some 6 dB.
        room: decays of 0.1 to 1 s, from 25 dB below the direct sound to 3 dB above it.
        band_limit: what lies below 20 to 300 Hz and above 2.5 to 8 kHz is taken out.
        noise: white to brown, 10 to 60 dB below the sound.
        compressor: takes off a tenth to a half of the envelope's range in dB.
        codec: drops what is 25 to 50 dB below the loudest bin of its frame.
        vibrato: 4 to 7 swings a second of up to 50 cents, and a pitch off by up to 50 cents.
        dynamics: gains of some 5 dB that change within a third of a second, and an attack of up
            to 0.1 s.
        gain: -20 to 0 dB.
        delay: an echo after 0.05 to 0.5 s, 3 to 12 dB below the sound.
        pitch_shift: up to two semitones up or down, at the same tempo.
    """

    equaliser: float = 0.0
    room: float = 0.0
    band_limit: float = 0.0
    noise: float = 0.0
    compressor: float = 0.0
    codec: float = 0.0
    vibrato: float = 0.0
    dynamics: float = 0.0
    gain: float = 0.0
    delay: float = 0.0
    pitch_shift: float = 0.0

    def __post_init__(self) -> None:
        """Check the ranges."""
        for field in fields(self):
            share = getattr(self, field.name)
            if not 0 <= share <= 1:
                raise ConfigError(f"augmentation.{field.name} must be in [0, 1], got {share:g}.")

    def __call__(
        self, waveform: Tensor, *, sample_rate_hz: int, rng: np.random.Generator
    ) -> Tensor:
        """Change a batch; (batch, samples) float32 on its device."""
        draw = _Draw(rng, waveform, sample_rate_hz)
        for share, effect in (
            (self.vibrato, _vibrato),
            (self.dynamics, _dynamics),
            (self.compressor, _compressor),
            (self.equaliser, _equaliser),
            (self.room, _room),
            (self.noise, _noise),
            (self.band_limit, _band_limit),
            (self.codec, _codec),
            (self.gain, _gain),
            (self.delay, _delay),
            (self.pitch_shift, _pitch_shift),
        ):
            chosen = draw.chosen(share)
            if len(chosen):
                waveform = waveform.index_copy(0, chosen, effect(waveform[chosen], draw))
        return waveform


@dataclass(frozen=True)
class _Draw:
    """Random parameters on the waveform's device."""

    rng: np.random.Generator
    like: Tensor
    rate: int

    def chosen(self, share: float) -> Tensor:
        """Numbers of the items that are changed."""
        items = np.flatnonzero(self.rng.random(len(self.like)) < share)
        return torch.from_numpy(items).to(self.like.device)

    def uniform(self, low: float, high: float, *shape: int) -> Tensor:
        return self._sent(self.rng.uniform(low, high, shape))

    def log_uniform(self, low: float, high: float, *shape: int) -> Tensor:
        return self._sent(np.exp(self.rng.uniform(math.log(low), math.log(high), shape)))

    def normal(self, deviation: float, *shape: int) -> Tensor:
        return self._sent(deviation * self.rng.standard_normal(shape))

    def noise(self, *shape: int) -> Tensor:
        """White, drawn on the device."""
        generator = torch.Generator(self.like.device)
        generator.manual_seed(int(self.rng.integers(2**63)))
        return torch.randn(shape, generator=generator, device=self.like.device)

    def frequencies_hz(self) -> Tensor:
        return torch.linspace(0, self.rate / 2, _POINTS, device=self.like.device)

    def _sent(self, values: np.ndarray) -> Tensor:
        return torch.from_numpy(values.astype(np.float32)).to(self.like.device)


def _equaliser(waveform: Tensor, draw: _Draw) -> Tensor:
    n = len(waveform)
    bells = torch.stack(
        [
            draw.normal(6.0, n, _N_BELLS),
            draw.uniform(-4.0, 3.0, n, _N_BELLS),
            draw.log_uniform(0.3, 1.5, n, _N_BELLS),
        ],
        dim=2,
    )
    gain_db = equaliser_db(draw.frequencies_hz(), draw.uniform(-4.0, 4.0, n), bells)
    return filtered(waveform, 10 ** (gain_db.clamp(-24.0, 24.0) / 20))


def _room(waveform: Tensor, draw: _Draw) -> Tensor:
    n = len(waveform)
    impulse = room_impulse(
        draw.noise(n, round(_ROOM_S * draw.rate)),
        draw.log_uniform(0.1, 1.0, n),
        draw.uniform(-25.0, 3.0, n),
        draw.rate,
    )
    return filtered(waveform, torch.ones(n, 2, device=waveform.device), impulse)


def _band_limit(waveform: Tensor, draw: _Draw) -> Tensor:
    n = len(waveform)
    low_hz, high_hz = draw.log_uniform(20.0, 300.0, n), draw.log_uniform(2_500.0, 8_000.0, n)
    return filtered(waveform, band_limit(draw.frequencies_hz(), low_hz, high_hz))


def _noise(waveform: Tensor, draw: _Draw) -> Tensor:
    n = len(waveform)
    return with_noise(
        waveform, draw.noise(*waveform.shape), draw.uniform(0.0, 2.0, n), draw.uniform(10, 60, n)
    )


def _compressor(waveform: Tensor, draw: _Draw) -> Tensor:
    return compressed(
        waveform, draw.uniform(0.1, 0.5, len(waveform)), round(_ENVELOPE_S * draw.rate)
    )


def _codec(waveform: Tensor, draw: _Draw) -> Tensor:
    return coded(waveform, draw.uniform(25.0, 50.0, len(waveform)))


def _vibrato(waveform: Tensor, draw: _Draw) -> Tensor:
    n = len(waveform)
    return vibrato(
        waveform,
        2 ** draw.uniform(-1 / 24, 1 / 24, n),
        draw.uniform(4.0, 7.0, n),
        draw.uniform(0.0, 0.029, n),  # 50 cents
        draw.uniform(0.0, 2 * math.pi, n),
        draw.rate,
    )


def _dynamics(waveform: Tensor, draw: _Draw) -> Tensor:
    n, seconds = len(waveform), waveform.shape[1] / draw.rate
    knots_db = draw.normal(5.0, n, max(2, round(_KNOTS_PER_S * seconds)))
    return played(waveform, knots_db, draw.log_uniform(0.001, 0.1, n) * draw.rate)


def _gain(waveform: Tensor, draw: _Draw) -> Tensor:
    return waveform * 10 ** (draw.uniform(-20.0, 0.0, len(waveform)) / 20)[:, None]


def _delay(waveform: Tensor, draw: _Draw) -> Tensor:
    n = len(waveform)
    delay_samples = (draw.uniform(0.05, 0.5, n) * draw.rate).long()
    return echoed(waveform, delay_samples, 10 ** (draw.uniform(-12.0, -3.0, n) / 20))


def _pitch_shift(waveform: Tensor, draw: _Draw) -> Tensor:
    return pitch_shifted(waveform, 2 ** draw.uniform(-1 / 6, 1 / 6, len(waveform)))
