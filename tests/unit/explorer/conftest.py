"""A real library of tones, and the application that serves it."""

import shutil

import numpy as np
import pytest
import soundfile
import torch
from fastapi.testclient import TestClient

from timbrespace.explorer.app import create_app
from timbrespace.explorer.settings import ServerSettings
from timbrespace.library import Library
from timbrespace.models import Encoder, LogMel, ResNet, Statistics, save_encoder

ADDRESS = "http://127.0.0.1:8765"


@pytest.fixture(scope="session")
def toy_encoder(tmp_path_factory):
    """Folder of an encoder."""
    torch.manual_seed(0)
    backbone = ResNet(blocks=[1], channels=[16], stem_stride=2)
    encoder = Encoder(LogMel(n_bands=16), backbone, Statistics(n_features=16), embedding_size=8)
    folder = tmp_path_factory.mktemp("models") / "encoder"
    save_encoder(encoder.eval(), folder, name="toy")
    return folder


@pytest.fixture(scope="session")
def sounds(tone_manifest, tmp_path_factory):
    """Seventy-two tones in six folders, named as their instruments, and one AIFF."""
    folder = tmp_path_factory.mktemp("explored") / "sounds"
    for row in tone_manifest.to_pylist():
        (folder / row["instrument"]).mkdir(parents=True, exist_ok=True)
        shutil.copy(row["path"], folder / row["instrument"])
    samples, rate = soundfile.read(tone_manifest["path"][0].as_py())
    soundfile.write(folder / "tone-0" / "stereo.aiff", np.stack([samples, 0.5 * samples], 1), rate)
    return folder


@pytest.fixture(scope="session")
def shared_library(sounds, toy_encoder, tmp_path_factory):
    """Folder of a library that no test changes."""
    folder = tmp_path_factory.mktemp("shared") / "library"
    with Library.open(folder) as library:
        library.add([sounds], str(toy_encoder))
    return folder


@pytest.fixture
def own_library(shared_library, tmp_path):
    """Folder of a library that the test may change; no map is laid out in it yet."""
    maps = shutil.ignore_patterns("projections")
    return shutil.copytree(shared_library, tmp_path / "library", ignore=maps)


@pytest.fixture
def serve():
    """Opens a client of a library's application; ends it with the test."""
    opened = []

    def open_client(library, **settings):
        app = create_app(library, ServerSettings(**settings))
        client = TestClient(app, base_url=ADDRESS, follow_redirects=False)
        opened.append(client.__enter__())
        return client

    yield open_client
    for client in opened:
        client.__exit__(None, None, None)


@pytest.fixture(scope="session")
def client(shared_library):
    """A client of the library that no test changes."""
    with TestClient(create_app(shared_library), base_url=ADDRESS) as client:
        yield client


@pytest.fixture
def own(own_library, serve):
    """A client of a library that the test may change."""
    return serve(own_library)


@pytest.fixture(scope="session")
def ids(client):
    """Ids of the points, in their order."""
    return np.frombuffer(client.get("/api/ids").content, "<u4").tolist()
