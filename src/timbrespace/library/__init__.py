"""A person's folders as a catalogue on disk: embedded, described, searched and tagged."""

from timbrespace.library.adding import Added
from timbrespace.library.library import Library, default_folder

__all__ = ["Added", "Library", "default_folder"]
