"""The encoder of a command: what may be typed, and how it is loaded.

Comes in: arguments as typed. Goes out: the encoder, where it computes quickest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jsonargparse import ArgumentParser, Namespace

if TYPE_CHECKING:
    from timbrespace.models import Encoder

ENCODER_HELP = "default, a folder, or OWNER/NAME on the Hugging Face hub"


def add_encoder_options(parser: ArgumentParser) -> None:
    """Give a command `--encoder` and `--precision`."""
    parser.add_argument(
        "--encoder", default="default", help=f"{ENCODER_HELP} (default: the one that comes along)"
    )
    parser.add_argument(
        "--precision",
        choices=["auto", "float32", "bfloat16"],
        default="auto",
        help="of the backbone; auto takes bfloat16 where the processor has it (default: auto)",
    )


def quick_encoder(args: Namespace) -> Encoder:
    """The encoder of `add_encoder_options`, on the GPU if there is one."""
    from timbrespace.models import keep_freed_memory, load_encoder, on_quickest_device

    keep_freed_memory()
    precision = None if args.precision == "auto" else args.precision
    return on_quickest_device(load_encoder(args.encoder), precision)
