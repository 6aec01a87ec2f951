"""Addresses on the page of runs."""

from report.words import addresses


def test_an_address_tells_script_and_reader_where_to_look() -> None:
    """The query narrows the page down; the anchor leads to the same runs without a script."""
    assert addresses.address("base", "HeNormal") == (
        "runs.html?experiment=base&variant=HeNormal#runs-base-henormal"
    )
    assert addresses.address("base", claim="he-glorot-level") == (
        "runs.html?experiment=base&claim=he-glorot-level#runs-base"
    )


def test_a_name_with_signs_stays_one_name() -> None:
    """Commas and spaces are quoted in the query and joined by a hyphen in the anchor."""
    assert addresses.address("symmetry", "He, zero output") == (
        "runs.html?experiment=symmetry&variant=He%2C+zero+output#runs-symmetry-he-zero-output"
    )
