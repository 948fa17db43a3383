"""Errors that timbrespace raises: one root, one class per kind of fault.

Every message says what was expected, what came and what to do, and names the file, argument or
setting as the user typed it.
"""


class TimbrespaceError(Exception):
    """Root of every error that timbrespace raises on purpose."""


class InputError(TimbrespaceError, ValueError):
    """A value, table or array that came in does not fit."""


class AudioError(InputError):
    """An audio file cannot be used; the message opens with its path."""


class ConfigError(TimbrespaceError, ValueError):
    """A setting has a value that cannot work."""


class MissingDependencyError(TimbrespaceError, ImportError):
    """A library that is needed for this task only is not installed; the message says how to."""
