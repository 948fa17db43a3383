import io

import numpy as np
import pytest
import scipy.signal
import torch

from timbrespace.errors import InputError
from timbrespace.evaluation.frontend_figures import (
    bank_record,
    cumulative_response,
    frontend_figure,
    learned_banks,
)
from timbrespace.models import BandEnergy, Encoder, LogMel, ResNet, SincNet, Statistics


def encoder_of(frontend):
    backbone = ResNet(blocks=(1, 1, 1, 1), channels=(16, 16, 16, 16))
    return Encoder(frontend, backbone, Statistics(n_features=16), embedding_size=4)


@pytest.fixture(params=[SincNet, BandEnergy])
def trained(request):
    """An encoder whose first band moved up by 100 Hz, its width as it was."""
    encoder = encoder_of(request.param(n_bands=20, spacing="mel"))
    with torch.no_grad():
        encoder.frontend.low_offset_hz[0] += 100
    return encoder


def test_only_what_was_moved_has_moved(trained):
    before, after = learned_banks(trained)
    moved = after.low_hz - before.low_hz
    np.testing.assert_allclose(moved, [100, *[0] * 19], atol=1e-3)  # float32 Hz
    np.testing.assert_allclose(after.high_hz - before.high_hz, moved, atol=1e-3)


def test_the_response_is_scipys(trained):
    _, bank = learned_banks(trained)
    frequency_hz, response = cumulative_response(bank)
    expected = np.zeros_like(frequency_hz)
    for filter_, low, high in zip(bank.filters, bank.low_hz, bank.high_hz, strict=True):
        _, gain = scipy.signal.freqz(filter_, worN=frequency_hz, fs=bank.sample_rate_hz)
        expected += np.abs(gain) * (high - low) / (bank.sample_rate_hz / 2)
    np.testing.assert_allclose(response, expected, atol=1e-9)


def test_bands_side_by_side_hear_each_frequency_once():
    before, _ = learned_banks(encoder_of(SincNet(n_bands=20, spacing="mel")))
    frequency_hz, response = cumulative_response(before)
    inside = (frequency_hz > 500) & (frequency_hz < 7000)
    assert response[inside].mean() == pytest.approx(1, abs=0.1)  # ripple where bands meet


def test_the_record_says_how_far_bands_moved(trained):
    record = bank_record(trained)
    assert record["largest_shift_hz"] == pytest.approx(100, abs=1e-3)
    assert record["mean_shift_hz"] == pytest.approx(100 / 20, abs=1e-3)
    assert len(record["before"]["low_hz"]) == 20


def test_the_figure_shows_both_times(trained):
    figure = frontend_figure(trained)
    figure.savefig(io.BytesIO(), format="svg")
    for axes in figure.axes:
        legend = [text.get_text() for text in axes.get_legend().get_texts()]
        assert legend == ["before training", "after training"]


def test_a_front_end_without_filters_is_refused():
    with pytest.raises(InputError, match="LogMel has no band-pass filters"):
        frontend_figure(encoder_of(LogMel()))
