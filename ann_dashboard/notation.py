"""The lecture's symbols: how each is written as a column name, in TeX, in plain text and in words.

A symbol is an ASCII identifier, the same in the history's columns and in the pictures' artists:
``H4in`` and ``H4`` (pre- and post-activation), ``lambda_1_4`` (weight from node 1 to node 4), ``b_4`` (bias),
``y_1`` (truth),
``L`` (loss), ``dL_dH4`` (derivative of the loss), ``lambda_1_4_I1`` (the term λ₁,₄·I1 of a weighted sum).
Names are built here only.
"""

import re
import unicodedata
from functools import cache
from typing import NamedTuple

LOSS = "L"
PERFORMANCE = "P"
ETA = "eta"
FIRST_ETA = "eta_0"
EPOCH = "epoch"
UPDATE_NUMBER = "t"
"""How many updates a training has made, this one among them."""
COUNTS = (EPOCH, UPDATE_NUMBER)
"""Symbols of whole numbers, written without decimals."""
MINUS = "\N{MINUS SIGN}"


def pre_activation(node: str) -> str:
    """Symbol of a node's weighted sum before its activation: "H4" -> "H4in"."""
    return f"{node}in"


def weight(source: int, target: int) -> str:
    """Symbol of the weight FROM one node number TO another: 1, 4 -> "lambda_1_4"."""
    return f"lambda_{source}_{target}"


def bias(node: int) -> str:
    """Symbol of a node's bias: 4 -> "b_4"."""
    return f"b_{node}"


def truth(response: int) -> str:
    """Symbol of the true value of a response, counted from 1: 1 -> "y_1"."""
    return f"y_{response}"


def derivative(symbol: str) -> str:
    """Symbol of the derivative of the loss with respect to a symbol: "b_4" -> "dL_db_4"."""
    return f"dL_d{symbol}"


def term(source: str, target: int) -> str:
    """Symbol of one term of a weighted sum, weight times signal: "I1", 4 -> "lambda_1_4_I1"."""
    return f"{weight(int(source[1:]), target)}_{source}"


def returned(source: int, target: str) -> str:
    """The symbol of what goes back along a connection: 1, "H4" -> "lambda_1_4_dL_dH4in".

    It is weight times derivative.
    """
    return f"{weight(source, int(target[1:]))}_{derivative(pre_activation(target))}"


def moved(parameter: str) -> str:
    """Symbol of a parameter after the update: "b_4" -> "b_4_next"."""
    return f"{parameter}_next"


def mean(symbol: str) -> str:
    """Symbol of a derivative's mean over the samples of a batch: "dL_db_4" -> "mean_dL_db_4"."""
    return f"mean_{symbol}"


def mask(node: str) -> str:
    """Symbol of a hidden node's dropout mask, 0 or 1/keep: "H4" -> "mask_H4"."""
    return f"mask_{node}"


class Kept(NamedTuple):
    """What an optimiser keeps of a parameter from one update to the next.

    Name in its symbols, its letter, its words, and its sign.
    ``turns``: whether it is made of derivatives, and so has the other sign for P = −L; squares of derivatives
    have not. Called with a parameter it gives the symbol: "b_4" -> "velocity_b_4".
    """

    name: str
    letter: str
    words: str
    turns: bool

    def __call__(self, parameter: str) -> str:
        return f"{self.name}_{parameter}"


_KEPT: dict[str, Kept] = {}


def kept(name: str, letter: str, words: str, *, turns: bool) -> Kept:
    """A new kind of symbol for what an optimiser keeps of a parameter.

    From here on every function of this module knows it. ``name``: small letters only.
    """
    _KEPT[name] = Kept(name, letter, words, turns)
    return _KEPT[name]


velocity = kept("velocity", "v", "velocity", turns=True)
"""The running mean v of a parameter's gradients, Momentum's: "b_4" -> "velocity_b_4"."""
first_moment = kept("m", "m", "first moment", turns=True)
"""Adam's m of a parameter: "b_4" -> "m_b_4"."""
second_moment = kept("v", "v", "second moment", turns=False)
"""Adam's v of a parameter: "b_4" -> "v_b_4"."""
gradient = kept("gradient", "g", "gradient", turns=True)
"""What moves a parameter under a penalty: "lambda_1_4" -> "gradient_lambda_1_4".

It is the derivative of the loss plus that of the penalty.
"""


def unmasked(node: str) -> str:
    """Symbol of a hidden node's activation before its dropout mask: "H4" -> "alpha_H4"."""
    return f"alpha_{node}"


def corrected(moment: str) -> str:
    """Symbol of a running mean without its bias towards 0: "m_b_4" -> "m_b_4_corrected"."""
    return f"{moment}_corrected"


class Form(NamedTuple):
    """One symbol as TeX (without dollar signs), as plain Unicode text, as HTML, and in spoken words."""

    tex: str
    plain: str
    html: str
    spoken: str


_KINDS = (
    (re.compile(r"([IHO])(\d+)in"), r"{0}_{{{1}in}}", "{0}{1}in", "{0}<sub>{1}in</sub>", "{0} {1} in"),
    (re.compile(r"([IHO])(\d+)"), r"{0}_{{{1}}}", "{0}{1}", "{0}<sub>{1}</sub>", "{0} {1}"),
    (
        re.compile(r"lambda_(\d+)_(\d+)"),
        r"\lambda_{{{0},{1}}}",
        "λ{0},{1}",
        "λ<sub>{0},{1}</sub>",
        "lambda {0} {1}",
    ),
    (
        re.compile(r"lambda_(\d+)_(\d+)_([IHO])\1"),
        r"\lambda_{{{0},{1}}}{2}_{{{0}}}",
        "λ{0},{1}·{2}{0}",
        "λ<sub>{0},{1}</sub>·{2}<sub>{0}</sub>",
        "lambda {0} {1} times {2} {0}",
    ),
    (re.compile(r"b_(\d+)"), "b_{{{0}}}", "b{0}", "b<sub>{0}</sub>", "b {0}"),
    (re.compile(r"y_(\d+)"), "y_{{{0}}}", "y{0}", "y<sub>{0}</sub>", "truth {0}"),
    (re.compile(LOSS), "L", "L", "L", "loss"),
    (re.compile(PERFORMANCE), "P", "P", "P", "performance"),
    (re.compile(ETA), r"\eta", "η", "η", "learning rate"),
    (re.compile(EPOCH), r"\ell", "epoch", "epoch", "epoch"),
    (re.compile(UPDATE_NUMBER), "t", "t", "t", "number of the update"),
    (re.compile(FIRST_ETA), r"\eta_{{0}}", "η0", "η<sub>0</sub>", "first learning rate"),
    (re.compile("decay"), r"\mathrm{{decay}}", "decay", "decay", "decay"),
    (re.compile("a"), "a", "a", "a", "a"),
    (re.compile(r"l([12])"), "l_{{{0}}}", "l{0}", "l<sub>{0}</sub>", "L {0} penalty"),
)
_DERIVATIVE = re.compile(r"dL_d(.+)")
_MASK = re.compile(r"mask_(H\d+)")
_UNMASKED = re.compile(r"alpha_(H\d+)")
_GREEK = re.compile(r"(alpha|beta|gamma|delta|epsilon|mu|nu|rho|sigma|tau)(\d*)")
_OF_PARAMETER = re.compile(r"([a-z]+)_((?:lambda|b)_\d+(?:_\d+)?)(_corrected)?")
_RETURNED = re.compile(r"(lambda_\d+_\d+)_(dL_d[HO]\d+in)")
_MOVED = re.compile(r"(.+)_next")
_MEAN = re.compile(r"mean_(.+)")


@cache
def form(symbol: str, *, of: str = LOSS) -> Form:
    """The written and spoken forms of a symbol.

    ``of`` is the letter in the numerator of a derivative: "L", or "P" for the lecture's performance P = −L.
    Raises ValueError for a name that is no symbol.
    """
    if match := _RETURNED.fullmatch(symbol):
        factors = form(match[1]), form(match[2], of=of)
        return Form(
            *(
                sign.join(parts)
                for sign, parts in zip((" ", "·", "·", " times "), zip(*factors, strict=True), strict=True)
            )
        )
    if match := _MOVED.fullmatch(symbol):
        old = form(match[1])
        return Form(
            rf"{old.tex}^{{new}}", f"new {old.plain}", f"{old.html}<sup>new</sup>", f"new {old.spoken}"
        )
    if match := _MEAN.fullmatch(symbol):
        one = form(match[1], of=of)
        return Form(rf"\overline{{{one.tex}}}", f"mean {one.plain}", f"mean {one.html}", f"mean {one.spoken}")
    if match := _DERIVATIVE.fullmatch(symbol):
        by = form(match[1])
        return Form(
            rf"\partial {of}/\partial {by.tex}",
            f"∂{of}/∂{by.plain}",
            f"∂{of}/∂{by.html}",
            f"derivative of {of} by {by.spoken}",
        )
    if match := _MASK.fullmatch(symbol):
        node = form(match[1])
        return Form(rf"m_{{{match[1]}}}", f"mask {node.plain}", f"mask {node.html}", f"mask of {node.spoken}")
    if match := _UNMASKED.fullmatch(symbol):
        total = form(pre_activation(match[1]))
        return Form(
            rf"\alpha({total.tex})", f"α({total.plain})", f"α({total.html})", f"activation of {total.spoken}"
        )
    if (match := _OF_PARAMETER.fullmatch(symbol)) and match[1] in _KEPT:
        of_it, by = _KEPT[match[1]], form(match[2])
        if not match[3]:
            return Form(
                rf"{of_it.letter}_{{{by.tex}}}",
                f"{of_it.letter}({by.plain})",
                f"{of_it.letter}({by.html})",
                f"{of_it.words} of {by.spoken}",
            )
        hat = f"{of_it.letter}\N{COMBINING CIRCUMFLEX ACCENT}"
        return Form(
            rf"\hat{{{of_it.letter}}}_{{{by.tex}}}",
            f"{hat}({by.plain})",
            f"{hat}({by.html})",
            f"corrected {of_it.words} of {by.spoken}",
        )
    if match := _GREEK.fullmatch(symbol):
        letter, number = unicodedata.lookup(f"GREEK SMALL LETTER {match[1]}"), match[2]
        if not number:
            return Form(rf"\{match[1]}", letter, letter, match[1])
        return Form(
            rf"\{match[1]}_{{{number}}}",
            f"{letter}{number}",
            f"{letter}<sub>{number}</sub>",
            f"{match[1]} {number}",
        )
    for pattern, *templates in _KINDS:
        if match := pattern.fullmatch(symbol):
            return Form(*(template.format(*match.groups()) for template in templates))
    raise ValueError(
        f"{symbol!r} is not a symbol: write a node (H4, H4in), lambda_1_4, b_4, y_1, L, eta or dL_d before "
        "one of them"
    )


def is_derivative(symbol: str) -> bool:
    """Whether a symbol is a derivative of the loss."""
    return _DERIVATIVE.fullmatch(symbol) is not None


def turns_with_the_sign(symbol: str) -> bool:
    """Whether a symbol has the other sign for P = −L.

    Derivatives of the loss have, and means and multiples of them.
    """
    match = _OF_PARAMETER.match(symbol)
    return derivative("") in symbol or (match is not None and match[1] in _KEPT and _KEPT[match[1]].turns)
