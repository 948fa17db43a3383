"""Settings of a fine-tuning, as they are typed.

Comes in: "dotted.key=value". Goes out: `FineTuning`; what is not named stays as published.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from jsonargparse import ArgumentError, ArgumentParser

from timbrespace.errors import ConfigError
from timbrespace.tagging.fine_tuning import PUBLISHED_SCHEDULE, FineTuning
from timbrespace.training.settings import parsed_settings


def fine_tuning_of(settings: Sequence[str]) -> FineTuning:
    """Settings of a fine-tuning from "dotted.key=value".

    Raises:
        ConfigError: a setting is not known or does not fit.
    """
    parser = ArgumentParser(exit_on_error=False)
    parser.add_class_arguments(FineTuning)
    try:
        usual = parser.parse_object({"schedule": asdict(PUBLISHED_SCHEDULE)})
        built = parser.instantiate(parsed_settings(parser, settings, usual, of="fine-tuning"))
    except ArgumentError as fault:
        raise ConfigError(f"fine-tuning: {fault}") from fault
    return FineTuning(**vars(built))
