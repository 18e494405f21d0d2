"""The hands in which equations are written: TeX, Python, and plain text with symbols or with numbers."""

from collections.abc import Callable, Mapping

from ann_dashboard import notation
from ann_dashboard.expressions.tree import FACTOR, LOOSE, TIGHT, Hand, Setting

TEX = Hand(
    value=lambda symbol: notation.form(symbol).tex,
    setting=lambda setting: notation.form(setting.symbol).tex,
    minus="-",
    times=r" \cdot ",
    bracketed=r"\left( {0} \right)",
    quotient=r"\frac{{{0}}}{{{1}}}",
    in_quotient=(LOOSE, LOOSE),
    power="{0}^2",
    raised="{0}^{{{1}}}",
    root=r"\sqrt{{{0}}}",
    call=r"\mathrm{{{0}}}\left( {1} \right)",
    if_positive=r"\left( {0}\ \mathrm{{if}}\ {1} > 0\ \mathrm{{else}}\ {2} \right)",
    if_at_least_zero=r"\left( {0}\ \mathrm{{if}}\ {1} \geq 0\ \mathrm{{else}}\ {2} \right)",
    named=lambda text, _top, _bottom: text,
)
OVERBRACE = TEX._replace(
    named=lambda text, top, bottom: (
        rf"\overbrace{{{text}}}^{{\partial {notation.form(top).tex}/\partial {notation.form(bottom).tex}}}"
    )
)
PYTHON = Hand(
    value=lambda symbol: symbol,
    setting=lambda setting: setting.symbol,
    minus="-",
    times=" * ",
    bracketed="({0})",
    quotient="{0} / {1}",
    in_quotient=(FACTOR, TIGHT),
    power="{0} ** 2",
    raised="{0} ** {1}",
    root="sqrt({0})",
    call="{0}({1})",
    if_positive="({0} if {1} > 0 else {2})",
    if_at_least_zero="({0} if {1} >= 0 else {2})",
    named=lambda text, _top, _bottom: text,
)
BY_HAND = PYTHON._replace(
    value=lambda symbol: symbol.removesuffix("_next"),
    power="{0} * {0}",
    if_positive="{2} if {1} <= 0 else {0}",
    if_at_least_zero="{0} if {1} >= 0 else {2}",
    constant_below_zero="{0} if {1} < 0 else {1}",
    computes=True,
)
"""Python for a program, where a quantity keeps its name when it moves.

What is too large is inf: Python's ** would raise OverflowError.
"""


def plain_hand(
    value: Callable[[str], str], *, setting: Callable[[Setting], str] | None = None, times: str = " · "
) -> Hand:
    """Plain Unicode text with its own way of writing values and settings.

    Without ``setting``, a setting is written as a value is.
    """
    return PYTHON._replace(
        value=value,
        setting=setting or (lambda setting: value(setting.symbol)),
        minus=notation.MINUS,
        times=times,
        power="{0}²",
        raised="{0}^{1}",
        if_at_least_zero="({0} if {1} ≥ 0 else {2})",
    )


def numbers_hand(numbers: Mapping[str, float], decimals: int | None) -> Hand:
    """Numbers in the place of symbols: repr when every digit counts; a negative number stands in brackets."""

    def alone(symbol: str) -> str:
        digits = 0 if symbol in notation.COUNTS else decimals
        return (repr(numbers[symbol]) if digits is None else f"{numbers[symbol]:.{digits}f}").replace(
            "-", notation.MINUS
        )

    def value(symbol: str) -> str:
        text = alone(symbol)
        return f"({text})" if text.startswith(notation.MINUS) else text

    return plain_hand(value, setting=setting_text)._replace(alone=alone)


def setting_text(setting: Setting) -> str:
    """The number of a setting with all its digits: 0.999, 1e−8."""
    return repr(setting.number).removesuffix(".0").replace("e-0", "e-").replace("-", notation.MINUS)
