"""timbrespace learns, evaluates and uses embeddings of musical-instrument timbre."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from timbrespace.models import load_encoder
    from timbrespace.tagging import load_tagger
else:

    def __getattr__(name: str) -> object:
        """What is heavy to load is loaded when it is first asked for."""
        if name not in __all__:
            raise AttributeError(f"module 'timbrespace' has no attribute {name!r}")
        import importlib

        stage = {"load_encoder": "models", "load_tagger": "tagging"}[name]
        return getattr(importlib.import_module(f"timbrespace.{stage}"), name)


__all__ = ["load_encoder", "load_tagger"]
