"""Checks that the constructors of several parts share."""

from __future__ import annotations

from timbrespace.errors import ConfigError


def check_positive(**settings: float) -> None:
    """Refuse settings that are not above 0.

    Raises:
        ConfigError: a setting is 0, negative or not a number; the message names it.

    Example:
        >>> check_positive(n_bands=80, hop_s=0.012)
    """
    for name, value in settings.items():
        if not value > 0:
            raise ConfigError(f"{name} must be above 0, got {value:g}.")
