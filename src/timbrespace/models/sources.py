"""An encoder by name, by folder, or from the Hugging Face hub."""

from __future__ import annotations

from pathlib import Path

from timbrespace.models.encoder import Encoder
from timbrespace.models.files import read_encoder
from timbrespace.models.hub import download_encoder, is_hub_id

DEFAULT = "default"
DEFAULT_FOLDER = Path(__file__).parent / DEFAULT


def load_encoder(source: str | Path = DEFAULT) -> Encoder:
    """Load an encoder; where it comes from need not be trusted.

    Args:
        source: "default", the encoder that comes with timbrespace; a folder as `save_encoder`
            writes it; or OWNER/NAME, where there is no such folder, on the Hugging Face hub
            (`Encoder.from_pretrained` has the hub's options). A `Path` is always a folder.

    Returns:
        The encoder on the CPU, in evaluation mode, with its `name` and `card`.

    Raises:
        InputError: a file is missing, too large or cannot be read, or the hub does not give it.
        ConfigError: `config.json` describes no encoder that can be built, or one that is too large,
            or the weights do not fit it; the message names what is wrong.
    """
    if source == DEFAULT:
        return read_encoder(DEFAULT_FOLDER)
    if isinstance(source, str) and is_hub_id(source) and not Path(source).exists():
        return read_encoder(download_encoder(source))
    return read_encoder(Path(source))
