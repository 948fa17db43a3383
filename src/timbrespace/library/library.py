"""A library: a person's sounds, each with its vector, its descriptors and its tags.

Comes in: folders of sounds. Goes out: rows, vectors and neighbours. It lies in one folder:
`catalogue.sqlite` (rows), `vectors-….f16` (one row a slot) and what others derive from them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
import pyarrow as pa

from timbrespace.embeddings import Vectors
from timbrespace.errors import ConfigError, InputError
from timbrespace.library import index, search, tagging
from timbrespace.library.adding import Added, Progress, add_folders
from timbrespace.library.binding import bound_encoder, rebound_encoder
from timbrespace.library.catalogue import Catalogue
from timbrespace.library.changes import readable
from timbrespace.library.duplicates import Duplicates, find_duplicates
from timbrespace.library.exporting import export_rows
from timbrespace.library.hearing import hear_sound
from timbrespace.library.naming import Namer, Names
from timbrespace.library.query import Example, Query
from timbrespace.library.rows import Where, read_rows
from timbrespace.library.scan import absolute, scannable
from timbrespace.library.status import Status, failed_files, status_of
from timbrespace.library.tidying import Pruned, prune_files, remove_files
from timbrespace.library.vectors import Matrix, VectorFile
from timbrespace.library.weighing import Hits
from timbrespace.locks import exclusive

if TYPE_CHECKING:
    from timbrespace.library.binding import EncoderSource
    from timbrespace.models import Encoder, Sound


def default_folder() -> Path:
    """Where a person's library lies: $TIMBRESPACE_LIBRARY, else in the user's folder of data."""
    named = os.environ.get("TIMBRESPACE_LIBRARY")
    if named:
        return Path(named)
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data, "timbrespace", "library")


class Library:
    """A library on disk; made by `Library.open`.

    May be used from several threads. One process at a time adds or prunes; any number reads, tags
    and marks favourites meanwhile.

    Attributes:
        folder: where it lies.
        encoder: what makes its vectors, loaded when first asked for.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._encoder: Encoder | None = None

    @classmethod
    def open(cls, path: str | Path | None = None, *, writable: bool = True) -> Self:
        """Open a library; a missing one is made.

        Args:
            path: its folder; None takes `default_folder`.
            writable: if False, nothing is made or changed.

        Raises:
            InputError: there is none to read, or what is there is none.
        """
        folder = default_folder() if path is None else Path(path)
        return cls(Catalogue(folder.absolute(), writable=writable))

    def close(self) -> None:
        """Close the catalogue."""
        self._catalogue.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *fault: object) -> None:
        self.close()

    @property
    def folder(self) -> Path:
        """Where the library lies."""
        return self._catalogue.folder

    @property
    def folders(self) -> list[Path]:
        """The folders and files that were added, as absolute paths."""
        return [Path(place) for place in json.loads(self._catalogue.meta("folders") or "[]")]

    @property
    def n_sounds(self) -> int:
        """How many sounds there are of files that could be heard and are there."""
        return int(self._catalogue.execute("SELECT count(*) FROM heard").fetchone()[0])

    @property
    def encoder_name(self) -> str | None:
        """Name of the encoder that makes the vectors; None before the first sound."""
        return self._catalogue.meta("encoder_name")

    @property
    def encoder_hash(self) -> str | None:
        """Content hash of the encoder that makes the vectors; None before the first sound."""
        return self._catalogue.meta("encoder_hash")

    @property
    def encoder(self) -> Encoder:
        """The encoder that makes the vectors, loaded once.

        Raises:
            InputError: it is not where it was, or has changed.
        """
        if self._encoder is None:
            self._encoder = bound_encoder(self._catalogue)
        return self._encoder

    @property
    def vectors(self) -> Matrix:
        """The vector of each slot, mapped from disk; (slots, dimensions) float16, unit length.

        Slots that no row names hold nothing of use.
        """
        matrix = self._matrix()
        return matrix.read(int(self._catalogue.meta("next_slot") or 0))

    def add(
        self,
        places: Iterable[str | Path] = (),
        encoder: EncoderSource | None = None,
        *,
        slices: bool | None = None,
        again: bool = False,
        on_progress: Progress = lambda work, done, total: None,
    ) -> Added:
        """Hear what is new or changed in folders, follow what moved, and note what is gone.

        It may be stopped at any moment; the next call goes on from there.

        Args:
            places: folders and audio files; none takes all that were ever added and are there.
            encoder: an encoder, or its name or folder; None takes the library's own or, for a new
                library, the default one.
            slices: cut each file into sounds at onsets, rather than take it as one sound; None
                does as the library does. It is chosen once for a library.
            again: hear every file anew, by `encoder`; ids, tags and favourites stay.
            on_progress: called with what is done, how many are done, and of how many.

        Raises:
            InputError: a place is missing or no audio, the library was made with another encoder,
                or another process is adding to it.
            ConfigError: the library's sounds were cut otherwise.
        """
        listed = [scannable(place) for place in places]
        listed = listed or [place for place in self.folders if place.exists()]
        if not listed:
            raise InputError(
                f"{self.folder}: no folder that was added is there; name a folder of sounds."
            )
        with exclusive(self.folder / ".lock", work="adding sounds"):
            wanted = self._encoder if encoder is None else encoder
            if again:
                self._encoder = rebound_encoder(self._catalogue, encoder)
            else:
                self._encoder = bound_encoder(self._catalogue, wanted)
            cut = self._settle(listed, slices)
            found = add_folders(
                self._catalogue,
                self._matrix(),
                self._encoder,
                listed,
                slices=cut,
                on_progress=on_progress,
            )
            index.refresh(self._catalogue, self.vectors)
        return found

    def prune(self) -> Pruned:
        """Forget files that are gone, with their tags; see `Pruned` for what is kept."""
        with exclusive(self.folder / ".lock", work="changing the library"):
            return prune_files(self._catalogue, self.folders)

    def remove(self, places: Iterable[str | Path]) -> int:
        """Forget files, and all files below folders; returns how many. The files stay.

        Raises:
            InputError: the library holds nothing of a place, which was not added either.
        """
        listed = [absolute(place) for place in places]
        with exclusive(self.folder / ".lock", work="changing the library"):
            n_files = remove_files(self._catalogue, listed, self.folders)
            self._keep_folders(
                place
                for place in self.folders
                if not any(place.is_relative_to(removed) for removed in listed)
            )
        return n_files

    def export(self, out: str | Path) -> int:
        """Write all rows and vectors to a .parquet file; returns how many.

        Raises:
            InputError: the name does not end in .parquet, or the library is empty.
        """
        with self._catalogue.snapshot():
            return export_rows(
                self._catalogue,
                self.vectors,
                Path(out),
                encoder_name=self.encoder_name or "",
                encoder_hash=self.encoder_hash or "",
            )

    def rows(
        self,
        columns: Sequence[str] | None = None,
        where: Where | None = None,
        order: str | None = None,
        limit: int | None = None,
    ) -> pa.Table:
        """Rows of the sounds of files that could be heard and are there.

        Args:
            columns: names, as in `rows.COLUMNS`; None takes all.
            where: a condition in SQL with ? for values, and the values.
            order: a column, with "-" in front for falling; None takes the id.
            limit: rows at most.

        Raises:
            InputError: a column is not known, or the condition is none.

        Example:
            `library.rows(["path"], where=("duration_s < ?", [1.0]), order="-brightness_hz")`
        """
        return read_rows(self._catalogue, columns, where, order, limit)

    def search(self, query: Query, n: int = 20) -> pa.Table:
        """The `n` sounds that answer a query best; see `search.search_all`."""
        return self.search_all([query], n)[0]

    def search_all(self, queries: Sequence[Query], n: int = 20) -> list[pa.Table]:
        """Answers to several queries; the matrix is read once for all of them."""
        heard = [self._heard(query) for query in queries]
        with self._catalogue.snapshot():
            return search.search_all(self._catalogue, self.vectors, heard, n)

    def hits_of_all(self, queries: Sequence[Query], n: int = 20) -> list[Hits]:
        """As `search_all`, but ids and scores only."""
        heard = [self._heard(query) for query in queries]
        with self._catalogue.snapshot():
            return search.hits_of_all(self._catalogue, self.vectors, heard, n)

    def tag(self, ids: Sequence[int], add: Sequence[str] = (), remove: Sequence[str] = ()) -> None:
        """Give sounds tags, and take tags from them."""
        tagging.tag(self._catalogue, ids, add, remove)

    def write_tags(self, out: str | Path) -> int:
        """Write a CSV file of all tags; returns how many sounds have some."""
        return tagging.write_tags(self._catalogue, Path(out))

    def write_tags_into_files(self, ids: Iterable[int]) -> list[str]:
        """Write the tags of sounds into their files; a line for each that was not written."""
        return tagging.write_into_files(self._catalogue, ids)

    def duplicates(self, *, least_cosine: float = 0.99) -> list[Duplicates]:
        """Groups of sounds that are one; see `duplicates.find_duplicates`."""
        return find_duplicates(self._catalogue, self.vectors, least_cosine=least_cosine)

    def favourite(self, ids: Iterable[int], on: bool = True) -> None:
        """Mark sounds as favourites, or no longer."""
        with self._catalogue.transaction():
            self._catalogue.execute_many(
                "UPDATE sounds SET favourite = ? WHERE id = ?", [(on, number) for number in ids]
            )

    def place(self, sound: Sound, sample_rate_hz: int | None = None) -> Vectors:
        """The vector of any sound, in or out of the library; (dimensions,) float32.

        Args:
            sound: a path or an array.
            sample_rate_hz: of an array.

        Raises:
            AudioError: it is missing, silent or no audio.
        """
        (vector,) = self.encoder.embed(sound, sample_rate_hz)
        return np.asarray(vector, np.float32)

    def example(self, path: str | Path) -> Example:
        """A file as something to search by: its vector and its descriptors.

        Raises:
            AudioError: it is missing, silent or no audio.
        """
        from timbrespace.models import embed_waveforms

        sound = hear_sound(Path(path), self.encoder.sample_rate_hz)
        return Example.of(embed_waveforms(self.encoder, [sound.note])[0], sound.descriptors)

    def names(self, vectors: Vectors) -> list[Names]:
        """Family, source and nearest instruments of vectors of the library's encoder."""
        return Namer(self.encoder_hash or "").names(vectors)

    def status(self) -> Status:
        """How much there is, and in what state."""
        return status_of(self._catalogue, self.folders)

    def failed(self) -> Iterator[tuple[str, str]]:
        """Path and reason of each file that cannot be used."""
        return failed_files(self._catalogue)

    def _matrix(self) -> VectorFile:
        dimensions = int(self._catalogue.meta("dimensions") or 0)
        return VectorFile(self.folder, self.encoder_hash or "", dimensions)

    def _settle(self, places: Sequence[Path], slices: bool | None) -> bool:
        """Keep what was added and how it is cut; returns whether it is."""
        known = self._catalogue.meta("slices")
        cut = bool(slices) if known is None else known == "1"
        if slices not in (None, cut):
            raise ConfigError(
                f"slices: the library keeps {'slices' if cut else 'whole files'}; make another "
                f"library for {'whole files' if cut else 'slices'}."
            )
        with self._catalogue.transaction():
            self._catalogue.set_meta("slices", str(int(cut)))
        self._keep_folders([*self.folders, *places])
        return cut

    def _keep_folders(self, places: Iterable[Path]) -> None:
        names = list(dict.fromkeys(readable(str(place)) for place in places))
        with self._catalogue.transaction():
            self._catalogue.set_meta("folders", json.dumps(names))

    def _heard(self, query: Query) -> Query:
        """The query with the files that it names heard."""
        return replace(query, like=self._examples(query.like), unlike=self._examples(query.unlike))

    def _examples(self, side: Sequence[object]) -> list[object]:
        return [self.example(each) if isinstance(each, str | Path) else each for each in side]
