"""timbrespace learns, evaluates and uses embeddings of musical-instrument timbre."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from timbrespace.models import load_encoder
else:

    def __getattr__(name: str) -> object:
        """What is heavy to load is loaded when it is first asked for."""
        if name not in __all__:
            raise AttributeError(f"module 'timbrespace' has no attribute {name!r}")
        from timbrespace import models

        return getattr(models, name)


__all__ = ["load_encoder"]
