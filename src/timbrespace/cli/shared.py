"""What every command shares: the parser's form, consoles, the bar for long work, checks of places.

Comes in: text of any origin and places as typed. Goes out: what a terminal can show, or an error
before the work whose results could not be written.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, NoReturn

from jsonargparse import ArgumentParser
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text
from rich_argparse import RawDescriptionRichHelpFormatter

from timbrespace.errors import InputError

_LONGEST_WORD = 300
_LONGEST_NAME = 60

_NOT_A_NUMBER = re.compile(
    r"Parser key \"(?:\w+\.)*(\w+)\"(?: element \d+)?:\s+"
    r"Expected a <class '(int|float)'>\. Got value: (.*)"
)
_NUMBERS = {"int": "a whole number", "float": "a number"}


class _SafeConsole(Console):
    """A console that shows text of any origin as letters, never as commands to the terminal."""

    def __init__(self, *, stderr: bool = False) -> None:
        super().__init__(stderr=stderr, soft_wrap=True, highlight=False, emoji=False)

    def render_str(self, text: str, **options: Any) -> Text:
        return super().render_str(printable(text), **options)

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError  # rich would end with exit code 1


def printable(text: str) -> str:
    r"""Text of any origin without control characters, words of more than 300 letters cut.

    Example:
        >>> printable("oboe\x1b[31m")
        'oboe�[31m'
    """
    letters = (letter if letter.isprintable() or letter in "\n\t" else "\ufffd" for letter in text)
    cut = rf"(\S{{{_LONGEST_WORD}}})\S+"
    return re.sub(cut, r"\1…", "".join(letters))


def one_line(text: object) -> str:
    r"""Text of any origin, as a path, that cannot pass for another line of the output.

    Example:
        >>> one_line("a\nb.wav: flute 99 %")
        'a�b.wav: flute 99 %'
    """
    return re.sub(r"[\r\n\t]", "\ufffd", str(text))


def shown(name: str) -> str:
    r"""A name from a file as a cell of a table: one line of at most 60 letters, no markup.

    Example:
        >>> shown("oboe\n[solo]")
        'oboe \\[solo]'
    """
    line = " ".join(name.split())
    return escape(line if len(line) <= _LONGEST_NAME else f"{line[: _LONGEST_NAME - 1]}…")


class _Parser(ArgumentParser):
    """A parser that names a wrong number as it was typed."""

    def error(self, message: str, ex: Exception | None = None) -> NoReturn:
        super().error(_NOT_A_NUMBER.sub(_by_flag, message), ex)


def _by_flag(fault: re.Match[str]) -> str:
    name, kind, value = fault.groups()
    return f"--{name.replace('_', '-')} must be {_NUMBERS[kind]}, got {value or 'nothing'}."


def command_parser(name: str, description: str, epilog: str = "") -> ArgumentParser:
    """Parser of `timbrespace NAME`; the epilog, shown as typed, holds examples and exit codes."""
    return _Parser(
        prog=f"timbrespace {name}",
        description=description,
        epilog=epilog,
        formatter_class=RawDescriptionRichHelpFormatter,
        exit_on_error=True,
    )


def console() -> Console:
    """Where results go: standard output."""
    return _SafeConsole()


def error_console() -> Console:
    """Where faults and progress go: standard error."""
    return _SafeConsole(stderr=True)


def progress() -> Progress:
    """A bar for long work, on standard error: name, done of all, time spent and left."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
        console=error_console(),
    )


def shown_in(bars: Progress, units: Mapping[str, str]) -> Callable[[str, int, int | None], None]:
    """What a long work calls, with a name, how much is done and of how much, to be shown.

    Args:
        bars: gets a line for each name.
        units: by name what is counted, to say how many a second since the first call; a name that
            is not here shows no rate.
    """
    begun: dict[str, tuple[TaskID, int, float]] = {}

    def show(work: str, done: int, total: int | None) -> None:
        if work not in begun:
            begun[work] = bars.add_task(work, total=None, note=""), done, time.monotonic()
        task, first, since = begun[work]
        seconds = time.monotonic() - since
        rate = (done - first) / seconds if seconds >= 1 else 0.0
        decimals = 0 if rate >= 10 else 1
        note = f"{rate:,.{decimals}f} {units[work]}/s" if rate and work in units else ""
        bars.update(task, completed=done, total=total, note=note)

    return show


def list_problems(problems: Sequence[str]) -> None:
    """Say on standard error what could not be done, a line each."""
    if problems:
        errors = error_console()
        errors.print(f"{len(problems)} skipped:")
        for problem in problems:
            errors.print(f"  {one_line(problem)}", markup=False)


def check_output(path: Path, *, suffixes: tuple[str, ...] = ()) -> None:
    """Check that a file can be written here, and make the folder it is to lie in.

    Args:
        path: the file, which may be there already.
        suffixes: what its name may end in; anything if empty.

    Raises:
        InputError: the name ends in something else, is that of a folder or is too long, or nothing
            can be written here.
    """
    if suffixes and path.suffix.lower() not in suffixes:
        raise InputError(f"{path}: the name must end in {' or '.join(suffixes)}.")
    try:
        if path.is_dir():
            raise InputError(f"{path}: is a folder; name a file to write.")
        if not path.exists():
            _probe(path.parent, name=path.name)
        elif not os.access(path, os.W_OK):
            raise InputError(f"{path}: is there and must not be written to; name another file.")
    except OSError as fault:
        raise _unusable(path, fault) from fault


def check_output_folder(path: Path) -> None:
    """Make a folder, if it is not there, and check that files can be written into it.

    Raises:
        InputError: it is a file, its name is too long, or nothing can be written here.
    """
    try:
        _probe(path)
    except OSError as fault:
        raise _unusable(path, fault) from fault


def _probe(folder: Path, *, name: str = "") -> None:
    """Write an empty file, gone again at once, into a folder that is made."""
    folder.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=folder, prefix=name):
        pass


def _unusable(path: Path, fault: OSError) -> InputError:
    blocked = isinstance(fault, FileExistsError | NotADirectoryError)
    reason = "a file is where a folder must be" if blocked else fault.strerror
    return InputError(f"{path}: cannot be written ({reason}); name another place.")
