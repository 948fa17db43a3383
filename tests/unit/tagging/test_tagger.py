import numpy as np
import pytest
import soundfile
import torch

from timbrespace.errors import AudioError, ConfigError, InputError
from timbrespace.tagging import Tagger, TaggingNetwork
from timbrespace.tagging.scoring import excerpt_probabilities

RATE = 16_000


@pytest.fixture
def noise(rng):
    return (0.1 * rng.standard_normal(5 * RATE)).astype(np.float32)


def write(folder, waveform, rate=RATE, name="a.wav"):
    soundfile.write(folder / name, waveform, rate)
    return folder / name


def test_a_file_is_heard_clip_by_clip(tagger, noise, tmp_path):
    activity = tagger.tag(write(tmp_path, noise), hop_s=0.5)
    assert activity.times_s.tolist() == [0.5 * k for k in range(9)]
    assert activity.duration_s == 5.0
    clips = [noise[round(start * RATE) :][:RATE] for start in activity.times_s]
    np.testing.assert_allclose(
        activity.probabilities, tagger.probabilities(clips), atol=1e-3
    )  # 16 bits
    assert activity.classes == ("flute", "organ", "voice")


def test_an_array_is_heard_like_its_file(tagger, rng, tmp_path):
    wave = (0.1 * rng.standard_normal((2 * 44_100, 2))).astype(np.float32)
    soundfile.write(tmp_path / "a.wav", wave, 44_100, subtype="FLOAT")
    heard = tagger.tag(wave, 44_100)
    of_file = tagger.tag(tmp_path / "a.wav")
    np.testing.assert_allclose(heard.probabilities, of_file.probabilities, atol=1e-4)
    assert heard.duration_s == of_file.duration_s


@pytest.mark.parametrize(
    ("sound", "rate_hz", "message"),
    [
        (np.zeros(9), None, "give its sample_rate_hz"),
        ("a.wav", RATE, "a file has its own"),
        ([0.1, 0.2], RATE, "must be a path or an array, got list"),
    ],
)
def test_what_is_no_sound_is_refused(tagger, sound, rate_hz, message):
    with pytest.raises(InputError, match=message):
        tagger.tag(sound, rate_hz)


def test_a_clip_does_not_depend_on_its_neighbours_nor_on_its_level(tagger, noise):
    clips = [noise[:RATE], 0.01 * noise[:RATE], noise[: RATE // 50], noise[RATE:][:8_000]]
    together = tagger.probabilities(clips)
    for clip, rates in zip(clips, together, strict=True):
        np.testing.assert_allclose(tagger.probabilities([clip])[0], rates, atol=1e-5)
    np.testing.assert_allclose(together[0], together[1], atol=1e-5)


@pytest.mark.parametrize("seconds", [0.02, 0.5, 1.0, 3.0])
def test_silence_has_no_instrument(tagger, tmp_path, seconds):
    activity = tagger.tag(write(tmp_path, np.zeros(round(seconds * RATE))))
    assert activity.labels == ()
    assert not activity.probabilities.any()
    assert activity.duration_s == pytest.approx(seconds)


def test_silent_parts_do_not_count_in_the_mean(tagger, noise, tmp_path):
    loud = tagger.tag(write(tmp_path, noise[:RATE]))
    padded = np.concatenate([np.zeros(2 * RATE), noise[:RATE], 1e-4 * noise[: 2 * RATE]])
    activity = tagger.tag(write(tmp_path, padded), hop_s=1.0)
    assert activity.probabilities.any(axis=1).tolist() == [False, False, True, False, False]
    np.testing.assert_allclose(activity.overall, loud.overall, atol=1e-3)  # 16 bits


def test_eight_channels_at_another_rate(tagger, rng, tmp_path):
    wave = 0.1 * rng.standard_normal((2 * 44_100, 8))
    activity = tagger.tag(write(tmp_path, wave, 44_100))
    assert activity.duration_s == pytest.approx(2.0, abs=1e-3)
    assert activity.probabilities.shape == (3, 3)


def test_a_threshold_for_all_replaces_the_taggers_own(tagger, noise, tmp_path):
    path = write(tmp_path, noise)
    assert tagger.tag(path, threshold=1.0).labels == ()
    assert set(tagger.tag(path, threshold=0.0).labels) == {"flute", "organ", "voice"}
    assert "voice" not in tagger.tag(path).labels  # its own is never reached


@pytest.mark.parametrize(
    "options", [{"hop_s": 0.0}, {"hop_s": 1.5}, {"threshold": -0.1}, {"threshold": 2.0}]
)
def test_options_out_of_range_are_refused(tagger, noise, tmp_path, options):
    with pytest.raises(ConfigError, match=next(iter(options))):
        tagger.tag(write(tmp_path, noise), **options)


def test_files_that_cannot_be_heard_are_refused(tagger, tmp_path):
    with pytest.raises(AudioError, match="no such file"):
        tagger.tag(tmp_path / "nothing.wav")
    broken = np.full(RATE, np.nan, np.float32)
    soundfile.write(tmp_path / "nan.wav", broken, RATE, subtype="FLOAT")
    with pytest.raises(AudioError, match="NaN or infinite"):
        tagger.tag(tmp_path / "nan.wav")
    soundfile.write(tmp_path / "none.wav", np.zeros(0), RATE)
    with pytest.raises(AudioError, match="has no samples"):
        tagger.tag(tmp_path / "none.wav")


@pytest.mark.parametrize("clip", [np.zeros(0), np.zeros((2, 2)), np.array([np.inf])])
def test_clips_that_are_none_are_refused(tagger, clip):
    with pytest.raises(InputError, match="clip 0 must be"):
        tagger.probabilities([clip.astype(np.float32)])


@pytest.mark.parametrize("threshold", [-0.1, 1.1, np.nan, -np.inf])
def test_a_threshold_is_a_probability_or_never_reached(tagger, threshold):
    with pytest.raises(ConfigError, match="thresholds must be from 0 to 1, or inf"):
        Tagger(tagger.network, tagger.classes, [0.5, 0.5, threshold])


def test_classes_thresholds_and_logits_go_together(trunk):
    network = TaggingNetwork.on(trunk, n_classes=2)
    for classes, thresholds in ((["a"], [0.5]), (["a", "b"], [0.5]), (["a", "a"], [0.5, 0.5])):
        with pytest.raises(ConfigError, match="the network has 2 classes"):
            Tagger(network, classes, thresholds)
    with pytest.raises(ConfigError, match="clip_s"):
        Tagger(network, ["a", "b"], [0.5, 0.5], clip_s=0)


def test_a_network_leaves_its_encoder_alone(trunk):
    before = {name: value.clone() for name, value in trunk.state_dict().items()}
    network = TaggingNetwork.on(trunk, n_classes=2)
    with torch.no_grad():
        for weight in network.parameters():
            weight.add_(1.0)
    for name, value in trunk.state_dict().items():
        assert torch.equal(value, before[name])


def test_an_excerpts_probability_is_the_mean_of_its_clips(excerpts, trunk):
    tagger = Tagger(TaggingNetwork.on(trunk, n_classes=2), excerpts.classes, [0.5, 0.5])
    chosen = np.array([3, 11, 40])
    rates = excerpt_probabilities(tagger, excerpts, chosen)
    for number, expected in zip(chosen, rates, strict=True):
        waveform = excerpts.store.note(int(number)) / np.float32(32768)
        starts = [*range(0, len(waveform) - RATE + 1, RATE // 2)]
        if starts[-1] + RATE < len(waveform):
            starts.append(starts[-1] + RATE // 2)
        clips = [waveform[start : start + RATE] for start in starts]
        np.testing.assert_allclose(tagger.probabilities(clips).mean(0), expected, atol=1e-5)
