import pytest

from timbrespace.manifest import write_manifest
from timbrespace.reproduction.zhong2023 import Request

SMALL = (
    "encoder.frontend.init_args.n_bands=16",
    "encoder.backbone.init_args={blocks: [1, 1], channels: [16, 16], stem_stride: 2}",
    "encoder.pooling.init_args={n_features: 16, n_centres: 2}",
    "encoder.embedding_size=8",
    "sampling.batch_size=8",
    "sampling.min_s=0.3",
    "sampling.max_s=0.5",
)


@pytest.fixture
def request_of(tone_manifest, mixes, tmp_path):
    write_manifest(tone_manifest, tmp_path / "notes.parquet")
    write_manifest(mixes, tmp_path / "mixes" / "manifest.parquet")
    return Request(
        excerpts=str(tmp_path / "mixes"),
        is_irmas=False,
        notes=str(tmp_path / "notes.parquet"),
        rows=("full", "scratch", "no-mixup"),
        seeds=(1,),
        fractions=(0.5,),
        steps=(2, 3),
        changes=SMALL,
        tuning=("batch_size=8",),
    )
