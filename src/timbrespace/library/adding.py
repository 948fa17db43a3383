"""Add folders to a library: hear what is new or changed, follow what moved, list what is bad.

Comes in: folders, a catalogue, an encoder. Goes out: the catalogue as the folders are now, and the
counts. It may be stopped at any moment; the next run goes on from the last batch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from timbrespace.library.ahead import Fault, Outcome, hear_all
from timbrespace.library.catalogue import Catalogue
from timbrespace.library.changes import Changes, Task
from timbrespace.library.keeping import Keeper
from timbrespace.library.naming import Namer
from timbrespace.library.scan import scan
from timbrespace.library.vectors import VectorFile

if TYPE_CHECKING:
    from timbrespace.models import Encoder

Progress = Callable[[str, int, int | None], None]
"""Called with what is being done, how many are done, and of how many, if that is known."""


@dataclass
class Added:
    """What came of adding folders; counts are files.

    Attributes:
        added: new in the catalogue.
        unchanged: were there, as they are.
        changed: were there with other content, and were heard again.
        moved: were there under another path.
        missing: were there and are gone; `prune` forgets them.
        sounds: that were heard.
        failed: path and reason of each that cannot be used.
        problems: one line for each place that could not be looked into.
    """

    added: int = 0
    unchanged: int = 0
    changed: int = 0
    moved: int = 0
    missing: int = 0
    sounds: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def count(self, task: Task, outcome: Outcome) -> None:
        """Count what was heard of a file."""
        if isinstance(outcome, Fault):
            self.failed.append((task.found.path, outcome.reason))
            return
        self.sounds += len(outcome.sounds)
        if not outcome.is_last:
            return
        if outcome.content_hash == task.known_hash:
            self.unchanged += 1
        elif task.file_id is None:
            self.added += 1
        else:
            self.changed += 1


def add_folders(
    catalogue: Catalogue,
    matrix: VectorFile,
    encoder: Encoder,
    places: Sequence[Path],
    *,
    slices: bool,
    on_progress: Progress,
) -> Added:
    """Bring the catalogue up to date with `places`; see `Library.add`."""
    from timbrespace.models import encoder_hash

    found = Added()
    changes = Changes(catalogue)
    for n_seen in changes.see(scan(places, found.problems.append)):
        on_progress("looking", n_seen, None)
    found.unchanged = changes.compare()
    found.moved = changes.follow_moves()
    found.missing = changes.mark_missing(places)
    keeper = Keeper(catalogue, matrix, encoder, Namer(encoder_hash(encoder)))
    n_tasks, n_done = changes.n_tasks(), 0
    on_progress("listening", n_done, n_tasks)
    rate = encoder.sample_rate_hz
    with closing(hear_all(changes.tasks(), sample_rate_hz=rate, slices=slices)) as heard:
        for task, outcome in heard:
            keeper.take(task, outcome)
            found.count(task, outcome)
            if isinstance(outcome, Fault) or outcome.is_last:
                n_done += 1
                on_progress("listening", n_done, n_tasks)
    keeper.write()
    changes.forget()
    return found
