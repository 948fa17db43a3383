import shutil
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from timbrespace.errors import ConfigError, MissingDependencyError
from timbrespace.models import (
    CQT,
    LDE,
    PCEN,
    AttentiveStatistics,
    BandEnergy,
    Encoder,
    LogMel,
    ResNet,
    SincNet,
    Statistics,
    encoder_hash,
    export,
    export_onnx,
)

onnxruntime = pytest.importorskip("onnxruntime")
pytest.importorskip("onnxscript")

ENCODERS = {
    "log mel": (
        lambda: LogMel(n_bands=24),
        lambda: LDE(n_features=16, n_centres=4, moments="mean+std"),
    ),
    "band energy": (
        lambda: BandEnergy(n_bands=24, spacing="mel"),
        lambda: AttentiveStatistics(n_features=16, n_hidden=8),
    ),
    "sincnet": (
        lambda: SincNet(n_bands=24, spacing="mel"),
        lambda: LDE(n_features=16, n_centres=4),
    ),
    "pcen": (
        lambda: PCEN(n_bands=24),
        lambda: Statistics(n_features=16),
    ),
    "cqt": (
        lambda: CQT(n_bands=24, lowest_midi=60.0),
        lambda: Statistics(n_features=16),
    ),
}


def small_encoder(kind):
    torch.manual_seed(0)
    frontend, pooling = ENCODERS[kind]
    backbone = ResNet(blocks=[1, 1], channels=[16, 16], stem_stride=2)
    encoder = Encoder(frontend(), backbone, pooling(), embedding_size=6).eval()
    encoder.name, encoder.precision = "toy", "bfloat16"
    return encoder


def notes(*lengths):
    """Noise that decays by 60 dB a second, padded to the longest, and the counts."""
    n_samples = torch.tensor(lengths)
    time_s = torch.arange(max(lengths)) / 16_000
    noise = torch.randn(len(lengths), max(lengths), generator=torch.Generator().manual_seed(1))
    return noise * (-7 * time_s).exp() * (time_s * 16_000 < n_samples[:, None]), n_samples


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("exported")


def exported(kind, folder):
    """The file of an encoder; exporting takes seconds, so each is made once."""
    path = folder / f"{kind}.onnx"
    if not path.exists():
        export_onnx(small_encoder(kind), path)
    return path


@pytest.mark.parametrize("kind", ENCODERS)
def test_the_graph_gives_what_the_encoder_gives(kind, folder):
    encoder = small_encoder(kind)
    session = onnxruntime.InferenceSession(exported(kind, folder))
    assert session.get_modelmeta().custom_metadata_map == {
        "name": "toy",
        "encoder_hash": encoder_hash(encoder),
        "sample_rate_hz": "16000",
        "embedding_size": "6",
    }
    encoder.precision = "float32"
    for lengths in [(1,), (50, 9_000), (20_000, 300, 4_000), (3_000,) * 5]:
        waveform, n_samples = notes(*lengths)
        feeds = {"waveform": waveform.numpy(), "n_samples": n_samples.numpy()}
        (theirs,) = session.run(["embedding"], feeds)
        with torch.inference_mode():
            ours = torch.nn.functional.normalize(encoder(waveform, n_samples)).numpy()
        np.testing.assert_allclose(theirs, ours, rtol=0, atol=1e-4)  # float32, other kernels


def test_a_graph_that_differs_is_not_written(folder, tmp_path, monkeypatch):
    right = exported("log mel", folder)

    def save(path, *, external_data):
        shutil.copy(right, path)

    wrong = SimpleNamespace(model=SimpleNamespace(metadata_props={}), save=save)
    monkeypatch.setattr(export, "_program", lambda *arguments: wrong)
    encoder = small_encoder("log mel")
    torch.nn.init.normal_(encoder.embedding.weight)
    (tmp_path / "model.onnx").write_text("old")
    with pytest.raises(ConfigError, match=r"model\.onnx: ONNX Runtime differs from PyTorch"):
        export_onnx(encoder, tmp_path / "model.onnx")
    assert encoder.precision == "bfloat16"
    assert [path.name for path in tmp_path.iterdir()] == ["model.onnx"]
    assert (tmp_path / "model.onnx").read_text() == "old"


def test_what_is_not_installed_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(export, "find_spec", lambda name: None if name == "onnx" else True)
    with pytest.raises(MissingDependencyError, match=r"onnx must .* 'timbrespace\[export\]'"):
        export_onnx(small_encoder("log mel"), tmp_path / "model.onnx")
