"""The tagger of a command: what may be typed, and how it is loaded.

Comes in: arguments as typed. Goes out: the tagger, where it computes quickest; in float32, as in
Python, so that the answers are the same everywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jsonargparse import ArgumentParser, Namespace

if TYPE_CHECKING:
    from timbrespace.tagging import Tagger


def add_tagger_option(parser: ArgumentParser) -> None:
    """Give a command `--model`."""
    parser.add_argument(
        "--model",
        default="default",
        metavar="FOLDER",
        help="a tagger by `tune` (default: the one that comes along)",
    )


def quick_tagger(args: Namespace) -> Tagger:
    """The tagger of `add_tagger_option`, on the GPU if there is one.

    Raises:
        InputError, ConfigError: as `load_tagger`.
    """
    from timbrespace.models import keep_freed_memory, on_quickest_device
    from timbrespace.tagging import load_tagger

    keep_freed_memory()
    tagger = load_tagger(args.model)
    on_quickest_device(tagger.network, "float32")
    return tagger
