"""timbrespace learns, evaluates and uses embeddings of musical-instrument timbre."""
