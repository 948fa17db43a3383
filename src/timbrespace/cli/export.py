"""`timbrespace export`: an encoder for programs that have neither Python nor PyTorch.

Comes in: an encoder. Goes out: an ONNX file.
"""

from __future__ import annotations

from pathlib import Path

from jsonargparse import ArgumentParser, Namespace

from timbrespace.cli.encoders import ENCODER_HELP
from timbrespace.cli.shared import check_output, command_parser, console

_DESCRIPTION = """Write an encoder as one ONNX file that ONNX Runtime runs anywhere, front end
included: waveforms in, vectors of unit length out. Before it is there it was run by ONNX Runtime,
and gave what the encoder gives."""

_EPILOG = """The graph takes `waveform` (batch, samples), float32, mono at the encoder's rate, zero
past each sound's end, and `n_samples` (batch), int64; it gives `embedding` (batch, values). Trim
silence and bring the peak to -1 dBFS first. docs/encoder.md has the code.

Examples:
  timbrespace export --onnx model.onnx
  timbrespace export runs/small/encoder --onnx small.onnx

Exit codes: 0 done; 2 wrong input, or what writes ONNX is not installed."""


def parser() -> ArgumentParser:
    """The command's arguments."""
    parser = command_parser("export", _DESCRIPTION, _EPILOG)
    parser.add_argument("encoder", nargs="?", default="default", help=ENCODER_HELP)
    parser.add_argument(
        "--onnx", type=Path, required=True, metavar="FILE", help="the file to write, .onnx"
    )
    return parser


def run(args: Namespace) -> int:
    """Export; 0."""
    from timbrespace.models import encoder_hash, export_onnx, load_encoder

    check_output(args.onnx, suffixes=(".onnx",))
    encoder = load_encoder(args.encoder)
    export_onnx(encoder, args.onnx)
    console().print(
        f"{args.onnx}: {encoder.name} {encoder_hash(encoder)}, takes mono at "
        f"{encoder.sample_rate_hz} Hz, gives {encoder.embedding_size} values",
        markup=False,
    )
    return 0
