import shutil

import huggingface_hub
import pytest

from timbrespace.errors import InputError
from timbrespace.models import Encoder, encoder_hash, load_encoder

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def cache(encoder, tmp_path):
    """A cache as the hub's client leaves it, of the repository me/toy."""
    repository = tmp_path / "cache" / "models--me--toy"
    (repository / "refs").mkdir(parents=True)
    (repository / "refs" / "main").write_text(COMMIT)
    (repository / "snapshots").mkdir()
    encoder.save_pretrained(repository / "snapshots" / COMMIT)
    return tmp_path / "cache"


def test_a_saved_encoder_comes_back_with_name_and_card(encoder, tmp_path):
    encoder.save_pretrained(tmp_path / "a")
    loaded = Encoder.from_pretrained(tmp_path / "a")
    assert encoder_hash(loaded) == encoder_hash(encoder)
    assert loaded.name == "toy"
    assert "library_name: timbrespace" in loaded.card
    loaded.card = "# Mine\n"
    loaded.save_pretrained(tmp_path / "b")
    assert Encoder.from_pretrained(tmp_path / "b").card == "# Mine\n"
    assert sorted(path.name for path in (tmp_path / "b").iterdir()) == [
        "README.md",
        "config.json",
        "model.safetensors",
    ]


def test_a_repository_is_taken_from_the_cache(encoder, cache):
    loaded = Encoder.from_pretrained("me/toy", cache_dir=cache, local_files_only=True)
    assert encoder_hash(loaded) == encoder_hash(encoder)


@pytest.mark.parametrize("name", ["me/oboes", "not a repository"])
def test_what_the_hub_does_not_give_is_one_line(name, cache):
    with pytest.raises(InputError, match=f"{name}: no such folder, and not .* hub") as refused:
        Encoder.from_pretrained(name, cache_dir=cache, local_files_only=True)
    assert "\n" not in str(refused.value)


def test_a_mistyped_folder_offline_is_one_line(monkeypatch):
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(InputError, match="runs/nowhere: no such folder, and not to be had"):
        load_encoder("runs/nowhere")


class Hub:
    """The part of the hub's client that shares a folder, without a network."""

    def __init__(self, token):
        self.token = token

    def create_repo(self, repo_id, *, private, exist_ok):
        return huggingface_hub.RepoUrl(f"https://huggingface.co/me/{repo_id}")

    def upload_folder(self, *, repo_id, folder_path, **commit):
        if self.token == "wrong":
            raise PermissionError("403\nForbidden")
        shutil.copytree(folder_path, self.token)
        return f"{repo_id}: {commit['commit_message']}"


def test_what_is_pushed_can_be_loaded(encoder, tmp_path, monkeypatch):
    monkeypatch.setattr(huggingface_hub, "HfApi", Hub)
    there = tmp_path / "there"
    encoder.cohort = b"PAR1"
    assert encoder.push_to_hub("toy", token=str(there)) == "me/toy: Add encoder"
    assert encoder_hash(load_encoder(there)) == encoder_hash(encoder)
    assert load_encoder(there).cohort == b"PAR1"


def test_a_push_that_is_refused_is_one_line(encoder, monkeypatch):
    monkeypatch.setattr(huggingface_hub, "HfApi", Hub)
    with pytest.raises(InputError, match=r"toy: cannot be written on .* hub \(403\)"):
        encoder.push_to_hub("toy", token="wrong")
