"""Settings of a fine-tuning, as they are typed.

Comes in: "dotted.key=value". Goes out: `FineTuning`; what is not named stays as published.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from jsonargparse import ArgumentError, ArgumentParser

from timbrespace.errors import ConfigError
from timbrespace.tagging.fine_tuning import PUBLISHED_SCHEDULE, FineTuning


def fine_tuning_of(settings: Sequence[str]) -> FineTuning:
    """Settings of a fine-tuning from "dotted.key=value".

    Raises:
        ConfigError: a setting is not known or does not fit.
    """
    for setting in settings:
        if "=" not in setting[1:]:
            raise ConfigError(f"settings are key=value, got {setting!r}.")
    parser = ArgumentParser(exit_on_error=False, allow_abbrev=False)
    parser.add_class_arguments(FineTuning, "tuning")
    try:
        usual = parser.parse_object({"tuning": {"schedule": asdict(PUBLISHED_SCHEDULE)}})
        parsed = parser.parse_args([f"--tuning.{setting}" for setting in settings], usual)
        tuning: FineTuning = parser.instantiate(parsed).tuning
    except ArgumentError as fault:
        raise ConfigError(f"fine-tuning: {fault}") from fault
    return tuning
