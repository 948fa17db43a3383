"""The command line: one file per command, each imported only when it is called.

Comes in: the arguments as typed. Goes out: an exit code (0 done, 1 done but some items failed,
2 wrong input or settings, 130 stopped by the user).
"""

from __future__ import annotations

import importlib
import io
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType

from timbrespace.errors import TimbrespaceError
from timbrespace.interrupts import interrupts_held

COMMANDS = {
    "corpora": "list, check and index sound corpora",
    "render": "render a corpus of notes from SoundFonts",
    "train": "train an encoder by a recipe",
    "tune": "train a tagger of the instruments that lead in music",
    "judge": "measure how well a tagger says which instruments lead",
    "tag": "say which instruments lead in music, over time",
    "embed": "turn sounds into embeddings",
    "library": "keep a catalogue of your own sounds, to search, tag and explore",
    "search": "find sounds of a library by example, words and ranges",
    "duplicates": "find sounds that a library holds more than once",
    "explore": "look at a library as a map in the browser",
    "similar": "say how alike sounds are",
    "identify": "say what a sound is: family, source, nearest instruments, or your own classes",
    "teach": "teach a classifier of your own classes from folders of sounds",
    "adapt": "bring an encoder nearer to your own recordings, in seconds",
    "verify": "measure how well embeddings tell unseen instruments apart",
    "map": "draw sounds so that like ones lie together, and say how far to believe it",
    "probe": "find out what can be read from embeddings",
    "retrieve": "measure what a search by sound finds",
    "report": "write everything that is known of embeddings as one page",
    "reproduce": "train and evaluate all rows of a paper's tables anew",
    "export": "write an encoder or a tagger as ONNX, for programs without Python",
    "doctor": "say what is installed, what is missing and what to do",
}

_EXAMPLE = """Example:
  timbrespace embed my_samples --out mine.parquet
  timbrespace verify --embeddings mine.parquet

timbrespace COMMAND --help teaches each command."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    # Threads that spin while they wait take the processor from all else that runs.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal may lack letters
    try:
        with _all_written():
            return _dispatch(arguments)
    except BrokenPipeError:  # the reader, as `head`, has had enough
        return 0
    except (OSError, MemoryError) as fault:
        _say(arguments, str(fault) or "not enough memory.")
        return 2


def _dispatch(arguments: Sequence[str]) -> int:
    if not arguments or arguments[0] in {"-h", "--help"}:
        sys.stdout.write(_overview())
        return 0 if arguments else 2
    if arguments[0] in {"-V", "--version"}:
        from importlib.metadata import version

        sys.stdout.write(f"timbrespace {version('timbrespace')}\n")
        return 0
    return _run(arguments)


@contextmanager
def _all_written() -> Iterator[None]:
    """Write out what was printed; where that fails, leave nothing that would fail again at exit."""
    try:
        yield
    finally:
        try:
            sys.stdout.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise


def _say(arguments: Sequence[str], message: str) -> None:
    from timbrespace.cli.shared import printable

    command = " ".join(["timbrespace", *arguments[:1]])
    sys.stderr.write(printable(f"{command}: {message}\n"))


def _overview() -> str:
    width = max(len(name) for name in COMMANDS)
    lines = [f"  {name:<{width}}  {summary}" for name, summary in COMMANDS.items()]
    return (
        "usage: timbrespace [--version] COMMAND ...\n\n"
        "Learn, verify and use embeddings of musical-instrument timbre.\n\nCommands:\n"
        + "\n".join(lines)
        + f"\n\n{_EXAMPLE}\n"
    )


def _run(arguments: Sequence[str]) -> int:
    name = arguments[0]
    if name not in COMMANDS:
        _say([], f"no command {name!r}; commands are {', '.join(COMMANDS)}.")
        return 2
    try:
        with interrupts_held():
            command: ModuleType = importlib.import_module(f"timbrespace.cli.{name}")
        return int(command.run(command.parser().parse_args(arguments[1:])))
    except TimbrespaceError as fault:
        _say(arguments, str(fault))
        return 2
    except KeyboardInterrupt:
        sys.stderr.write(f"\ntimbrespace {name}: stopped.\n")
        return 130
