"""Writes real, tiny SoundFonts: each preset is one looped wave cycle over a range of keys."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

SAMPLE_RATE_HZ, CYCLE, ROOT_PITCH = 44_000, 100, 69  # 440 Hz
_N_CYCLES = 10
_BREATH_TO_LOUDNESS = (0x0582, 48, 960, 0, 0)
_TIME = np.arange(CYCLE) / CYCLE
SINE = np.sin(2 * np.pi * _TIME)
SAW = 2 * _TIME - 1
SQUARE = np.sign(SINE)
NOTHING = np.zeros(CYCLE)


@dataclass(frozen=True, kw_only=True)
class Sound:
    """A preset of the SoundFont to write."""

    name: str
    program: int
    cycle: np.ndarray
    bank: int = 0
    keys: tuple[int, int] = (0, 127)
    level: float = 0.5
    pan: int = 0  # -500 left to 500 right
    delay: int = -12_000  # of the volume envelope, in timecents
    breath: bool = False


def write_soundfont(path: Path, sounds: Sequence[Sound]) -> Path:
    """Write the SoundFont and return its path."""
    info = _list(b"INFO", [_chunk(b"ifil", struct.pack("<HH", 2, 1)), _chunk(b"INAM", b"tiny\0\0")])
    wave = np.concatenate([_wave(sound) for sound in sounds])
    samples = _list(b"sdta", [_chunk(b"smpl", wave.astype("<i2").tobytes())])
    tables = _list(b"pdta", [_chunk(name, body) for name, body in _tables(sounds).items()])
    content = b"sfbk" + info + samples + tables
    path.write_bytes(b"RIFF" + struct.pack("<I", len(content)) + content)
    return path


def _tables(sounds: Sequence[Sound]) -> dict[bytes, bytes]:
    n = len(sounds)
    span = _N_CYCLES * CYCLE + 46
    phdr, inst, shdr, igen, imod, ibag = b"", b"", b"", b"", b"", b""
    n_generators = n_modulators = 0
    for i, sound in enumerate(sounds):
        name = sound.name.encode()
        phdr += struct.pack("<20sHHHIII", name, sound.program, sound.bank, i, 0, 0, 0)
        inst += struct.pack("<20sH", name, i)
        ibag += struct.pack("<HH", n_generators, n_modulators)
        generators = [(43, sound.keys[0] | sound.keys[1] << 8), (17, sound.pan & 0xFFFF)]
        generators += [(33, sound.delay & 0xFFFF), (54, 1), (53, i)]
        igen += b"".join(struct.pack("<HH", *generator) for generator in generators)
        n_generators += len(generators)
        if sound.breath:
            imod += struct.pack("<HHhHH", *_BREATH_TO_LOUDNESS)
            n_modulators += 1
        start, end = i * span, i * span + _N_CYCLES * CYCLE
        places = (start, end, start + CYCLE, end - CYCLE, SAMPLE_RATE_HZ)
        shdr += struct.pack("<20sIIIIIBbHH", name, *places, ROOT_PITCH, 0, 0, 1)
    return {
        b"phdr": phdr + struct.pack("<20sHHHIII", b"EOP", 0, 0, n, 0, 0, 0),
        b"pbag": b"".join(struct.pack("<HH", i, 0) for i in range(n + 1)),
        b"pmod": bytes(10),
        b"pgen": b"".join(struct.pack("<HH", 41, i) for i in range(n)) + bytes(4),
        b"inst": inst + struct.pack("<20sH", b"EOI", n),
        b"ibag": ibag + struct.pack("<HH", n_generators, n_modulators),
        b"imod": imod + bytes(10),
        b"igen": igen + bytes(4),
        b"shdr": shdr + struct.pack("<20s26x", b"EOS"),
    }


def _wave(sound: Sound) -> np.ndarray:
    cycles = np.tile(sound.cycle * sound.level * 32_767, _N_CYCLES)
    return np.concatenate([cycles, np.zeros(46)]).round()


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)


def _list(name: bytes, chunks: Sequence[bytes]) -> bytes:
    return _chunk(b"LIST", name + b"".join(chunks))
