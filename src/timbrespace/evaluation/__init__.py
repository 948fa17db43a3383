"""Embeddings in, scores out: verification, retrieval and their figures."""

from timbrespace.evaluation.error_rates import (
    DetCurve,
    det_curve,
    eer,
    eer_threshold,
    min_dcf,
    rocch,
)
from timbrespace.evaluation.findings import Verification
from timbrespace.evaluation.foreign import read_any_embeddings
from timbrespace.evaluation.retrieval import (
    mean_average_precision,
    nearest_neighbour_accuracy,
    recall_at,
)
from timbrespace.evaluation.vectors import standardise, unit_vectors
from timbrespace.evaluation.verification import verify

__all__ = [
    "DetCurve",
    "Verification",
    "det_curve",
    "eer",
    "eer_threshold",
    "mean_average_precision",
    "min_dcf",
    "nearest_neighbour_accuracy",
    "read_any_embeddings",
    "recall_at",
    "rocch",
    "standardise",
    "unit_vectors",
    "verify",
]
