"""The encoder: waveforms in, one embedding per waveform out.

Front end, backbone and pooling are joined by their shapes; a linear layer and batch normalisation
give the embedding, as in Shi et al. 2022, doi:10.1109/TASLP.2022.3140549. Embeddings are not
normalised to unit length by `forward`; `embed` does so. All is float32 but, where asked, the
backbone.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from timbrespace.models.base import Backbone, Frontend, Pooling
from timbrespace.models.checks import check_positive
from timbrespace.models.hub import download_encoder, plain_card, upload_encoder
from timbrespace.models.sounds import Sound, Windows, embed_sound_windows, embed_sounds
from timbrespace.models.speed import Precision, computing_on
from timbrespace.models.trunk import Trunk
from timbrespace.models.waveforms import BATCH_S, Vectors


class Encoder(Trunk):
    """Front end, backbone, pooling and the layer that gives the embedding.

    Args:
        frontend: waveform to frames.
        backbone: frames to frames.
        pooling: frames to one vector.
        embedding_size: values in an embedding.
        precision: how the backbone computes. Weights and everything else stay in float32, for the
            filters of a front end do not survive bfloat16. May be changed at any time.

    Raises:
        ConfigError: the pooling takes another number of features than the backbone gives, or
            embedding_size is below 1.

    Attributes:
        name: what people call it; travels with its files.
        card: its model card in Markdown, empty if it has none; travels with its files.
        cohort: its cohort.parquet as it is, empty if it has none; travels with its files, and is
            refused where it is used once the weights have changed.
        sample_rate_hz: rate of the waveforms that it takes.
    """

    def __init__(
        self,
        frontend: Frontend,
        backbone: Backbone,
        pooling: Pooling,
        embedding_size: int = 512,
        precision: Precision = "float32",
    ) -> None:
        super().__init__(frontend, backbone, pooling, precision)
        check_positive(embedding_size=embedding_size)
        self.name = "unnamed"
        self.card = ""
        self.cohort = b""
        self.embedding = nn.Linear(pooling.out_features, embedding_size)
        self.normalisation = nn.BatchNorm1d(embedding_size)
        self.embedding_size = embedding_size

    def forward(self, waveform: Tensor, n_samples: Tensor | None = None) -> Tensor:
        """Embed a batch of waveforms.

        Args:
            waveform: (batch, samples) float32 at `sample_rate_hz`, zero past each item's count.
            n_samples: samples of each item, at least 1; (batch,). None if all are full.

        Returns:
            (batch, embedding_size) float32, not normalised.

        Raises:
            InputError: the waveform is not (batch, samples) or has no sample.
        """
        vector = self.pool(waveform, n_samples)
        with torch.autocast(vector.device.type, enabled=False):
            embedding: Tensor = self.normalisation(self.embedding(vector))
        return embedding

    def embed(
        self,
        sounds: Sound | Sequence[Sound],
        sample_rate_hz: int | None = None,
        *,
        batch_s: float = BATCH_S,
        device: str | torch.device | None = None,
        precision: Precision | None = None,
    ) -> Vectors:
        """Embed one sound or several: files, arrays of any rate, or both.

        Each is prepared as in training: mixed to mono, resampled, trimmed of silence, brought to
        one level. Of a sound longer than a minute the first minute is heard; one longer than ten
        seconds is embedded in windows, and the mean of their unit vectors taken.

        Args:
            sounds: a path, an array (samples,) or (samples, channels), or a list of those.
            sample_rate_hz: rate of the arrays; files have their own.
            batch_s: seconds of sound that are computed at once.
            device: where to compute; None takes the GPU if there is one. The encoder then goes
                back: who embeds often, or from several threads, moves it by `on_quickest_device`.
            precision: of the backbone; None takes what is quickest there.

        Returns:
            (n, embedding_size) float32, each row of unit length; n is 1 for one sound.

        Raises:
            InputError: there is no sound, an array is none of sound or comes without its rate, or
                the encoder is in training mode.
            AudioError: a file cannot be read, or a sound is silent, empty or not finite; the
                message names it. Nothing is left out: `embed_manifest` goes on past bad files.
            ConfigError: the device, the precision or `batch_s` cannot be.
        """
        with computing_on(self, device, precision):
            return embed_sounds(self, sounds, sample_rate_hz, batch_s=batch_s)

    def embed_windows(
        self,
        sound: Sound,
        sample_rate_hz: int | None = None,
        *,
        window_s: float = 2.0,
        hop_s: float = 0.5,
        batch_s: float = BATCH_S,
        device: str | torch.device | None = None,
        precision: Precision | None = None,
    ) -> Windows:
        """Embed a sound of any length as it goes on: a vector every `hop_s` seconds.

        Each window is prepared as a sound of its own, and has the vector that `embed` gives it.
        Windows in which all is 50 dB below the sound's peak are silent: they are left out.

        Args:
            sound: a path, or an array (samples,) or (samples, channels); all of it is heard.
            sample_rate_hz: rate of the array; a file has its own.
            window_s: length of a window; the last one may be shorter.
            hop_s: from one window's start to the next; at most `window_s`.
            batch_s: as in `embed`.
            device: as in `embed`.
            precision: as in `embed`.

        Returns:
            Start and vector of each window that sounds.

        Raises:
            InputError: as `embed`.
            AudioError: as `embed`.
            ConfigError: as `embed`; or a window or hop is not above 0, or the hop is the longer.
        """
        with computing_on(self, device, precision):
            return embed_sound_windows(
                self, sound, sample_rate_hz, window_s=window_s, hop_s=hop_s, batch_s=batch_s
            )

    @classmethod
    def from_pretrained(
        cls,
        pretrained_model_name_or_path: str | Path,
        *,
        revision: str | None = None,
        token: str | bool | None = None,
        cache_dir: str | Path | None = None,
        force_download: bool = False,
        local_files_only: bool = False,
    ) -> Encoder:
        """Load an encoder from a folder, or from the Hugging Face hub where there is no such one.

        Args:
            pretrained_model_name_or_path: a folder, or OWNER/NAME.
            revision: this and what follows says what of the hub is taken, as in
                `download_encoder`; a folder is taken as it is.
            token: as in `download_encoder`.
            cache_dir: as in `download_encoder`.
            force_download: as in `download_encoder`.
            local_files_only: as in `download_encoder`.

        Raises:
            InputError: as `load_encoder`.
            ConfigError: as `load_encoder`.
        """
        from timbrespace.models.files import read_encoder

        folder = Path(pretrained_model_name_or_path)
        if not folder.is_dir():
            folder = download_encoder(
                str(pretrained_model_name_or_path),
                revision=revision,
                token=token,
                cache_dir=cache_dir,
                force_download=force_download,
                local_files_only=local_files_only,
            )
        return read_encoder(folder)

    def save_pretrained(self, save_directory: str | Path) -> None:
        """Write the encoder's folder under its own name, with its cohort and a card.

        Args:
            save_directory: where; an encoder that stood there is replaced.

        Raises:
            InputError: as `save_encoder`.
            ConfigError: as `save_encoder`.
        """
        from timbrespace.models.files import save_encoder

        card = self.card or plain_card(self)
        save_encoder(self, save_directory, name=self.name, card=card, cohort=self.cohort)

    def push_to_hub(
        self,
        repo_id: str,
        *,
        commit_message: str = "Add encoder",
        private: bool | None = None,
        token: str | None = None,
        branch: str | None = None,
        create_pr: bool = False,
    ) -> str:
        """Put the encoder's folder on the Hugging Face hub, in one commit.

        Args:
            repo_id: OWNER/NAME, or NAME of the account that is logged in; made if it is not there.
            commit_message: of the commit.
            private: whether a new repository is private; None takes the account's default.
            token: of an account; None takes the one logged in.
            branch: None takes the main one.
            create_pr: propose the commit rather than make it.

        Returns:
            Address of the commit.

        Raises:
            InputError: the hub cannot be reached, or refuses.
            ConfigError: as `save_encoder`.
        """
        return upload_encoder(
            self,
            repo_id,
            commit_message=commit_message,
            private=private,
            token=token,
            branch=branch,
            create_pr=create_pr,
        )
