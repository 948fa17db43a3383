"""Encoders on the Hugging Face hub: one repository is one encoder's folder.

Comes in: a repository's id, and an encoder to share. Goes out: the folder on this machine, or the
address of what was shared. The client of the hub is loaded only here, when it is needed.
"""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from timbrespace.errors import InputError

if TYPE_CHECKING:
    from timbrespace.models.encoder import Encoder

_FILES = ["config.json", "model.safetensors", "README.md", "cohort.parquet"]

_CARD = """---
library_name: timbrespace
pipeline_tag: feature-extraction
tags:
- audio
- timbre
- musical-instruments
---

# {name}

An encoder of the timbre of musical instruments: sounds in, vectors of {size} values and unit length
out, whose dot product says how alike two sounds are. It hears mono at {rate} Hz.

```python
import timbrespace

encoder = timbrespace.load_encoder("FOLDER or OWNER/NAME")
vectors = encoder.embed(["a.wav", "b.flac"])  # (2, {size}) float32
```
"""


def is_hub_id(name: str) -> bool:
    """Whether a name has the form OWNER/NAME.

    Example:
        >>> is_hub_id("me/oboes"), is_hub_id("./oboes"), is_hub_id("runs/small/encoder")
        (True, False, False)
    """
    return re.fullmatch(r"\w[\w.-]*/\w[\w.-]*", name, flags=re.ASCII) is not None


def download_encoder(
    repo_id: str,
    *,
    revision: str | None = None,
    token: str | bool | None = None,
    cache_dir: str | Path | None = None,
    force_download: bool = False,
    local_files_only: bool = False,
) -> Path:
    """Folder of an encoder from the hub; what is in the cache is not fetched again.

    Args:
        repo_id: OWNER/NAME.
        revision: branch, tag or commit; None takes the newest.
        token: of an account, where the repository is private; None takes the one logged in.
        cache_dir: where files are kept; None takes the hub client's own place.
        force_download: fetch what is in the cache, too.
        local_files_only: take what is in the cache, and nothing else.

    Raises:
        InputError: there is no such repository or revision, or the hub cannot be reached.
    """
    from huggingface_hub import snapshot_download

    try:
        folder = snapshot_download(
            repo_id,
            revision=revision,
            token=token,
            cache_dir=cache_dir,
            force_download=force_download,
            local_files_only=local_files_only,
            allow_patterns=_FILES,
        )
    except Exception as fault:  # the client raises what its network libraries raise, of any kind
        raise InputError(
            f"{repo_id}: no such folder, and not to be had from the Hugging Face hub "
            f"({_first_line(fault)})."
        ) from fault
    return Path(folder)


def upload_encoder(
    encoder: Encoder,
    repo_id: str,
    *,
    commit_message: str,
    private: bool | None,
    token: str | None,
    branch: str | None,
    create_pr: bool,
) -> str:
    """Put an encoder's folder on the hub; the arguments are those of `Encoder.push_to_hub`."""
    from huggingface_hub import HfApi

    with TemporaryDirectory() as scratch:
        folder = Path(scratch, "encoder")
        encoder.save_pretrained(folder)
        try:
            api = HfApi(token=token)
            commit = api.upload_folder(
                repo_id=api.create_repo(repo_id, private=private, exist_ok=True).repo_id,
                folder_path=folder,
                commit_message=commit_message,
                revision=branch,
                create_pr=create_pr,
            )
        except Exception as fault:  # as above
            raise InputError(
                f"{repo_id}: cannot be written on the Hugging Face hub ({_first_line(fault)})."
            ) from fault
    return str(commit)


def plain_card(encoder: Encoder) -> str:
    """A model card that says what an encoder takes and gives, with the hub's metadata."""
    return _CARD.format(name=encoder.name, size=encoder.embedding_size, rate=encoder.sample_rate_hz)


def _first_line(fault: Exception) -> str:
    lines = str(fault).strip().splitlines()
    return (lines[0] if lines else type(fault).__name__).rstrip(". ")
