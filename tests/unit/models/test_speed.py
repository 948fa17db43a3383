import pytest
import torch

from timbrespace.errors import ConfigError
from timbrespace.models import quickest_precision
from timbrespace.models.speed import computing_on

CPU = torch.device("cpu")


@pytest.mark.parametrize("precision", ["float32", "bfloat16", None])
def test_a_precision_holds_for_the_length_of_the_context(encoder, precision):
    with computing_on(encoder, "cpu", precision):
        assert encoder.precision == (precision or quickest_precision(CPU))
    assert encoder.precision == "float32"


def test_an_error_inside_gives_the_encoder_back(encoder):
    with pytest.raises(ZeroDivisionError), computing_on(encoder, None, "bfloat16"):
        raise ZeroDivisionError
    assert encoder.precision == "float32"
    assert next(encoder.parameters()).device == CPU


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_the_gpu_is_taken_and_gives_the_same(encoder):
    sound = torch.sin(torch.arange(16_000) * 0.2).numpy()
    ours = encoder.embed(sound, 16_000, precision="float32")
    with computing_on(encoder, None, None):
        assert next(encoder.parameters()).device.type == "cuda"
    assert next(encoder.parameters()).device == CPU
    theirs = encoder.embed(sound, 16_000, device="cpu", precision="float32")
    torch.testing.assert_close(torch.as_tensor(ours), torch.as_tensor(theirs), rtol=0, atol=1e-3)


@pytest.mark.parametrize("device", ["gpu", "cuda:99"])
def test_a_device_that_is_not_there_is_named(encoder, device):
    with pytest.raises(ConfigError, match=f"device '{device}' cannot be used here"):
        encoder.embed(torch.ones(9), 16_000, device=device)


def test_an_unknown_precision_is_named(encoder):
    with pytest.raises(ConfigError, match=r"precision must be one of .* got 'half'"):
        encoder.embed(torch.ones(9), 16_000, precision="half")
