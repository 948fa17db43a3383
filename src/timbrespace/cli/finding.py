"""What the commands that look for sounds in a library share: its folder, filters and examples.

Comes in: the arguments as typed. Goes out: a `Query`, with files of the library as their ids.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jsonargparse import ArgumentParser, Namespace

if TYPE_CHECKING:
    from timbrespace.library import Library
    from timbrespace.library.query import Query

_RANGES = {
    "pitch": "C3..C5, A4 or MIDI numbers",
    "duration": "..1s, >0.5 or 20ms..80ms",
    "brightness": "2000.., in Hz: the centre of the spectrum",
    "loudness": "written with =: --loudness=-20..-10, in LUFS",
    "attack": "..10ms, the time to get loud",
    "noisiness": "0..0.2, from 0, tones, to 1, noise",
    "velocity": "100.., where the name tells it",
}
_LABELS = {"family": "a predicted family", "source": "a source", "instrument": "an instrument"}


def add_library_option(parser: ArgumentParser) -> None:
    """The folder of the library."""
    parser.add_argument(
        "--library", type=Path, metavar="DIR", help="the library (default: your own)"
    )


def add_query_options(parser: ArgumentParser) -> None:
    """Words, filters and examples."""
    parser.add_argument("words", nargs="*", metavar="WORD", help="words that have to be there")
    for side in ("like", "unlike"):
        parser.add_argument(
            f"--{side}",
            action="append",
            default=[],
            metavar="FILE",
            help=f"a sound to be {side}; give it again for more",
        )
    for name, example in _RANGES.items():
        parser.add_argument(f"--{name}", metavar="RANGE", help=f"a range: {example}")
    parser.add_argument(
        "--tag", action="append", default=[], metavar="TAG", help="a tag that has to be on it"
    )
    for name, what in _LABELS.items():
        parser.add_argument(
            f"--{name}",
            action="append",
            default=[],
            metavar="NAME",
            help=f"{what} it may have; give it again for more",
        )
    parser.add_argument("--favourites", action="store_true", help="favourites only")
    parser.add_argument(
        "--weights",
        metavar="LIST",
        help="what counts in being like, as timbre=1,pitch=0.5; also envelope and brightness "
        "(default: timbre=1)",
    )


def query_of(args: Namespace, library: Library) -> Query:
    """The query that was typed.

    Raises:
        ConfigError: a range or a weight cannot be.
    """
    from timbrespace.library.query import Query, parse_range

    ranges = {name: parse_range(args[name]) for name in _RANGES if args[name]}
    if args.favourites:
        ranges["favourite"] = (1, 1)
    return Query(
        like=_examples(library, args.like),
        unlike=_examples(library, args.unlike),
        words=" ".join(f'"{word}"' for word in args.words),
        ranges=ranges,
        tags=args.tag,
        only={name: args[name] for name in _LABELS if args[name]},
        weights=_weights(args.weights) if args.weights else {"timbre": 1.0},
    )


def ids_of_files(library: Library, paths: Iterable[str]) -> Mapping[str, list[int]]:
    """Ids of the sounds of each file; none for a file that the library does not hold."""
    return {
        path: library.rows(["id"], where=("path = ?", [os.path.abspath(path)]))["id"].to_pylist()  # noqa: PTH100
        for path in paths
    }


def _examples(library: Library, paths: list[str]) -> list[Any]:
    """A file that the library holds, as one sound, is named by its id: it need not be heard."""
    known = ids_of_files(library, paths)
    return [known[path][0] if len(known[path]) == 1 else path for path in paths]


def _weights(text: str) -> dict[str, float]:
    from timbrespace.errors import ConfigError

    weights = {}
    for word in text.split(","):
        name, _, value = word.partition("=")
        try:
            weights[name.strip()] = float(value)
        except ValueError:
            raise ConfigError(
                f"--weights {text!r}: write NAME=NUMBER, joined by commas, as timbre=1,pitch=0.5."
            ) from None
    return weights
