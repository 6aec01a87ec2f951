"""The writer of numbers against literal texts, and against arithmetic in decimal numbers."""

import math
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.claims.claim import Quantity, QuantityKind
from report.words import numbers

NAN = math.nan
FINITE = st.floats(-1e9, 1e9)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (11.35, 1, "11.4"),
        (11.35, 2, "11.35"),
        (100 * 0.1135, 1, "11.4"),
        (1.005, 2, "1.01"),
        (2.5, 0, "3"),
        (-0.0349, 3, "−0.035"),
        (97.5349, 2, "97.53"),
        (-0.001, 2, "0.00"),
        (-0.0, 2, "0.00"),
        (1.2e-05, 2, "0.00"),
        (1e21, 1, "1000000000000000000000.0"),
        (NAN, 2, "–"),
        (math.inf, 2, "–"),
        (-math.inf, 2, "–"),
    ],
)
def test_a_number_with_decimals_is_rounded_as_on_paper(
    value: float, decimals: int, text: str
) -> None:
    """Half up from the decimal text, a true minus, no minus before zero, a dash for nothing."""
    assert numbers.fixed(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (3.0, "3"),
        (0.5, "0.5"),
        (9.996, "10"),
        (0.01234, "0.0123"),
        (1234.5, "1235"),
        (123456.7, "123457"),
        (0.0001, "0.0001"),
        (1.2e-05, "1.2 × 10⁻⁵"),
        (-1.236e-05, "−1.24 × 10⁻⁵"),
        (0.00009999, "0.0001"),
        (999999.6, "1 × 10⁶"),
        (2.5e21, "2.5 × 10²¹"),
        (5e-324, "4.94 × 10⁻³²⁴"),
        (NAN, "–"),
        (math.inf, "–"),
    ],
)
def test_a_number_of_any_size_has_three_digits_and_no_e(value: float, text: str) -> None:
    """Plain from a ten-thousandth up to a million, a power of ten beyond."""
    assert numbers.magnitude(value) == text.replace(" ", numbers.SPACE)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1, "0.1"),
        (0.1 + 0.2, "0.3"),
        (3.0, "3"),
        (0.123456789, "0.123456789"),
        (1 / 3, "0.333333"),
        (-0.0, "0"),
        (1e-05, "1 × 10⁻⁵"),
    ],
)
def test_an_exact_number_has_as_few_digits_as_it_needs(value: float, text: str) -> None:
    """All that was typed is written, and nothing of what binary arithmetic leaves behind."""
    assert numbers.exact(value) == text.replace(" ", numbers.SPACE)


def test_code_has_numbers_as_one_types_them() -> None:
    """A call may be copied as it stands."""
    typed = [numbers.code(each) for each in (1e-07, 0.05, 0.0, 1 / 3)]
    assert typed == ["1e-07", "0.05", "0", "0.333333"]


def test_each_kind_has_its_digits_and_its_unit() -> None:
    """An accuracy has two decimals wherever it stands, a loss four."""
    assert numbers.percent(numbers.PERCENT * 0.1135) == "11.35\u00a0%"
    assert numbers.percent(numbers.PERCENT * 0.97565) == "97.57\u00a0%"
    assert numbers.percent(NAN) == "–"
    assert numbers.percent(11.35) == "11.35\u00a0%"
    assert numbers.points(-0.031) == "−0.03"
    assert numbers.loss(0.09314) == "0.0931"
    assert numbers.loss(-math.inf) == numbers.loss(NAN) == "–"
    assert numbers.loss(3.14159e21) == "3.14\u00a0×\u00a010²¹"
    assert numbers.count(60000) == "60,000"
    assert numbers.count(NAN) == "–"


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("accuracy", 11.35, "11.35 %"),
        ("percent", 7.672, "7.67 %"),
        ("relative error", 35.355, "35 %"),
        ("points", -0.004, "0.00"),
        ("loss", 2.30099, "2.3010"),
        ("factor", 0.98992, "0.99"),
        ("magnitude", 1.2e-05, "1.2 × 10⁻⁵"),
        ("p", 0.03149, "0.031"),
        ("p", 1.2e-05, "1.2 × 10⁻⁵"),
        ("correlation", -0.187, "−0.19"),
        ("depth", 29.6, "30"),
        ("count", 1200.0, "1,200"),
        ("setting", 0.05, "0.05"),
    ],
)
def test_a_quantity_is_written_as_its_kind(kind: QuantityKind, value: float, text: str) -> None:
    """What a claim notes is written as it is everywhere else."""
    assert numbers.quantity(Quantity(value, kind)) == text.replace(" ", numbers.SPACE)


def test_every_kind_of_quantity_can_be_written() -> None:
    """A claim may note any of them."""
    assert set(numbers.KINDS) == set(get_args(QuantityKind))


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.01, "0.01"), (0.05, "0.05"), (1.0, "1"), (1000.0, "1000"), (2e-20, "10⁻²⁰"), (1e4, "10⁴")],
)
def test_a_tick_is_plain_near_one_and_else_a_power_of_ten(value: float, text: str) -> None:
    """As the labels of a logarithmic axis are."""
    assert numbers.power(value) == text


@pytest.mark.parametrize(
    ("value", "low", "high", "unit", "texts"),
    [
        (0.02611, -0.0811, 0.1337, "percentage points", ("0.026", "[−0.081, 0.134]")),
        (17.13, 6.78, 27.49, "percentage points", ("17.1", "[6.8, 27.5]")),
        (0.00953, 0.00884, 0.01022, "nats", ("0.00953", "[0.00884, 0.01022]")),
        (1.39, -18.7, 21.46, "%", ("1.39", "[−18.70, 21.46]")),
        (2.0, 0.0, 2000.0, "", ("2", "[0, 2000]")),
        (1.2e-8, 1e-8, 2e-8, "", ("1.2 × 10⁻⁸", "[1 × 10⁻⁸, 2 × 10⁻⁸]")),
        (11.35, 11.35, 11.35, "%", ("11.35", "")),
        (11.35, NAN, NAN, "%", ("11.35", "")),
        (-0.681, NAN, NAN, "percentage points", ("−0.68", "")),
        (2.301, NAN, 3.0, "nats", ("2.3010", "")),
        (0.98992, 0.98992, 0.98992, "", ("0.99", "")),
        (NAN, NAN, NAN, "%", ("–", "")),
    ],
)
def test_an_estimate_has_the_digits_that_its_interval_deserves(
    value: float, low: float, high: float, unit: str, texts: tuple[str, str]
) -> None:
    """Three digits of the width; a percentage two decimals; alone the digits of its unit."""
    written = numbers.estimate(value, low, high, unit)
    assert written == tuple(text.replace(" × ", "\u00a0×\u00a0") for text in texts)


def test_a_mean_stands_with_its_half_width() -> None:
    """Where the interval does not exist it stands alone; without a mean there is a dash."""
    assert numbers.plus_minus(97.561, 0.07, 2) == "97.56 ± 0.07"
    assert numbers.plus_minus(11.35, 0.0, 2) == "11.35 ± 0"
    assert numbers.plus_minus(97.5, NAN, 2) == "97.50"
    assert numbers.plus_minus(NAN, NAN, 2) == "–"


def read(text: str) -> Decimal:
    """Return what a reader takes a written number for."""
    text = text.replace(numbers.MINUS, "-").replace(numbers.SPACE, "")
    lead, _, power = text.partition("×10")
    digits = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
    return Decimal(lead).scaleb(int(power.translate(digits) or "0"))


@given(FINITE, st.integers(0, 6))
def test_what_is_read_differs_by_at_most_half_a_unit_of_the_last_digit(
    value: float, decimals: int
) -> None:
    """Rounding moves a number by no more than it must, and needs no "e" and no hyphen."""
    text = numbers.fixed(value, decimals)
    noise = Decimal("1e-11") * abs(Decimal(value))
    assert abs(read(text) - Decimal(value)) <= Decimal("0.5").scaleb(-decimals) + noise
    assert not set(text) & set("e-+")
    assert len(text.partition(".")[2]) == decimals


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(1, 8))
def test_a_magnitude_keeps_so_many_digits(value: float, digits: int) -> None:
    """What is read is right to half a unit of its last digit, at any size."""
    text = numbers.magnitude(value, digits)
    unit = Decimal(10) ** (1 - digits)
    assert abs(read(text) - Decimal(value)) <= unit * abs(Decimal(value)) * Decimal("0.51")
    assert not set(text) & set("e-+")


@given(st.integers(-(10**9), 10**9), st.integers(0, 5))
def test_a_decimal_number_of_few_digits_stays_as_it_is(units: int, places: int) -> None:
    """A number that needs no more decimals than it gets is written with its own digits."""
    own = Decimal(units).scaleb(-places)
    assert read(numbers.fixed(float(own), places)) == own
    assert read(numbers.exact(float(own))) == own


@given(FINITE, FINITE)
def test_larger_numbers_are_never_written_as_smaller_ones(one: float, other: float) -> None:
    """The order of two numbers survives their writing."""
    low, high = sorted((one, other))
    assert read(numbers.fixed(low, 2)) <= read(numbers.fixed(high, 2))
    assert read(numbers.magnitude(low)) <= read(numbers.magnitude(high))
