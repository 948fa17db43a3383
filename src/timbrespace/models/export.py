"""An encoder as one ONNX file that needs neither this library nor PyTorch.

Comes in: an encoder. Goes out: a file whose graph takes waveforms and gives unit vectors, front end
included. It was run, and gave what the encoder gives, before it is there.
"""

from __future__ import annotations

import copy
import logging
import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from timbrespace.errors import ConfigError, MissingDependencyError
from timbrespace.models.encoder import Encoder
from timbrespace.models.files import encoder_hash

if TYPE_CHECKING:
    from torch.export import Dim
    from torch.onnx import ONNXProgram

_PACKAGES = ("onnx", "onnxscript", "onnxruntime")
_LARGEST_DIFFERENCE = 1e-4


def export_onnx(encoder: Encoder, path: str | Path) -> None:
    """Write an encoder as ONNX, whole or not at all.

    The graph takes `waveform` (batch, samples) float32 at the encoder's rate, zero past each
    item's count, and `n_samples` (batch,) int64; both sizes are free. It gives `embedding`
    (batch, embedding_size) float32 of unit length. Trimming and levelling are left to who calls
    it. Its metadata hold name, encoder_hash, sample_rate_hz and embedding_size.

    Args:
        encoder: is left as it is; computes in float32 there.
        path: the file to write, which may be there.

    Raises:
        MissingDependencyError: the packages of timbrespace[export] are not installed.
        ConfigError: the encoder has a part that cannot be shared, or ONNX Runtime does not compute
            with it what PyTorch does, to 1e-4.
    """
    model = _UnitLength(encoder).eval()
    batch, samples = torch.export.Dim("batch"), torch.export.Dim("samples")
    names, rate = ("waveform", "n_samples"), encoder.sample_rate_hz
    write_onnx(
        model,
        dict(zip(names, _unequal_notes(rate), strict=True)),
        dict(zip(names, _unequal_notes(rate, shares=(0.7, 1.0, 0.01)), strict=True)),
        Path(path),
        output="embedding",
        sizes={"waveform": {0: batch, 1: samples}, "n_samples": {0: batch}},
        metadata={
            "name": encoder.name,
            "encoder_hash": encoder_hash(encoder),
            "sample_rate_hz": str(rate),
            "embedding_size": str(encoder.embedding_size),
        },
    )


def write_onnx(
    model: nn.Module,
    inputs: Mapping[str, Tensor],
    others: Mapping[str, Tensor],
    path: Path,
    *,
    output: str,
    sizes: Mapping[str, Mapping[int, Dim]],
    metadata: Mapping[str, str],
) -> None:
    """Write a model as ONNX, whole or not at all, once ONNX Runtime has computed with it.

    Args:
        model: on the CPU, in evaluation mode; gives one tensor.
        inputs: by the names of its arguments; the graph is made with these.
        others: of other sizes; what was written must give for these what the model gives.
        path: the file to write, which may be there.
        output: name of what it gives.
        sizes: dimensions of the inputs that are free.
        metadata: to go into the file.

    Raises:
        MissingDependencyError: the packages of timbrespace[export] are not installed.
        ConfigError: ONNX Runtime does not compute what PyTorch does, to 1e-4.
    """
    _check_installed()
    with torch.inference_mode():
        ours = model(**others).numpy()  # before: what is kept between calls is then no symbol
    program = _program(model, inputs, output, sizes)
    program.model.metadata_props.update(metadata)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        program.save(str(partial), external_data=False)
        _check_equal(partial, others, output, ours, path)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


class _UnitLength(nn.Module):
    """An encoder on the CPU in float32, whose embeddings have unit length."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = copy.deepcopy(encoder).cpu()
        self.encoder.precision = "float32"

    def forward(self, waveform: Tensor, n_samples: Tensor) -> Tensor:
        """Unit vectors (batch, embedding_size)."""
        return nn.functional.normalize(self.encoder(waveform, n_samples))


def _check_installed() -> None:
    missing = [package for package in _PACKAGES if find_spec(package) is None]
    if missing:
        raise MissingDependencyError(
            f"to write ONNX, {', '.join(missing)} must be installed: "
            "pip install 'timbrespace[export]'."
        )


def _program(
    model: nn.Module,
    inputs: Mapping[str, Tensor],
    output: str,
    sizes: Mapping[str, Mapping[int, Dim]],
) -> ONNXProgram:
    with _quietly():
        program = torch.onnx.export(
            model,
            tuple(inputs.values()),
            dynamo=True,
            dynamic_shapes=dict(sizes),
            input_names=list(inputs),
            output_names=[output],
            verbose=False,
        )
    return cast("ONNXProgram", program)  # None only from the exporter that dynamo replaces


def _check_equal(
    written: Path,
    inputs: Mapping[str, Tensor],
    output: str,
    ours: npt.NDArray[np.float32],
    path: Path,
) -> None:
    from onnxruntime import InferenceSession  # type: ignore[import-untyped]

    session = InferenceSession(str(written), providers=["CPUExecutionProvider"])
    feeds: dict[str, Any] = {name: value.numpy() for name, value in inputs.items()}
    (theirs,) = session.run([output], feeds)
    difference = float(np.abs(ours - np.asarray(theirs)).max())
    if not difference <= _LARGEST_DIFFERENCE:
        raise ConfigError(
            f"{path}: ONNX Runtime differs from PyTorch by {difference:.2g}, more than "
            f"{_LARGEST_DIFFERENCE:g}; nothing was written."
        )


def _unequal_notes(
    sample_rate_hz: int, shares: tuple[float, ...] = (1.0, 0.4)
) -> tuple[Tensor, Tensor]:
    """Decaying noisy notes of these shares of a second, zero past their ends, and their counts."""
    n_samples = torch.tensor([max(1, round(share * sample_rate_hz)) for share in shares])
    time_s = torch.arange(int(n_samples.max())) / sample_rate_hz
    noise = torch.randn(len(shares), len(time_s), generator=torch.Generator().manual_seed(0))
    notes = ((2 * torch.pi * 440 * time_s).sin() + 0.01 * noise) * (-6 * time_s).exp()
    return notes * (torch.arange(len(time_s)) < n_samples[:, None]), n_samples


@contextmanager
def _quietly() -> Iterator[None]:
    """Without what torch says of its own insides while it exports."""
    previous = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(previous)
