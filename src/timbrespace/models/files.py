"""An encoder as a folder that can be shared: `config.json`, `model.safetensors`, `README.md`.

Comes in: an encoder, or a folder that may come from a stranger. Goes out: the folder, or an encoder
in evaluation mode. Nothing is ever unpickled, and nothing is built before its size is known.
"""

from __future__ import annotations

from pathlib import Path

from timbrespace.errors import ConfigError
from timbrespace.models.config import encoder_config, encoder_from_config
from timbrespace.models.encoder import Encoder
from timbrespace.models.folders import (
    CONFIG,
    WEIGHTS,
    content_hash,
    plain_weights,
    read_card,
    read_cohort,
    read_config,
    write_model,
)
from timbrespace.models.limits import check_name
from timbrespace.models.weights import read_weights

_FORMAT = "timbrespace-encoder/1"


def save_encoder(
    encoder: Encoder,
    folder: str | Path,
    *,
    name: str,
    card: str | None = None,
    cohort: bytes = b"",
) -> None:
    """Write an encoder's folder, whole or not at all; an encoder that stood there is replaced.

    Args:
        encoder: what to write.
        folder: where; its parents are made.
        name: what people call the encoder; one line of at most 100 letters.
        card: text of its README.md.
        cohort: content of its cohort.parquet, see `timbrespace.training.cohort`.

    Raises:
        ConfigError: the encoder has a part that cannot be shared, or the name is no name.
        InputError: the folder holds something else than an encoder.
    """
    config = {"format": _FORMAT, "name": check_name(name), **encoder_config(encoder)}
    write_model(Path(folder), config, plain_weights(encoder), card, cohort=cohort)


def read_encoder(folder: Path) -> Encoder:
    """Read an encoder's folder.

    Args:
        folder: as `save_encoder` writes it; need not be trusted.

    Returns:
        The encoder on the CPU, in evaluation mode, with its `name`, `card` and `cohort`.

    Raises:
        InputError: a file is missing, too large or cannot be read.
        ConfigError: `config.json` describes no encoder that can be built, or one that is too large,
            or the weights do not fit it; the message names what is wrong.
    """
    config = read_config(folder, _FORMAT)
    try:
        name = check_name(config.pop("name", None))
        planned = encoder_from_config(config, device="meta")
    except ConfigError as fault:
        raise ConfigError(f"{folder / CONFIG}: {fault}") from fault
    weights = read_weights(folder / WEIGHTS, planned.state_dict())
    encoder = encoder_from_config(config)
    encoder.load_state_dict(weights)
    encoder.name = name
    encoder.card, encoder.cohort = read_card(folder), read_cohort(folder)
    return encoder.eval()


def encoder_hash(encoder: Encoder) -> str:
    """Content hash over the settings and every weight, but not the name; 16 hexadecimal digits.

    Raises:
        ConfigError: the encoder has a part that cannot be shared.
    """
    return content_hash(encoder_config(encoder), plain_weights(encoder))
