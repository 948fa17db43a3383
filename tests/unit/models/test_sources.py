import pytest

import timbrespace
from timbrespace.errors import InputError
from timbrespace.models import encoder_hash, load_encoder, save_encoder, sources


@pytest.fixture
def folder(encoder, tmp_path):
    save_encoder(encoder, tmp_path / "me" / "toy", name="toy")
    return tmp_path / "me" / "toy"


def test_the_package_loads_encoders():
    assert timbrespace.load_encoder is load_encoder
    with pytest.raises(AttributeError, match="no attribute 'load_encodr'"):
        _ = timbrespace.load_encodr


@pytest.mark.parametrize("kind", [str, lambda path: path])
def test_a_folder_is_loaded(encoder, folder, kind):
    assert encoder_hash(load_encoder(kind(folder))) == encoder_hash(encoder)


def test_the_default_is_a_folder_of_the_package(encoder, folder, monkeypatch):
    monkeypatch.setattr(sources, "DEFAULT_FOLDER", folder)
    assert load_encoder().name == load_encoder("default").name == "toy"


def test_the_encoder_that_comes_along_embeds(rng):
    vectors = load_encoder().embed(rng.normal(size=8_000), 16_000)
    assert vectors.shape[0] == 1


def test_a_path_named_default_is_a_folder(tmp_path, folder, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder.rename(tmp_path / "default")
    assert load_encoder("./default").name == "toy"


def test_a_folder_goes_before_the_hub(tmp_path, folder, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert load_encoder("me/toy").name == "toy"


def test_a_path_is_never_looked_for_on_the_hub(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sources, "download_encoder", lambda name: pytest.fail(name))
    for source in (sources.Path("me/oboes"), "./oboes", "runs/small/encoder"):
        with pytest.raises(InputError, match=r"config\.json: no such file"):
            load_encoder(source)
