import numpy as np
import pytest

from timbrespace.errors import ConfigError, InputError
from timbrespace.library.describing import describe
from timbrespace.models import keep_freed_memory

RATE_HZ = 44_100


def test_a_tone_is_described():
    time_s = np.arange(2 * RATE_HZ) / RATE_HZ
    tone = (0.5 * np.sin(2 * np.pi * 1_000 * time_s)).astype(np.float32)
    found = describe(tone, RATE_HZ)
    assert found.pitch_midi == pytest.approx(83.21, abs=0.01)
    assert found.pitch_confidence > 0.95
    assert found.peak_db == pytest.approx(-6.02, abs=0.01)
    assert found.loudness_lufs == pytest.approx(-9.03, abs=0.05)
    assert found.brightness_hz == pytest.approx(1_000, rel=0.02)
    assert found.noisiness < 0.01
    assert found.attack_s < 0.01
    assert (len(found.waveform), len(found.envelope)) == (256, 64)


def test_gain_moves_the_levels_only(rng):
    noise = (0.1 * rng.standard_normal(RATE_HZ)).astype(np.float32)
    loud, quiet = vars(describe(noise, RATE_HZ)), vars(describe(noise / 10, RATE_HZ))
    for name in ("loudness_lufs", "peak_db"):
        assert loud[name] - quiet[name] == pytest.approx(20, abs=1e-3)
    for name in ("pitch_confidence", "attack_s", "brightness_hz", "noisiness"):
        assert loud[name] == pytest.approx(quiet[name], rel=1e-3, abs=1e-3)


@pytest.mark.parametrize("n_samples", [1, 3, 100, 5_000])
def test_silence_and_shreds_have_what_they_have(n_samples):
    silent = describe(np.zeros(n_samples, np.float32), RATE_HZ)
    assert silent.loudness_lufs is silent.peak_db is silent.pitch_midi is None
    assert silent.attack_s is silent.brightness_hz is silent.noisiness is None
    shred = describe(np.full(n_samples, 0.5, np.float32), RATE_HZ)
    assert shred.peak_db == pytest.approx(-6.02, abs=0.01)


def test_what_is_no_sound_is_refused():
    for wrong in (np.zeros(0), np.array([np.nan]), np.zeros((3, 2))):
        with pytest.raises(InputError):
            describe(wrong.astype(np.float32), RATE_HZ)
    with pytest.raises(ConfigError, match="sample rate"):
        describe(np.zeros(10, np.float32), 1_000)


def test_descriptors_cost_no_more_than_decoding(rng):
    import time

    keep_freed_memory()
    sound = rng.standard_normal(2 * RATE_HZ).astype(np.float32)
    times_s = []
    for _ in range(20):
        begin = time.thread_time()
        describe(sound, RATE_HZ)
        times_s.append(time.thread_time() - begin)
    assert min(times_s) < 0.012  # 3 ms on a quiet machine; four times that on any
