import pytest

from timbrespace.cli.flags import faults_by_flag
from timbrespace.errors import ConfigError


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("draws must be at least 1.", "--draws must be at least 1."),
        ("lower draws.", "lower --draws."),
        ("'draws' is no column", "'draws' is no column"),
        ("/my/draws/a.npz: no such file", "/my/draws/a.npz: no such file"),
        ("draws.npz, withdraws, my-draws", "draws.npz, withdraws, my-draws"),
    ],
)
def test_settings_are_named_as_flags_and_other_text_is_left(message, said):
    with pytest.raises(ConfigError) as fault, faults_by_flag({"draws": "--draws"}):
        raise ConfigError(message)
    assert str(fault.value) == said
