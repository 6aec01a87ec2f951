"""Addresses on the page of runs, and of the web."""

import pytest

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


@pytest.mark.parametrize(
    "address", ["https://example.org/?a=%22", "http://example.org", "mailto:a@example.org"]
)
def test_an_address_of_the_web_is_taken_as_it_is(address: str) -> None:
    """No letter of it changes."""
    assert addresses.web(address) == address


@pytest.mark.parametrize(
    "address",
    ["", "x", "javascript:alert(1)", "JavaScript:alert(1)", " javascript:1", "java\nscript:1",
     "vbscript:1", "data:text/html,<b>", "file:///etc/passwd", "//example.org", "https:x",
     "mailto:nobody", "ftp://example.org", "https://example.org/a b"],
)  # fmt: skip
def test_no_other_address_is(address: str) -> None:
    """What a browser would run, or would look for in another place."""
    with pytest.raises(ValueError, match="an address must"):
        addresses.web(address)
