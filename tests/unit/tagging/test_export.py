import json

import numpy as np
import pytest

from timbrespace.tagging import export_tagger_onnx, tagger_hash

onnxruntime = pytest.importorskip("onnxruntime")
pytest.importorskip("onnxscript")

RATE = 16_000


def test_onnx_gives_the_probabilities_of_the_tagger(tagger, rng, tmp_path):
    export_tagger_onnx(tagger, tmp_path / "t.onnx")
    session = onnxruntime.InferenceSession(tmp_path / "t.onnx")
    levels = np.float32([1, 0.1, 1e-3, 1e-6, 0])[:, None]
    clips = (levels * rng.standard_normal((5, RATE))).astype(np.float32)
    (rates,) = session.run(["probability"], {"clips": clips})
    np.testing.assert_allclose(rates, tagger.probabilities(list(clips)), atol=1e-4)
    assert rates[:3].any(axis=1).all()
    assert not rates[3:].any()
    about = session.get_modelmeta().custom_metadata_map
    assert json.loads(about["classes"]) == ["flute", "organ", "voice"]
    assert json.loads(about["thresholds"]) == [0.5, 0.25, None]
    assert (about["name"], about["tagger_hash"]) == ("toy", tagger_hash(tagger))
    assert (about["sample_rate_hz"], about["clip_samples"]) == ("16000", "16000")
