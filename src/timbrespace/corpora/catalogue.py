"""Every corpus that can be read, by name: a name comes in, a corpus goes out."""

from __future__ import annotations

from timbrespace.corpora import folder, irmas, medley_solos_db, nsynth, philharmonia, rwc, tinysol
from timbrespace.corpora.base import Corpus
from timbrespace.errors import ConfigError

CORPORA: dict[str, Corpus] = {
    "nsynth": nsynth,
    "rwc": rwc,
    "philharmonia": philharmonia,
    "tinysol": tinysol,
    "irmas": irmas,
    "medley-solos-db": medley_solos_db,
    "folder": folder,
}


def get_corpus(name: str) -> Corpus:
    """The corpus of this name.

    Raises:
        ConfigError: there is none; the message lists the known ones.

    Example:
        >>> get_corpus("nsynth").info.title
        'NSynth'
    """
    if name not in CORPORA:
        raise ConfigError(f"no corpus {name!r}; known are {', '.join(CORPORA)}.")
    return CORPORA[name]
