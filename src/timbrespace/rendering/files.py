"""Where things lie in a rendered corpus, and whose folder it is.

Comes in: the folder. Goes out: the paths in it.

    FOLDER/
      README.md                  open-notes only: the data card
      render.json                what was asked for and what came of it
      nsynth-SPLIT/              train, valid, test
        examples.json            one entry per note
        audio/NOTE.wav
      .render/                   lets a stopped run go on
        lock
        request.json
        INSTRUMENT.json          written when all of an instrument's audio is
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from timbrespace.errors import ConfigError
from timbrespace.rendering.jobs import InstrumentJob


@dataclass(frozen=True)
class CorpusFolder:
    """The folder of a rendered corpus."""

    root: Path

    @property
    def lock(self) -> Path:
        """Held while a process renders into the folder."""
        return self.root / ".render" / "lock"

    @property
    def card(self) -> Path:
        """The data card."""
        return self.root / "README.md"

    @property
    def summary(self) -> Path:
        """What was asked for and what came of it."""
        return self.root / "render.json"

    def part(self, job: InstrumentJob) -> Path:
        """What came of one instrument; exists if all of its audio does."""
        return self.root / ".render" / f"{job.instrument}.json"

    def audio(self, split: str) -> Path:
        """Folder of a split's WAV files."""
        return self.root / f"nsynth-{split}" / "audio"

    def examples(self, split: str) -> Path:
        """A split's table of notes."""
        return self.root / f"nsynth-{split}" / "examples.json"

    def check_free(self) -> None:
        """Make sure that the folder is new, empty or a rendered corpus.

        Raises:
            ConfigError: it is a file, or holds what no rendering wrote.
        """
        if self.root.exists() and not self.root.is_dir():
            raise ConfigError(f"{self.root} is a file; choose a folder.")
        others = sorted(path.name for path in self.root.glob("*"))
        if others and not (self.root / ".render").is_dir():
            raise ConfigError(
                f"{self.root} holds {', '.join(others[:3])}, which no rendering wrote; "
                "choose a new or empty folder."
            )

    def claim(self, request: dict[str, Any]) -> None:
        """Make the folder this request's own.

        Args:
            request: what determines every byte of the corpus, as JSON values.

        Raises:
            ConfigError: it holds the corpus of another request.
        """
        file = self.root / ".render" / "request.json"
        if file.is_file():
            _check_same(json.loads(file.read_text()), request, self.root)
        else:
            write_whole(file, json_object(request.items()))


def wav_bytes(n_samples: int) -> int:
    """Size of a WAV file of one channel of 16 bits, with its header."""
    return 44 + 2 * n_samples


def has_size(file: Path, n_bytes: int) -> bool:
    """Whether a file is there and as large as it must be."""
    try:
        return file.stat().st_size == n_bytes
    except FileNotFoundError:
        return False


def write_whole(file: Path, chunks: Iterable[str]) -> None:
    """Write text so that a stop in the middle leaves no file, or the old one."""
    partial = file.with_name(f"{file.name}.partial")
    with partial.open("w") as stream:
        stream.writelines(chunks)
    partial.replace(file)


def json_object(entries: Iterable[tuple[str, Any]]) -> Iterator[str]:
    """A JSON object, an entry a line, piece by piece: of any length in little memory.

    Example:
        >>> print("".join(json_object([("a", [1, 2]), ("b", None)])), end="")
        {
        "a": [1, 2],
        "b": null
        }
    """
    separator = "{\n"
    for name, entry in entries:
        yield f"{separator}{json.dumps(name)}: {json.dumps(entry)}"
        separator = ",\n"
    yield "{}\n" if separator == "{\n" else "\n}\n"


def _check_same(earlier: dict[str, Any], now: dict[str, Any], root: Path) -> None:
    changed = [
        f"{name} was {_short(earlier.get(name))}, now {_short(now[name])}"
        for name in now
        if earlier.get(name) != now[name]
    ]
    if changed:
        raise ConfigError(
            f"{root} holds a corpus of other settings: {'; '.join(changed)}. "
            "Ask for the same, or choose a new folder."
        )


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 60 else f"{text[:60]} …"
