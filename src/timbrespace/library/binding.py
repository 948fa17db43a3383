"""The one encoder of a library: whatever made its first vectors makes all of them.

Comes in: a catalogue, and an encoder or where to load one from. Goes out: the encoder, checked by
its content hash.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from timbrespace.errors import InputError
from timbrespace.library.catalogue import Catalogue

if TYPE_CHECKING:
    from timbrespace.models import Encoder

    EncoderSource = Encoder | str | Path


def bound_encoder(catalogue: Catalogue, encoder: EncoderSource | None = None) -> Encoder:
    """The encoder of a library; a new library takes what comes and keeps to it.

    Args:
        catalogue: of the library.
        encoder: an encoder, or its name or folder; None takes the library's own or, for a new
            library, the default one.

    Raises:
        InputError: the library was made with another encoder, or it is not known where it lies.
        ConfigError: the encoder cannot be built.
    """
    from timbrespace.models import Encoder, encoder_hash, load_encoder, on_quickest_device

    source = catalogue.meta("encoder_source") or "default" if encoder is None else encoder
    if isinstance(source, str) and Path(source).is_dir():
        source = Path(source).absolute()
    found = source if isinstance(source, Encoder) else on_quickest_device(load_encoder(source))
    known, content = catalogue.meta("encoder_hash"), encoder_hash(found)
    if known is None and catalogue.writable:
        _bind(catalogue, found, content, "" if isinstance(source, Encoder) else str(source))
    elif known != content:
        raise InputError(
            f"{catalogue.folder}: the library was made with the encoder "
            f"{catalogue.meta('encoder_name')!r} ({known}), this one is {found.name!r} "
            f"({content}), and their vectors do not compare; give that encoder, or make another "
            "library with this one."
        )
    return found


def _bind(catalogue: Catalogue, encoder: Encoder, content: str, source: str) -> None:
    with catalogue.transaction():
        catalogue.set_meta("encoder_name", encoder.name)
        catalogue.set_meta("encoder_hash", content)
        catalogue.set_meta("encoder_source", source)
        catalogue.set_meta("dimensions", str(encoder.embedding_size))
