"""Change the pitch of waveforms and keep their tempo, by a phase vocoder.

Comes in and goes out: (batch, samples), each item with a factor of its own. A spectrogram is read
at another speed while its phases go on as before; the longer or shorter sound that comes of it is
then played in the time that the waveform had. Source: Flanagan & Golden 1966, "Phase vocoder",
doi:10.1002/j.1538-7305.1966.tb01706.x.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from timbrespace.augment.effects import read_at


def pitch_shifted(waveform: Tensor, factor: Tensor, fft_samples: int = 1024) -> Tensor:
    """Multiply every frequency; (batch, samples).

    Args:
        waveform: (batch, samples), at least `fft_samples`.
        factor: of the frequencies, as 2 ** (1 / 12) for a semitone up; (batch,).
        fft_samples: length of a frame; four overlap.
    """
    longer = stretched(waveform, factor, fft_samples)
    time = torch.arange(waveform.shape[1], device=waveform.device, dtype=torch.float32)
    return read_at(longer, factor[:, None] * time)


def stretched(waveform: Tensor, factor: Tensor, fft_samples: int = 1024) -> Tensor:
    """Take `factor` times as long at the same pitch; (batch, samples of the longest).

    Args:
        waveform: (batch, samples), at least `fft_samples`.
        factor: of the duration; (batch,). An item past its end holds its last frame.
        fft_samples: length of a frame.
    """
    hop = fft_samples // 4
    window = torch.hann_window(fft_samples, device=waveform.device)
    spectrum = torch.stft(waveform, fft_samples, hop, window=window, return_complex=True)
    n_samples = round(waveform.shape[1] * float(factor.max()))
    place = torch.arange(n_samples // hop + 1, device=waveform.device) / factor[:, None]
    frames = _with_running_phase(*_read_frames(spectrum, place), first=spectrum[..., 0])
    result: Tensor = torch.istft(frames, fft_samples, hop, window=window, length=n_samples)
    return result


def _read_frames(spectrum: Tensor, place: Tensor) -> tuple[Tensor, Tensor]:
    """Magnitude between frames, and how far each bin turns from one frame to the next.

    Args:
        spectrum: (batch, bins, frames).
        place: where to read, in frames; (batch, n). Past the end, the last frame goes on.

    Returns:
        Two of (batch, bins, n), the second complex.
    """
    last = spectrum.shape[2] - 2
    left = place.long().clamp(max=last)[:, None].expand(-1, spectrum.shape[1], -1)
    now, then = spectrum.gather(2, left), spectrum.gather(2, left + 1)
    part = (place - place.long()).clamp(0, 1)[:, None]
    magnitude = now.abs() + part * (then.abs() - now.abs())
    return magnitude, torch.sgn(then * now.conj())


def _with_running_phase(magnitude: Tensor, turn: Tensor, *, first: Tensor) -> Tensor:
    """Frames whose phases go on from one to the next; (batch, bins, n) complex.

    A bin goes on from the sum of itself and its neighbours, which in a frame of a sine alternate in
    sign: so bins of one partial stay together.

    Source: Puckette 1995, "Phase-locked vocoder", doi:10.1109/ASPAA.1995.482995.
    """
    frames = [torch.polar(magnitude[..., 0], first.angle())]
    for number in range(1, magnitude.shape[2]):
        before = nn.functional.pad(frames[-1], (1, 1))
        locked = before[:, 1:-1] - before[:, :-2] - before[:, 2:]
        phase = torch.sgn(locked) * turn[..., number - 1]
        frames.append(magnitude[..., number] * phase)
    return torch.stack(frames, 2)
