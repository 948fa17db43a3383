"""What ships: three classifiers that go with the default encoder."""

from importlib.resources import files

import pytest

from timbrespace.identification import load_identifier
from timbrespace.identification.identifier import SHIPPED
from timbrespace.manifest import FAMILIES, SOURCES
from timbrespace.models.sources import DEFAULT_FOLDER

pytestmark = pytest.mark.skipif(
    not DEFAULT_FOLDER.is_dir(), reason="this source tree has no default encoder"
)


def test_a_tone_is_identified(tone_manifest):
    found = load_identifier().identify(tone_manifest["path"][0].as_py())
    answers = {answer.label: answer for answer in found.answers}
    assert tuple(answers) == SHIPPED
    assert set(answers["family"].classes) == set(FAMILIES)
    assert set(answers["source"].classes) == set(SOURCES)
    assert "Oboe" in answers["kind"].classes


def test_they_are_small():
    folder = files("timbrespace.identification") / "default"
    assert sum(len(file.read_bytes()) for file in folder.iterdir()) < 1e6
