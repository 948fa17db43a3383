import os

import numpy as np
import pytest
import soundfile

from timbrespace.audio import audio_blocks, audio_info, find_audio_files, read_audio
from timbrespace.errors import AudioError, InputError


def tone(rate, *, seconds=1.0, hz=440.0, channels=1):
    wave = 0.5 * np.sin(2 * np.pi * hz * np.arange(round(rate * seconds)) / rate)
    return np.repeat(wave[:, None], channels, axis=1) if channels > 1 else wave


def dominant_hz(waveform, rate):
    spectrum = np.abs(np.fft.rfft(waveform * np.hanning(len(waveform))))
    return np.argmax(spectrum) * rate / len(waveform)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.wav", {}),
        ("a.flac", {}),
        ("a.ogg", {}),
        ("a.mp3", {}),
        ("a.aiff", {}),
        ("eight.wav", {"subtype": "PCM_U8"}),
        ("twentyfour.wav", {"subtype": "PCM_24"}),
        ("float.wav", {"subtype": "FLOAT"}),
        ("double.wav", {"subtype": "DOUBLE"}),
        ("mulaw.wav", {"subtype": "ULAW"}),
    ],
)
def test_each_format_gives_the_tone_back(tmp_path, name, options):
    path = tmp_path / name
    soundfile.write(path, tone(44_100), 44_100, **options)
    waveform = read_audio(path, sample_rate_hz=16_000)
    assert waveform.dtype == np.float32
    assert abs(len(waveform) - 16_000) <= 1200  # an MP3 may carry its encoder's padding
    assert dominant_hz(waveform, 16_000) == pytest.approx(440, abs=2)  # one bin is 1 Hz
    # 8-bit and mu-law round to 1/128, lossy coders change the wave a little
    assert np.sqrt(np.mean(waveform[2000:12_000] ** 2)) == pytest.approx(0.5 / np.sqrt(2), rel=0.03)


@pytest.mark.parametrize("rate", [8_000, 11_127, 22_050, 48_000, 96_000, 192_000])
def test_each_rate_gives_the_tone_back(tmp_path, rate):
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(rate), rate)
    waveform = read_audio(path, sample_rate_hz=16_000)
    assert abs(len(waveform) - 16_000) <= 1
    expected = tone(16_000)[: len(waveform)]
    middle = slice(1000, 15_000)
    np.testing.assert_allclose(waveform[middle], expected[middle], atol=2e-4)  # 16-bit file + soxr


def test_six_channels_are_averaged(tmp_path):
    path = tmp_path / "a.wav"
    channels = np.outer(tone(16_000), [1, 1, 1, 0, 0, 0])
    soundfile.write(path, channels, 16_000, subtype="FLOAT")
    waveform = read_audio(path, sample_rate_hz=16_000)
    np.testing.assert_allclose(waveform, tone(16_000) / 2, atol=1e-6)  # float32 rounding
    assert audio_info(path).n_channels == 6


@pytest.mark.parametrize("rate", [16_000, 44_100, 48_000, 11_025])
@pytest.mark.parametrize(("start_s", "duration_s"), [(0.0, 0.5), (1.234, 0.777), (2.9, 5.0)])
def test_a_part_equals_that_part_of_the_whole(tmp_path, rng, rate, start_s, duration_s):
    path = tmp_path / "a.wav"
    soundfile.write(path, rng.uniform(-0.5, 0.5, 3 * rate), rate)
    whole = read_audio(path, sample_rate_hz=16_000)
    part = read_audio(path, sample_rate_hz=16_000, start_s=start_s, duration_s=duration_s)
    first = round(start_s * 16_000)
    expected = whole[first : first + round(duration_s * 16_000)]
    np.testing.assert_allclose(part, expected, atol=1e-4)  # resampler's filter cut at the margin


def test_only_the_wanted_part_is_decoded(tmp_path):
    path = tmp_path / "a.wav"
    wave = tone(16_000, seconds=10).astype(np.float32)
    wave[120_000:] = np.nan
    soundfile.write(path, wave, 16_000, subtype="FLOAT")
    assert len(read_audio(path, sample_rate_hz=16_000, duration_s=2.0)) == 32_000


def test_a_name_that_lies_about_the_format_does_no_harm(tmp_path):
    path = tmp_path / "really_flac.mp3"
    soundfile.write(path, tone(16_000), 16_000, format="FLAC")
    assert len(read_audio(path, sample_rate_hz=16_000)) == 16_000


def test_one_sample_is_a_sound(tmp_path):
    path = tmp_path / "a.wav"
    soundfile.write(path, np.array([0.5]), 16_000, subtype="FLOAT")
    np.testing.assert_array_equal(read_audio(path, sample_rate_hz=16_000), np.float32([0.5]))


def test_silence_is_read_as_silence(tmp_path):
    path = tmp_path / "a.wav"
    soundfile.write(path, np.zeros(100), 8_000)
    assert not read_audio(path, sample_rate_hz=16_000).any()


def test_a_truncated_wav_gives_what_is_left(tmp_path):
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(16_000), 16_000)
    path.write_bytes(path.read_bytes()[:16_044])
    waveform = read_audio(path, sample_rate_hz=16_000)
    np.testing.assert_allclose(waveform, tone(16_000)[:8_000], atol=1e-4)  # 16-bit rounding


def write_half(path):
    soundfile.write(path, tone(44_100, seconds=4), 44_100)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def test_a_truncated_mp3_gives_its_start(tmp_path):
    path = tmp_path / "a.mp3"
    write_half(path)
    waveform = read_audio(path, sample_rate_hz=16_000)
    assert 16_000 < len(waveform) < 3 * 16_000
    assert dominant_hz(waveform[:16_000], 16_000) == pytest.approx(440, abs=2)


@pytest.mark.parametrize("name", ["a.flac", "a.ogg"])
def test_a_truncated_flac_or_ogg_is_an_error(tmp_path, name):
    write_half(tmp_path / name)
    with pytest.raises(AudioError, match=rf"{name}: (is broken or cut off|has no samples)"):
        read_audio(tmp_path / name, sample_rate_hz=16_000)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_samples_that_are_not_finite_are_an_error(tmp_path, value):
    path = tmp_path / "a.wav"
    wave = tone(16_000).astype(np.float32)
    wave[100] = value
    soundfile.write(path, wave, 16_000, subtype="FLOAT")
    with pytest.raises(AudioError, match=r"a\.wav: holds NaN or infinite"):
        read_audio(path, sample_rate_hz=16_000)


def write_empty(path):
    path.write_bytes(b"")


def write_header_only(path):
    soundfile.write(path, np.zeros(0), 16_000)


def write_rubbish(path):
    path.write_bytes(bytes(range(256)) * 20)


def write_nothing(path):
    pass


@pytest.mark.parametrize("name", ["a.wav", "a.mp3", "a.raw", "a.txt"])
@pytest.mark.parametrize("write", [write_empty, write_rubbish, write_nothing])
def test_what_is_not_audio_is_an_error_that_names_the_file(tmp_path, name, write):
    path = tmp_path / name
    write(path)
    for read in (audio_info, lambda path: read_audio(path, sample_rate_hz=16_000)):
        with pytest.raises(AudioError, match=rf"{name}: "):
            read(path)


def test_a_header_without_samples_is_an_error(tmp_path):
    path = tmp_path / "a.wav"
    write_header_only(path)
    with pytest.raises(AudioError, match="no samples"):
        read_audio(path, sample_rate_hz=16_000)


def test_a_folder_is_not_a_file(tmp_path):
    with pytest.raises(AudioError, match="not a regular file"):
        read_audio(tmp_path, sample_rate_hz=16_000)


def test_a_start_past_the_end_is_an_error(tmp_path):
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(16_000), 16_000)
    with pytest.raises(AudioError, match="no samples from 3 s on"):
        read_audio(path, sample_rate_hz=16_000, start_s=3.0)


@pytest.mark.parametrize("options", [{"sample_rate_hz": 0}, {"start_s": -1.0}, {"duration_s": 0.0}])
def test_settings_out_of_range_are_refused(tmp_path, options):
    with pytest.raises(InputError, match="read_audio needs"):
        read_audio(tmp_path / "a.wav", **({"sample_rate_hz": 16_000} | options))


def test_a_part_of_a_real_mp3_equals_that_part_of_the_whole(test_data):
    for path in sorted((test_data / "philharmonia" / "oboe").glob("*.mp3"))[:5]:
        whole = read_audio(path, sample_rate_hz=16_000)
        part = read_audio(path, sample_rate_hz=16_000, start_s=0.1, duration_s=0.2)
        np.testing.assert_allclose(part, whole[1_600:4_800], atol=1e-4)  # as above


def test_every_real_recording_decodes(test_data):
    files = find_audio_files(test_data / "second_maker")
    assert len(files) > 50
    for path in files:
        assert np.abs(read_audio(path, sample_rate_hz=16_000)).max() > 0.001


@pytest.mark.parametrize("rate", [16_000, 44_100])
def test_blocks_of_a_file_are_the_file(tmp_path, rng, rate):
    path = tmp_path / "long.wav"
    soundfile.write(path, 0.1 * rng.standard_normal((20 * rate, 2)), rate)
    blocks = list(audio_blocks(path, sample_rate_hz=16_000))
    assert np.array_equal(np.concatenate(blocks), read_audio(path, sample_rate_hz=16_000))
    assert len(blocks) > 1
    assert max(map(len, blocks)) < 20 * 16_000


def test_a_name_that_is_no_text_is_opened(tmp_path, rng):
    path = tmp_path / os.fsdecode(b"caf\xe9.wav")
    soundfile.write(tmp_path / "cafe.wav", rng.normal(size=100), 16_000)
    (tmp_path / "cafe.wav").rename(path)
    assert audio_info(path).sample_rate_hz == 16_000
