"""Settings as they are typed: "dotted.key=value".

Comes in: a parser that knows the settings, and those that were typed. Goes out: all settings. A
name that is not known is refused beside those that are.
"""

from __future__ import annotations

from collections.abc import Sequence

from jsonargparse import ArgumentParser, Namespace

from timbrespace.errors import ConfigError


def parsed_settings(
    parser: ArgumentParser, typed: Sequence[str], usual: Namespace | None, *, of: str
) -> Namespace:
    """All settings, after the typed ones changed the usual ones.

    Args:
        parser: that knows them.
        typed: "dotted.key=value"; a later one changes an earlier one.
        usual: what stays unless it is typed; None for the parser's own.
        of: what they are settings of, as a message names it.

    Raises:
        ConfigError: there is no "=", or a name is not known.
        ArgumentError: a value does not fit.
    """
    known = list(parser.get_defaults().keys(branches=True))
    for setting in typed:
        name, equals, _ = setting.partition("=")
        if not (name and equals):
            raise ConfigError(f"settings are key=value, got {setting!r}.")
        _check_known(name, known, of)
    return parser.parse_args([f"--{setting}" for setting in typed], usual)


def _check_known(name: str, known: Sequence[str], of: str) -> None:
    """What lies inside a part that can be one of several classes is the parser's to check."""
    group = ""
    for part in name.split("."):
        inside = [key for key in known if key.rpartition(".")[0] == group]
        if not inside:
            return
        key = f"{group}.{part}".removeprefix(".")
        if key not in inside:
            names = ", ".join(known_key.rpartition(".")[2] for known_key in inside)
            raise ConfigError(f"{name}: no such setting of {of}; {group or 'it'} has {names}.")
        group = key
