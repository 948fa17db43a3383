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


_AGAIN = "not yet heard by the library's new encoder; add again"


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
    from timbrespace.models import encoder_hash

    found, source = _loaded(catalogue, encoder)
    known, content = catalogue.meta("encoder_hash"), encoder_hash(found)
    if known is None and catalogue.writable:
        with catalogue.transaction():
            _bind(catalogue, found, content, source)
    elif known != content:
        raise InputError(
            f"{catalogue.folder}: the library was made with the encoder "
            f"{catalogue.meta('encoder_name')!r} ({known}), this one is {found.name!r} "
            f"({content}), and their vectors do not compare; give that encoder, or have all heard "
            "again by this one with `timbrespace library add --again`."
        )
    return found


def rebound_encoder(catalogue: Catalogue, encoder: EncoderSource | None = None) -> Encoder:
    """Give a library another encoder; every file is then to be heard again.

    Ids, tags and favourites stay. Until a file is heard its sounds do not show. All is one
    transaction, so that the next run goes on from wherever this one stops.

    Args:
        catalogue: of the library, writable.
        encoder: as in `bound_encoder`; the library's own may have become another under its name.

    Raises:
        ConfigError: the encoder cannot be built.
    """
    from timbrespace.models import encoder_hash

    found, source = _loaded(catalogue, encoder)
    with catalogue.transaction():
        catalogue.execute("UPDATE sounds SET slot = -1 - slot WHERE slot >= 0")
        catalogue.execute(
            "UPDATE files SET reason = ?, status = replace(status, 'ok', 'failed') "
            "WHERE reason IS NULL",
            [_AGAIN],
        )
        catalogue.set_meta("next_slot", "0")
        _bind(catalogue, found, encoder_hash(found), source)
    return found


def _loaded(catalogue: Catalogue, encoder: EncoderSource | None) -> tuple[Encoder, str]:
    """The encoder, and where it can be loaded from again; nowhere if it is given itself."""
    from timbrespace.models import Encoder, load_encoder, on_quickest_device

    source = catalogue.meta("encoder_source") or "default" if encoder is None else encoder
    if isinstance(source, Encoder):
        return source, ""
    if isinstance(source, str) and Path(source).is_dir():
        source = Path(source).absolute()
    return on_quickest_device(load_encoder(source)), str(source)


def _bind(catalogue: Catalogue, encoder: Encoder, content: str, source: str) -> None:
    catalogue.set_meta("encoder_name", encoder.name)
    catalogue.set_meta("encoder_hash", content)
    catalogue.set_meta("encoder_source", source)
    catalogue.set_meta("dimensions", str(encoder.embedding_size))
