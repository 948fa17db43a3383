import pytest

from timbrespace.corpora.rwc_names import SoundName, columns_of, parse_stem, splits_of


@pytest.mark.parametrize("stem", ["", "011PFNO", "011PFNOX", "11PFNOF", "011PFNOF2", "0111FNOF"])
def test_other_stems_are_no_name(stem: str) -> None:
    assert parse_stem(stem) is None


def test_case_of_a_stem_does_not_matter() -> None:
    assert parse_stem("212trw3f") == SoundName(21, 2, "TR", "W3", "F")


@pytest.mark.parametrize(
    ("stem", "instrument", "family", "source"),
    [
        ("011PFNOF", "pianoforte-011", "keyboard", "acoustic"),
        ("133EGLFP", "electric-guitar-133", "guitar", "electronic"),
        ("292OBNOF", "oboe-292", "reed", "acoustic"),
        ("293EHNOF", "english-horn-293", "reed", "acoustic"),
        ("063ZZNOF", "zz-063", "organ", None),
        ("431SDNOF", "sd-431", None, None),
    ],
)
def test_instrument_of_a_name(
    stem: str, instrument: str, family: str | None, source: str | None
) -> None:
    name = parse_stem(stem)
    assert name is not None
    columns = columns_of(name)
    assert (columns["instrument"], columns["family"], columns["source"]) == (
        instrument,
        family,
        source,
    )


def test_kind_is_the_instrument_without_number_and_variation() -> None:
    names = [parse_stem(stem) for stem in ("291OBNOF", "292OBNOF", "293EHNOF", "431SDNOF")]
    assert [columns_of(name)["kind"] for name in names if name] == [
        "oboe",
        "oboe",
        "english-horn",
        "sd",
    ]


def test_style_dynamics_and_variation_become_columns() -> None:
    columns = columns_of(SoundName(17, 2, "VC", "PZ", "M"))
    assert columns["technique"] == "PZ"
    assert columns["dynamics"] == "mezzo"
    assert columns["maker"] == "variation-2"


@pytest.mark.parametrize(
    ("variations", "splits"),
    [
        ([3], ["train"]),
        ([1, 2], ["train", "test"]),
        ([1, 2, 3], ["train", "valid", "test"]),
        ([1, 2, 3, 5], ["train", "train", "valid", "test"]),
    ],
)
def test_last_variations_are_held_out(variations: list[int], splits: list[str]) -> None:
    names = [SoundName(33, variation, "FL", "NO", "F") for variation in variations]
    assert [splits_of(names)[name] for name in names] == splits


def test_codes_that_share_a_number_are_split_apart() -> None:
    oboes = [SoundName(29, variation, "OB", "NO", "F") for variation in (1, 2)]
    english_horn = SoundName(29, 3, "EH", "NO", "F")
    assert splits_of([*oboes, english_horn])[english_horn] == "train"


def test_styles_and_dynamics_of_a_variation_stay_together() -> None:
    names = [
        SoundName(15, variation, "VN", style, dynamics)
        for variation in (1, 2, 3)
        for style in ("NO", "PZ")
        for dynamics in "FMP"
    ]
    assert len({(name.variation, split) for name, split in splits_of(names).items()}) == 3
