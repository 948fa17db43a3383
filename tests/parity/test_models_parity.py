"""The models against the published implementations, and against librosa."""

import librosa
import numpy as np
import pytest
import torch

from timbrespace.models import CQT, LDE, ASoftmax, Encoder, LogMel, ResNet, SincNet, Softmax
from timbrespace.models.heads.a_softmax import steep_cosine

PARITY = {"rtol": 1e-5, "atol": 1e-5}  # of values of order 1; float32 sums in another order

SINCNETS = {"mel_80": (80, "mel"), "mel_122": (122, "mel"), "midi_122": (122, "midi")}


@pytest.fixture(params=SINCNETS)
def sincnet(request, reference):
    n_bands, spacing = SINCNETS[request.param]
    with np.load(reference / "sincnet.npz") as arrays:
        prefix = f"{request.param}/"
        expected = {
            name.removeprefix(prefix): torch.from_numpy(arrays[name])
            for name in arrays
            if name.startswith(prefix)
        }
        waveform = torch.from_numpy(arrays["waveform"])
    return SincNet(n_bands=n_bands, spacing=spacing), waveform, expected


def test_sincnet_cutoffs(sincnet):
    frontend, _, expected = sincnet
    low, high = frontend.cutoffs_hz()
    torch.testing.assert_close(low.detach(), expected["low_hz"], rtol=1e-6, atol=0.0)
    torch.testing.assert_close(high.detach(), expected["high_hz"], rtol=1e-6, atol=0.0)


def test_sincnet_filters(sincnet):
    frontend, _, expected = sincnet
    torch.testing.assert_close(frontend.filters()[::10].detach(), expected["filters"], **PARITY)


def test_sincnet_output(sincnet):
    frontend, waveform, expected = sincnet
    frames, _ = frontend(waveform)
    torch.testing.assert_close(frames.detach(), expected["output_btc"], **PARITY)


@pytest.mark.parametrize("moments", ["mean", "mean+std"])
def test_lde(reference, moments):
    with np.load(reference / "lde.npz") as arrays:
        frames = torch.from_numpy(arrays["frames_btf"])
        centres, scale, expected = (
            torch.from_numpy(arrays[f"{moments}/{name}"])
            for name in ("dictionary", "scale", "output")
        )
    pooling = LDE(n_features=12, n_centres=8, moments=moments)
    pooling.load_state_dict({"centres": centres, "scale": scale})
    torch.testing.assert_close(pooling(frames).detach(), expected, **PARITY)


@pytest.fixture(params=[1, 2, 3, 4])
def a_softmax(request, reference):
    with np.load(reference / "asoftmax.npz") as arrays:
        loaded = {name: torch.from_numpy(np.asarray(arrays[name])) for name in arrays}
    head = ASoftmax(embedding_size=32, n_classes=5, m=request.param)
    head.weight.data = loaded[f"m{request.param}/weight"]
    prefix = f"m{request.param}/"
    expected = {
        name.removeprefix(prefix): value
        for name, value in loaded.items()
        if name.startswith(prefix)
    }
    return head, loaded["x"], loaded["target"], expected


def test_a_softmax_cosines(a_softmax):
    head, embedding, _, expected = a_softmax
    plain = head.scores(embedding)
    length = embedding.norm(dim=1, keepdim=True)
    steep = length * steep_cosine(plain / length, head.m)
    torch.testing.assert_close(plain.detach(), expected["cos_times_norm"], **PARITY)
    torch.testing.assert_close(steep.detach(), expected["phi_times_norm"], **PARITY)


def test_a_softmax_losses_of_the_first_steps(a_softmax):
    head, embedding, target, expected = a_softmax
    losses = torch.stack([head(embedding, target) for _ in range(3)]).double()
    torch.testing.assert_close(losses.detach(), expected["loss_steps_1_to_3"], rtol=1e-6, atol=0)


def test_a_softmax_loss_when_annealed(a_softmax):
    head, embedding, target, expected = a_softmax
    head.step.fill_(10**6)
    loss = head(embedding, target).double()
    torch.testing.assert_close(loss.detach(), expected["loss_lambda_5"], rtol=1e-6, atol=0)


@pytest.fixture(scope="module")
def published():
    return Encoder(SincNet(), ResNet(frequency_pool="published"), LDE()).eval()


def test_published_number_of_parameters(published):
    def count(module):
        return sum(parameter.numel() for parameter in module.parameters())

    heads = [Softmax(embedding_size=512, n_classes=n) for n in (1006, 11)]
    assert count(published.frontend) == 244
    assert count(published.backbone) == 1_333_680
    assert count(published.pooling) == 1_032
    assert count(published) + sum(map(count, heads)) == 2_382_501


def test_published_stages(published):
    shapes = []
    watched = [published.backbone.stem, *published.backbone.stages, published.pooling]
    hooks = [
        module.register_forward_pre_hook(lambda _, inputs: shapes.append(tuple(inputs[0].shape)))
        for module in watched
    ]
    with torch.no_grad():
        embedding = published(torch.zeros(1, 64_000))
    for hook in hooks:
        hook.remove()
    images = [(1, 1, 334, 122), (1, 16, 334, 122), (1, 32, 167, 61), (1, 64, 84, 31)]
    assert list(dict.fromkeys(shapes)) == [*images, (1, 128, 42, 16), (1, 42, 128)]
    assert embedding.shape == (1, 512)


@pytest.mark.parametrize("mel_scale", ["slaney", "htk"])
def test_log_mel_agrees_with_librosa(rng, mel_scale):
    waveform = 0.1 * rng.standard_normal(8000).astype(np.float32)
    frontend = LogMel(n_bands=40, mel_scale=mel_scale, level="absolute", floor_db=-100.0)
    power = librosa.feature.melspectrogram(
        y=waveform,
        sr=16_000,
        n_fft=1024,
        hop_length=192,
        n_mels=40,
        fmin=30.0,
        fmax=8000.0,
        htk=mel_scale == "htk",
        norm=None,
        pad_mode="reflect",
    )
    theirs = 1 + 10 * np.log10(power.T / 512**2 * 4) / 100  # Hann's sum is 512
    ours, _ = frontend(torch.from_numpy(waveform)[None])
    torch.testing.assert_close(ours[0], torch.from_numpy(theirs), rtol=0, atol=1e-5)


def test_cqt_agrees_with_librosa(rng):
    waveform = 0.1 * rng.standard_normal(16_000).astype(np.float32)
    frontend = CQT(n_bands=60, lowest_midi=36.0, hop_samples=256, level="absolute", floor_db=-100.0)
    ours, _ = frontend(torch.from_numpy(waveform)[None])
    semitone = 2 ** (1 / 12)
    periods = 1 / (semitone - 1)  # librosa's windows hold some 3 % more
    theirs = librosa.cqt(
        waveform,
        sr=16_000,
        hop_length=256,
        fmin=librosa.midi_to_hz(36),
        n_bins=60,
        tuning=0.0,
        filter_scale=periods * (semitone**2 - 1) / (semitone**2 + 1),
        sparsity=0.0,
        scale=False,
    )
    window_samples = periods * 16_000 / librosa.midi_to_hz(np.arange(36, 96))
    magnitude = 2 * np.abs(theirs.T) / window_samples
    ours_linear = 10 ** (5 * (ours[0].numpy() - 1))
    # librosa resamples octave by octave and rounds its windows to whole samples
    np.testing.assert_allclose(ours_linear, magnitude, rtol=0, atol=0.02 * magnitude.max())
