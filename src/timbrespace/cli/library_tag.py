"""`timbrespace library tag`: give sounds of the library words of your own.

Comes in: files or a search, and tags. Goes out: tags in the catalogue and, if asked for, a CSV file
or keywords inside the audio files.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from jsonargparse import ArgumentParser, Namespace

from timbrespace.cli.finding import (
    add_library_option,
    add_query_options,
    ids_of_files,
    query_of,
)
from timbrespace.cli.shared import check_output, command_parser, console, list_problems

if TYPE_CHECKING:
    from timbrespace.library import Library

_DESCRIPTION = """Tag sounds of your library: the files named by --file, or all that a search finds
(the options are those of `timbrespace search`). Tags can be searched for and shown on the map.

--csv writes all tags of the library to a table. --into-files also writes a sound's tags into its
file, as keywords that other programs show: WAV, AIFF and FLAC, without a change of the sound, each
file replaced whole or not at all. MP3 and OGG files are left alone, and so are files cut into many
sounds."""

_EPILOG = """Examples:
  timbrespace library tag --file kick.wav --file boom.wav --add punchy
  timbrespace library tag --family bass --duration ..1s --add short-bass
  timbrespace library tag snare --remove old --into-files
  timbrespace library tag --csv tags.csv

Exit codes: 0 done; 1 done, but some files could not be written (they are listed); 2 wrong input."""

_EVERY = 1 << 40


def parser() -> ArgumentParser:
    """The command's arguments."""
    parser = command_parser("library tag", _DESCRIPTION, _EPILOG)
    add_query_options(parser)
    add_library_option(parser)
    parser.add_argument(
        "--file",
        action="append",
        default=[],
        metavar="FILE",
        help="a file of the library, instead of a search; give it again for more",
    )
    parser.add_argument(
        "--top", type=int, metavar="N", help="with --like: how many of the likest to tag"
    )
    for name, what in {"add": "a tag to give", "remove": "a tag to take away"}.items():
        parser.add_argument(
            f"--{name}", action="append", default=[], metavar="TAG", help=f"{what}; repeatable"
        )
    parser.add_argument(
        "--into-files", action="store_true", help="write the sounds' tags into their files"
    )
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write all tags to this file")
    return parser


def run(args: Namespace) -> int:
    """Tag; 0, or 1 if some files could not be written."""
    from timbrespace.library import Library

    changes = bool(args.add or args.remove or args.into_files)
    _check(args, changes)
    problems: list[str] = []
    with Library.open(args.library) as library:
        if changes:
            ids = _chosen(args, library)
            library.tag(ids, add=args.add, remove=args.remove)
            console().print(f"{len(ids)} sounds {'tagged' if args.add or args.remove else 'found'}")
            problems = library.write_tags_into_files(ids) if args.into_files else []
        if args.csv:
            console().print(f"{library.write_tags(args.csv)} sounds with tags: {args.csv}")
    list_problems(problems)
    return 1 if problems else 0


def _check(args: Namespace, changes: bool) -> None:
    from timbrespace.errors import ConfigError

    if not changes and not args.csv:
        raise ConfigError("nothing to do; name tags by --add or --remove, or a table by --csv.")
    if (args.like or args.unlike) and not args.top:
        raise ConfigError("--like ranks all sounds; say by --top how many of them to tag.")
    if args.csv:
        check_output(args.csv, suffixes=(".csv",))


def _chosen(args: Namespace, library: Library) -> Sequence[int]:
    """Ids of the files that were named, else of what the search finds."""
    from timbrespace.errors import ConfigError, InputError

    if args.file:
        known = ids_of_files(library, args.file)
        for path, numbers in known.items():
            if not numbers:
                raise InputError(f"{path}: is not in the library; add it first.")
        return [number for numbers in known.values() for number in numbers]
    query = query_of(args, library)
    if not (query.has_examples or query.words or query.ranges or query.tags or query.only):
        raise ConfigError("say what to tag: name files by --file, or search for something.")
    found: Sequence[int] = library.search(query, args.top or _EVERY)["id"].to_pylist()
    return found
