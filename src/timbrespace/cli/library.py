"""`timbrespace library`: a catalogue of one's own sounds.

Comes in: folders, and what to do. Goes out: a library on disk, counts on standard output.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jsonargparse import ArgumentParser, Namespace
from rich.table import Table

from timbrespace.cli import library_tag
from timbrespace.cli.encoders import ENCODER_HELP
from timbrespace.cli.shared import (
    check_output,
    command_parser,
    console,
    error_console,
    list_problems,
    progress,
    shown,
    shown_in,
)

if TYPE_CHECKING:
    from timbrespace.library import Added, Library

_DESCRIPTION = """Keep a library of your own sounds: each is heard once, embedded and described, so
that it can be searched, tagged and explored. Your files are read, never changed."""

_EPILOG = """Examples:
  timbrespace library add ~/samples
  timbrespace library add                     again, all that was added: new and changed files only
  timbrespace library add ~/recordings --slices --library ~/slices
  timbrespace library failed
  timbrespace library export sounds.parquet
  timbrespace library tag --file kick.wav --add punchy

Exit codes: 0 done; 1 done, but some files cannot be used (they are listed); 2 wrong input; 130
stopped."""

_ADD = """Bring the library up to date with folders. New and changed files are heard, files that
were moved are known again by their content and keep their tags, files that are gone are marked.
Stop it at any moment: the same command goes on where it was. Without a folder, all that were ever
added are looked through again."""

_UNITS = {"looking": "files", "listening": "files"}


def parser() -> ArgumentParser:
    """Parser of the command and its seven actions."""
    main = command_parser("library", _DESCRIPTION, _EPILOG)
    actions = main.add_subcommands(dest="action", title="actions", metavar="ACTION")

    add = command_parser("library add", _ADD)
    add.add_argument("places", nargs="*", type=Path, metavar="FOLDER", help="folders, audio files")
    add.add_argument(
        "--encoder", help=f"{ENCODER_HELP} (default: the library's own; for a new one, default)"
    )
    add.add_argument(
        "--slices",
        action="store_true",
        help="cut files into sounds at onsets; chosen once for a library",
    )
    add.add_argument(
        "--again",
        action="store_true",
        help="hear every file anew, as when the encoder has changed; tags and favourites stay",
    )
    actions.add_subcommand("add", _placed(add), help="hear what is new or changed in folders")

    status = command_parser("library status", "How much there is, and in what state.")
    actions.add_subcommand("status", _placed(status), help="counts")

    failed = command_parser("library failed", "Each file that cannot be used, and why.")
    actions.add_subcommand("failed", _placed(failed), help="files that cannot be used")

    prune = command_parser(
        "library prune",
        "Forget files that are gone, with their tags. What lies below a folder that was added and "
        "is not there now, as a drive that is unplugged, is kept.",
    )
    actions.add_subcommand("prune", _placed(prune), help="forget files that are gone")

    remove = command_parser(
        "library remove", "Forget files or all below folders, with their tags; the files stay."
    )
    remove.add_argument("places", nargs="+", type=Path, metavar="PATH", help="files, folders")
    actions.add_subcommand("remove", _placed(remove), help="forget files or folders")

    export = command_parser(
        "library export",
        "Write all rows and vectors to Parquet: an embeddings table that verify, map and probe "
        "read, and any other engine.",
    )
    export.add_argument("out", type=Path, help=".parquet file to write")
    actions.add_subcommand("export", _placed(export), help="write rows and vectors to Parquet")

    actions.add_subcommand("tag", library_tag.parser(), help="give sounds words of your own")
    return main


def run(args: Namespace) -> int:
    """Do what was asked; 1 if files could not be used."""
    actions: dict[str, Callable[[Namespace], int]] = {
        "add": _add,
        "status": _status,
        "failed": _failed,
        "prune": _prune,
        "remove": _remove,
        "export": _export,
        "tag": library_tag.run,
    }
    return actions[args.action](args[args.action])


def _placed(action: ArgumentParser) -> ArgumentParser:
    action.add_argument(
        "--library",
        type=Path,
        metavar="DIR",
        help="folder of the library (default: $TIMBRESPACE_LIBRARY, else in your data folder)",
    )
    return action


def _add(args: Namespace) -> int:
    from timbrespace.library import Library
    from timbrespace.models import keep_freed_memory

    keep_freed_memory()
    started = time.monotonic()
    with Library.open(args.library) as library:
        try:
            with progress() as bars:
                found = library.add(
                    args.places,
                    args.encoder,
                    slices=args.slices or None,
                    again=args.again,
                    on_progress=shown_in(bars, _UNITS),
                )
        except KeyboardInterrupt:
            error_console().print(
                f"\nstopped: {library.n_sounds:,} sounds are kept in {library.folder}; the same "
                "command goes on from there"
            )
            return 130
        _print_added(library, found, time.monotonic() - started)
    problems = [*found.problems, *(f"{path}: {reason}" for path, reason in found.failed)]
    list_problems(problems)
    return 1 if problems else 0


def _status(args: Namespace) -> int:
    with _opened(args) as library:
        status = library.status()
        table = Table(box=None, show_header=False, pad_edge=False)
        rows: dict[str, Any] = {
            "library": library.folder,
            "sounds": f"{status.n_sounds:,}",
            "hours": f"{status.hours:,.1f}",
            "files": f"{status.n_files:,}",
            "failed": f"{status.n_failed:,}",
            "missing": f"{status.n_missing:,}",
            "favourites": f"{status.n_favourites:,}",
            "tagged": f"{status.n_tagged:,}",
            "cut into slices": "yes" if status.slices else "no",
            "size on disk": f"{status.n_bytes / 2**20:,.1f} MiB",
            "encoder": f"{status.encoder_name} ({status.encoder_hash})",
        }
        for name, value in rows.items():
            table.add_row(name, shown(str(value)))
        for number, folder in enumerate(status.folders):
            table.add_row("" if number else "folders", shown(str(folder)))
        console().print(table)
    return 0


def _failed(args: Namespace) -> int:
    n_failed = 0
    with _opened(args) as library:
        for path, reason in library.failed():
            console().print(f"{path}: {reason}", markup=False)
            n_failed += 1
    return 1 if n_failed else 0


def _prune(args: Namespace) -> int:
    with _opened(args, writable=True) as library:
        pruned = library.prune()
    console().print(f"{pruned.n_files:,} files forgotten")
    for folder in pruned.absent:
        console().print(
            f"{folder}: is not there now; its sounds are kept (`timbrespace library remove` "
            "forgets them)",
            markup=False,
        )
    return 0


def _remove(args: Namespace) -> int:
    with _opened(args, writable=True) as library:
        console().print(f"{library.remove(args.places):,} files forgotten; they were not touched")
    return 0


def _export(args: Namespace) -> int:
    check_output(args.out, suffixes=(".parquet",))
    with _opened(args) as library:
        n_rows = library.export(args.out)
    console().print(f"{args.out}: {n_rows:,} sounds", markup=False)
    return 0


def _opened(args: Namespace, *, writable: bool = False) -> Library:
    """The library, which must be there."""
    from timbrespace.library import Library

    Library.open(args.library, writable=False).close()
    return Library.open(args.library, writable=writable)


def _print_added(library: Library, found: Added, seconds: float) -> None:
    counts = {
        "new": found.added,
        "changed": found.changed,
        "moved": found.moved,
        "unchanged": found.unchanged,
        "missing": found.missing,
        "failed": len(found.failed),
    }
    words = ", ".join(f"{number:,} {word}" for word, number in counts.items() if number)
    console().print(f"files: {words or 'none'}")
    rate = found.sounds / seconds
    console().print(f"{found.sounds:,} sounds heard in {seconds:,.0f} s ({rate:,.0f} a second)")
    console().print(f"{library.n_sounds:,} sounds in {library.folder}", markup=False)
    if found.missing:
        console().print("`timbrespace library prune` forgets missing files")
