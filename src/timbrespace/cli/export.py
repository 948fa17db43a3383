"""`timbrespace export`: an encoder or tagger for programs that have neither Python nor PyTorch.

Comes in: an encoder or a tagger. Goes out: an ONNX file.
"""

from __future__ import annotations

from pathlib import Path

from jsonargparse import ArgumentParser, Namespace

from timbrespace.cli.encoders import ENCODER_HELP
from timbrespace.cli.shared import check_output, command_parser, console
from timbrespace.errors import ConfigError

_DESCRIPTION = """Write an encoder as one ONNX file that ONNX Runtime runs anywhere, front end
included: waveforms in, vectors of unit length out; or, with --tagger, a tagger: clips in,
probabilities out. Before it is there it was run by ONNX Runtime, and gave what PyTorch gives."""

_EPILOG = """The graph takes `waveform` (batch, samples), float32, mono at the encoder's rate, zero
past each sound's end, and `n_samples` (batch), int64; it gives `embedding` (batch, values). Trim
silence and bring the peak to -1 dBFS first. docs/encoder.md has the code.

The graph of a tagger takes `clips` (batch, samples), float32, mono at the tagger's rate, of any
level, each as long as the metadata say; it gives `probability` (batch, classes). docs/tag.md has
the code.

Examples:
  timbrespace export --onnx model.onnx
  timbrespace export runs/small/encoder --onnx small.onnx
  timbrespace export --tagger default --onnx tagger.onnx

Exit codes: 0 done; 2 wrong input, or what writes ONNX is not installed."""


def parser() -> ArgumentParser:
    """The command's arguments."""
    parser = command_parser("export", _DESCRIPTION, _EPILOG)
    parser.add_argument("encoder", nargs="?", help=ENCODER_HELP)
    parser.add_argument(
        "--tagger", metavar="FOLDER", help='a tagger instead; "default" is the one that comes along'
    )
    parser.add_argument(
        "--onnx", type=Path, required=True, metavar="FILE", help="the file to write, .onnx"
    )
    return parser


def run(args: Namespace) -> int:
    """Export; 0."""
    check_output(args.onnx, suffixes=(".onnx",))
    if args.encoder and args.tagger:
        raise ConfigError("export writes an encoder or, with --tagger, a tagger; leave one out.")
    told = _tagger(args) if args.tagger else _encoder(args)
    console().print(f"{args.onnx}: {told}", markup=False)
    return 0


def _encoder(args: Namespace) -> str:
    from timbrespace.models import encoder_hash, export_onnx, load_encoder

    encoder = load_encoder(args.encoder or "default")
    export_onnx(encoder, args.onnx)
    return (
        f"{encoder.name} {encoder_hash(encoder)}, takes mono at {encoder.sample_rate_hz} Hz, gives "
        f"{encoder.embedding_size} values"
    )


def _tagger(args: Namespace) -> str:
    from timbrespace.tagging import export_tagger_onnx, load_tagger, tagger_hash

    tagger = load_tagger(args.tagger)
    export_tagger_onnx(tagger, args.onnx)
    return (
        f"{tagger.name} {tagger_hash(tagger)}, takes clips of {tagger.clip_s:g} s, mono at "
        f"{tagger.sample_rate_hz} Hz, gives {len(tagger.classes)} probabilities"
    )
