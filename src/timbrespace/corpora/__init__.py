"""Corpora on disk in, manifests out; one file per corpus."""

from timbrespace.corpora.base import Corpus, CorpusInfo, Problem, Scan
from timbrespace.corpora.catalogue import CORPORA, get_corpus
from timbrespace.corpora.checks import ManifestCounts, check_audio, count_manifest
from timbrespace.corpora.irmas import IRMAS_CLASSES

__all__ = [
    "CORPORA",
    "IRMAS_CLASSES",
    "Corpus",
    "CorpusInfo",
    "ManifestCounts",
    "Problem",
    "Scan",
    "check_audio",
    "count_manifest",
    "get_corpus",
]
