"""The one writer of numbers: their digits, signs, powers of ten and units.

The decimals of percentages and losses stand here, which metric has them in metrics.py. The scripts
write what moves in the browser, and are given these decimals as data.

A number is rounded as one does on paper, half up from its decimal text: 11.35 becomes 11.4, though
the nearest double lies below it. Spaces inside of a number do not break.
"""

import functools
import math
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.claims.claim import Quantity, QuantityKind

SPACE = "\u00a0"
MINUS = "\u2212"
NONE = "\u2013"
"""What stands where there is no number."""
SMALL, LARGE = 1e-4, 1e6
"""From the first up to the second a number of any size is written without a power of ten."""
EXACT = 12
"""Significant digits that count; those beyond them are what binary arithmetic leaves behind."""
FRACTION = 6
"""Significant digits of a setting that needs more than `EXACT`, which nobody has typed."""
WIDTH_DIGITS = 3
"""Significant digits of an interval's width down to which its ends are written."""
MOST_DECIMALS = 6
PERCENT = 100.0
"""Factor from a fraction to percent."""
PERCENT_DECIMALS, LOSS_DECIMALS = 2, 4
"""The decimals of every percentage and of every loss."""
_SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_WIDE = Context(prec=400)


def fixed(value: float, decimals: int) -> str:
    """Return a number with so many decimals; an en dash for what is not finite.

    With two, -1.005 is "−1.01" and -0.001 is "0.00".
    """
    if not math.isfinite(value):
        return NONE
    return _signed(rounded(value, decimals))


def magnitude(value: float, digits: int = 3) -> str:
    """Return a number of any size in at most so many significant digits.

    1234.5 is "1235", 0.0123 "0.0123", 0.000012 "1.2 × 10⁻⁵", 0 "0"; no digit before the point is
    rounded away.
    """
    if not math.isfinite(value):
        return NONE
    number = significant(value, digits)
    exponent = number.adjusted()
    if number and not SMALL <= abs(float(number)) < LARGE:
        return f"{_short(number.scaleb(-exponent))}{SPACE}×{SPACE}{ten_to(exponent)}"
    return _short(rounded(value, max(0, digits - 1 - exponent)))


def exact(value: float) -> str:
    """Return a number in as few digits as it needs: 0.1 is "0.1", 3.0 "3", 0.00001 "1 × 10⁻⁵"."""
    return magnitude(value, _digits(value))


def code(value: float) -> str:
    """Return a number as one types it, in as few digits as it needs: 0.00001 is "1e-05"."""
    return f"{value:.{_digits(value)}g}"


def rounded(value: float, decimals: int) -> Decimal:
    """Return a finite number rounded half up to so many decimals."""
    return _decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _WIDE)


def significant(value: float, digits: int) -> Decimal:
    """Return a finite number rounded half up to so many significant digits."""
    return Context(prec=digits, rounding=ROUND_HALF_UP).create_decimal(_decimal(value))


def percent(value: float, decimals: int = PERCENT_DECIMALS) -> str:
    """Return a percentage: 11.35 is "11.35 %"."""
    return with_unit(fixed(value, decimals), "%")


def points(value: float) -> str:
    """Return a difference in percentage points without its unit: -0.031 is "−0.03"."""
    return fixed(value, PERCENT_DECIMALS)


def loss(nats: float) -> str:
    """Return a loss without its unit: 0.09314 is "0.0931"; a huge one has a power of ten."""
    return magnitude(nats) if LARGE <= abs(nats) < math.inf else fixed(nats, LOSS_DECIMALS)


def count(number: float) -> str:
    """Return how many there are: 60000 is "60,000"."""
    return f"{round(number):,}".replace("-", MINUS) if math.isfinite(number) else NONE


def ten_to(exponent: int) -> str:
    """Return a power of ten: of -20 it is "10⁻²⁰"."""
    return "10" + str(exponent).translate(_SUPERSCRIPT)


def power(value: float) -> str:
    """Return a positive number as the label of a logarithmic axis.

    It is plain near one, as "0.05", and else the nearest power of ten, as "10⁻²⁰".
    """
    exponent = round(math.log10(value))
    return magnitude(value) if -2 <= exponent <= 3 else ten_to(exponent)


def with_unit(number: str, unit: str) -> str:
    """Return a number with its unit, if it has one: "3 s"; an en dash stands alone."""
    return f"{number}{SPACE}{unit}" if unit and number != NONE else number


def plus_minus(mean: float, half_width: float, decimals: int) -> str:
    """Return a mean with its interval, such as "97.56 ± 0.07".

    Where there is no half width (one run) the mean stands alone; one of exactly zero is "0".
    """
    text = fixed(mean, decimals)
    if not math.isfinite(half_width) or not math.isfinite(mean):
        return text
    return f"{text} ± {fixed(half_width, decimals) if half_width else 0}"


def estimate(value: float, low: float, high: float, unit: str = "") -> tuple[str, str]:
    """Return a value and its interval, in the digits that the width of the interval deserves.

    0.02611 from -0.0811 to 0.1337 is "0.026" and "[−0.081, 0.134]". Percentages have two
    decimals whatever the width. Without an interval the second is "", and the value has the digits
    of its unit.
    """
    width = high - low
    if not math.isfinite(width) or width <= 0:
        return _lone(value, unit), ""
    decimals = PERCENT_DECIMALS if unit == "%" else _decimals(width)
    if decimals > MOST_DECIMALS:
        value_text, low_text, high_text = map(magnitude, (value, low, high))
    else:
        value_text, low_text, high_text = (fixed(each, decimals) for each in (value, low, high))
    return value_text, f"[{low_text}, {high_text}]"


def quantity(measured: "Quantity") -> str:
    """Return a value as its kind is written: an accuracy of 11.35 is "11.35 %"."""
    return KINDS[measured.kind](measured.value)


KINDS: Mapping["QuantityKind", Callable[[float], str]] = {
    "accuracy": percent,
    "percent": percent,
    "relative error": functools.partial(percent, decimals=0),
    "points": points,
    "loss": loss,
    "factor": magnitude,
    "magnitude": magnitude,
    "p": functools.partial(magnitude, digits=2),
    "correlation": functools.partial(fixed, decimals=2),
    "depth": functools.partial(fixed, decimals=0),
    "count": count,
    "setting": exact,
}
"""How a value is written, by its kind."""


def _lone(value: float, unit: str) -> str:
    """A value without an interval, in the digits of its unit."""
    if unit in ("%", "percentage points"):
        return fixed(value, PERCENT_DECIMALS)
    return loss(value) if unit == "nats" else magnitude(value)


def _decimals(width: float) -> int:
    """Decimals that show an interval of this width in `WIDTH_DIGITS` digits."""
    return max(0, WIDTH_DIGITS - 1 - _decimal(width).adjusted())


def _decimal(value: float) -> Decimal:
    return Decimal(f"{value:.{EXACT}g}")


def _digits(value: float) -> int:
    """Significant digits of a setting: all that it has, unless it is a fraction such as 1/3."""
    return EXACT if float(f"{value:.{EXACT}g}") == value else FRACTION


def _short(number: Decimal) -> str:
    """Without zeros at its end."""
    return _signed(number.normalize(_WIDE))


def _signed(number: Decimal) -> str:
    """With a true minus sign, which a zero has not."""
    return f"{number or abs(number):f}".replace("-", MINUS)
