"""The interface is as its description says, whatever is asked: found out by schemathesis."""

import shutil

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from timbrespace.explorer.app import create_app
from timbrespace.explorer.settings import ServerSettings

_BOUNDED = settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
_REFUSING = (
    "GET /api/sounds/{sound_id}",
    "GET /api/sounds/{sound_id}/audio",
    "POST /api/export",
    "POST /api/favourites",
    "POST /api/search",
    "POST /api/tags",
    "POST /api/verify",
)


@pytest.fixture(scope="module")
def described(shared_library, sounds, tmp_path_factory):
    library = shutil.copytree(shared_library, tmp_path_factory.mktemp("fuzzed") / "library")
    app = create_app(library, ServerSettings(names=("testserver",)))
    app.state.explorer.placer.hear(sounds / "tone-0" / "0-48.wav")  # wait until it is ready
    yield schemathesis.openapi.from_asgi("/api/openapi.json", app)
    app.state.explorer.close()


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_answer_is_as_described(described, mode):
    operations = [result.ok() for result in described.get_all_operations()]
    assert len(operations) >= 15
    if mode == GenerationMode.NEGATIVE:  # where a request can be malformed at all
        operations = [each for each in operations if each.label in _REFUSING]
        assert len(operations) == len(_REFUSING)
    for operation in operations:

        @given(case=operation.as_strategy(generation_mode=mode))
        @_BOUNDED
        def answers(case):
            case.call_and_validate(excluded_checks=[positive_data_acceptance])

        answers()
