"""`timbrespace tag`: which instruments lead in music.

Comes in: audio files and folders. Goes out: what leads, on standard output and, if asked for, as
JSON, label tracks, pictures and a CSV table.
"""

from __future__ import annotations

import sys
import time
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jsonargparse import ArgumentParser, Namespace
from rich.progress import Progress

from timbrespace.cli.flags import faults_by_flag
from timbrespace.cli.shared import command_parser, list_problems, progress
from timbrespace.cli.tag_output import Outputs, json_records
from timbrespace.cli.taggers import add_tagger_option, quick_tagger

if TYPE_CHECKING:
    from timbrespace.tagging import Activity, Tagger
    from timbrespace.tagging.music import Music
    from timbrespace.tagging.table import Table

_DESCRIPTION = """Say which instruments lead in music, over the whole piece and over time.

Takes audio files and folders (every audio file below) of any length, which are heard whole, in
clips of a second. Several instruments may lead at once, or none: one leads where its probability
reaches its threshold. Silence has no instrument. Of one file a table is shown; several take a line
each."""

_EPILOG = """One file: --json, --labels and --figure name files. Several files, or a folder: --json
still names one file, which holds a record of each; --labels and --figure name folders, into which
song.mp3.txt and song.mp3.png are written, in subfolders where the music lies in such.

--csv writes a row as soon as a file is heard. Stop at any moment: the same command goes on where it
was, and hears again only what has changed, what could not be heard and, with another tagger, hop or
threshold, everything. With --json, everything is heard.

Examples:
  timbrespace tag song.mp3
  timbrespace tag song.mp3 --figure song.png --labels song.txt --json song.json
  timbrespace tag my_music --csv my_music.csv --figure pictures
  timbrespace tag song.mp3 --threshold 0.5 --hop 0.25

Exit codes: 0 done; 1 done, but some files are bad and were skipped (they are listed); 2 wrong
input; 130 stopped."""


def parser() -> ArgumentParser:
    """The command's arguments."""
    command = command_parser("tag", _DESCRIPTION, _EPILOG)
    add = command.add_argument
    file: dict[str, Any] = {"type": Path, "metavar": "FILE"}
    add("paths", nargs="+", type=Path, help="audio files, folders")
    add_tagger_option(command)
    add(
        "--threshold",
        type=float,
        metavar="P",
        help="probability from which on any instrument leads, 0 to 1 (default: each one's own, "
        "chosen when the tagger was trained)",
    )
    add(
        "--hop",
        type=float,
        metavar="SECONDS",
        help="from one clip's start to the next (default: half a clip)",
    )
    add("--json", help="write everything: probabilities over time, spans, thresholds", **file)
    add("--labels", help="write spans as label tracks for Audacity (.txt)", **file)
    add("--figure", help="draw what leads when: .svg, .png or .pdf; in folders .png", **file)
    add("--csv", help="write a row per file; goes on where it was stopped", **file)
    return command


def run(args: Namespace) -> int:
    """Tag; 0, or 1 if some files were skipped."""
    from timbrespace.tagging.music import find_music

    music = find_music(args.paths)
    outputs = Outputs(args, is_one=len(args.paths) == 1 and args.paths[0].is_file())
    outputs.check(music)
    tagger = quick_tagger(args)
    with faults_by_flag({"hop_s": "--hop", "threshold": "--threshold"}):
        tagger.check_options(args.hop, args.threshold)
    try:
        problems = _tag_all(args, tagger, music, outputs)
    except KeyboardInterrupt:
        more = "; the same command goes on" if args.csv else ""
        sys.stderr.write(f"\ntimbrespace tag: stopped{more}.\n")
        return 130
    list_problems(problems)
    return 1 if problems else 0


def _tag_all(args: Namespace, tagger: Tagger, music: list[Music], outputs: Outputs) -> list[str]:
    """Hear what has to be heard, write and print what is found; returns what is wrong."""
    from timbrespace.tagging import Activity
    from timbrespace.tagging.table import stamp_of

    problems, heard_s, begun, left = [], 0.0, time.monotonic(), music
    with ExitStack() as stack:
        records = stack.enter_context(json_records(args.json)) if args.json else None
        table = stack.enter_context(_table(args, tagger, music, outputs)) if args.csv else None
        if table:
            left = [item for item in music if not table.holds(item.path)]
        bars = stack.enter_context(progress())
        files = bars.add_task(
            "files", total=len(left), note="", visible=not outputs.is_one and bool(left)
        )
        for item in left:
            stamp = stamp_of(item.path)
            found = _hear(args, tagger, item, outputs, bars)
            if records:
                records.add(item.path, found)
            if table:
                table.add(item.path, stamp, found)
            if isinstance(found, Activity):
                heard_s += found.duration_s
                outputs.print_found(item, found, bars)
            else:
                problems.append(f"{item.path}: {found}")
            bars.advance(files)
    outputs.print_end(len(music), len(left), heard_s, time.monotonic() - begun)
    return problems


def _table(
    args: Namespace, tagger: Tagger, music: list[Music], outputs: Outputs
) -> AbstractContextManager[Table]:
    from timbrespace.tagging.table import open_table

    lacking = {item.path for item in music if args.json or not outputs.are_there(item)}
    return open_table(
        args.csv,
        tagger,
        [item.path for item in music],
        hop_s=args.hop,
        threshold=args.threshold,
        anew=lacking.__contains__,
    )


def _hear(
    args: Namespace, tagger: Tagger, item: Music, outputs: Outputs, bars: Progress
) -> Activity | str:
    """What leads in a file, written where it was asked for; or what is wrong."""
    from timbrespace.audio import audio_info
    from timbrespace.errors import AudioError

    task = bars.add_task("seconds", total=None, note="")
    try:
        bars.update(task, total=round(audio_info(item.path).duration_s))
        found = tagger.tag(
            item.path,
            hop_s=args.hop,
            threshold=args.threshold,
            on_progress=lambda heard_s: bars.update(task, completed=round(heard_s)),
        )
        outputs.write(item, found)
    except AudioError as fault:
        return str(fault).removeprefix(f"{item.path}: ")
    except OSError as fault:
        return f"cannot be read, or what is found not written ({fault.strerror or fault})."
    finally:
        bars.remove_task(task)
    return found
