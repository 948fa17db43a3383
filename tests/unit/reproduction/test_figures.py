import pyarrow as pa
import pytest

from timbrespace.errors import InputError
from timbrespace.models import LDE, Encoder, ResNet, SincNet, save_encoder
from timbrespace.reproduction.figures import (
    det_section,
    family_task_section,
    filters_section,
    probed_section,
    significance_section,
)
from timbrespace.reproduction.scores import Scores


def test_both_protocols_have_a_det_curve_of_each_row(scores):
    section = det_section(scores)
    assert [picture.name for picture in section.pictures] == ["det-paper", "det-exhaustive"]
    legend = section.pictures[0].figure.legends[0].get_texts()
    assert [text.get_text().split(":")[0] for text in legend] == ["base", "mfcc"]


def test_every_pair_of_runs_is_compared_under_both_protocols(scores):
    section = significance_section(scores)
    assert len(section.pictures) == 2
    pairs = section.record["paper"]["over_instruments"]
    assert len(pairs) == 6
    assert {pairs[0]["first"], pairs[0]["second"]} == {"base-10", "base-100"}


def test_the_filters_of_the_middle_seed_are_shown(scores, tables, tmp_path):
    encoder = Encoder(
        SincNet(n_bands=16), ResNet(blocks=[1], channels=[16]), LDE(n_features=16, n_centres=2)
    )
    run = scores["paper"].middle_run("base")
    save_encoder(encoder, tmp_path / "runs" / run / "encoder", name=run)
    section = filters_section(scores["paper"], tables, tmp_path)
    assert section.record["systems"]["base"]["largest_shift_hz"] == 0


def test_the_map_shows_one_pitch(scores, tables):
    section = family_task_section(scores["paper"], tables)
    assert section.text[0] == "Unseen notes at MIDI pitch 60."
    assert section.pictures[0].caption.startswith("30 sounds")
    assert list(section.record["systems"]) == ["with the family task"]


def test_a_map_needs_a_pitch_and_one_of_its_rows(scores, tables):
    place = tables["mfcc"].schema.get_field_index("pitch_midi")
    unpitched = {
        name: table.set_column(place, "pitch_midi", pa.nulls(90, pa.int32()))
        for name, table in tables.items()
    }
    with pytest.raises(InputError, match="no pitch is known"):
        family_task_section(scores["paper"], unpitched)
    other = Scores(scores["paper"].found, dict.fromkeys(tables, "mel80"))
    with pytest.raises(InputError, match="none of the rows base, no-family was asked for"):
        family_task_section(other, tables)


def test_probing_compares_the_first_row_with_the_baseline(scores, tables):
    section = probed_section("stratified", scores["paper"], tables)
    assert section.name == "probing-stratified"
    assert set(section.record["systems"]) == {"base", "mfcc"}
    for part in (*section.tables, *section.pictures):
        assert part.name.startswith("probing-stratified-")
        assert part.caption.startswith("Split: stratified.")
