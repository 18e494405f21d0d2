"""Arithmetic as a tree: how it is written in each hand, where brackets stand, and which symbols it uses."""

import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ann_dashboard.expressions.tree import (
    FUNCTIONS,
    Call,
    Constant,
    Difference,
    IfAtLeastZero,
    IfPositive,
    Named,
    Negative,
    Power,
    Product,
    Quotient,
    Raised,
    Root,
    Setting,
    Share,
    Stable,
    Sum,
    TimesLog,
    Value,
    evaluated,
    replaced,
    symbols,
    written,
)
from ann_dashboard.expressions.writers import BY_HAND, OVERBRACE, PYTHON, TEX

A, B, C = Value("H4"), Value("O6"), Value("y_1")
ONE, HALF = Constant("1"), Constant("0.5")


@pytest.mark.parametrize(
    ("expression", "python", "tex"),
    [
        (A, "H4", "H_{4}"),
        (HALF, "0.5", "0.5"),
        (Sum((A, B, C)), "H4 + O6 + y_1", "H_{4} + O_{6} + y_{1}"),
        (Difference(A, B), "H4 - O6", "H_{4} - O_{6}"),
        (Difference(A, Sum((B, C))), "H4 - (O6 + y_1)", r"H_{4} - \left( O_{6} + y_{1} \right)"),
        (Difference(A, Product((B, C))), "H4 - O6 * y_1", r"H_{4} - O_{6} \cdot y_{1}"),
        (Difference(A, Negative(B)), "H4 - (-O6)", r"H_{4} - \left( -O_{6} \right)"),
        (Difference(Difference(A, B), C), "H4 - O6 - y_1", "H_{4} - O_{6} - y_{1}"),
        (Product((Difference(ONE, A), A)), "(1 - H4) * H4", r"\left( 1 - H_{4} \right) \cdot H_{4}"),
        (Product((A, Negative(B))), "H4 * (-O6)", r"H_{4} \cdot \left( -O_{6} \right)"),
        (Sum((Product((A, B)), C)), "H4 * O6 + y_1", r"H_{4} \cdot O_{6} + y_{1}"),
        (Quotient(ONE, Sum((ONE, A))), "1 / (1 + H4)", r"\frac{1}{1 + H_{4}}"),
        (Power(A), "H4 ** 2", "H_{4}^2"),
        (Power(Difference(B, C)), "(O6 - y_1) ** 2", r"\left( O_{6} - y_{1} \right)^2"),
        (Negative(Sum((A, B))), "-(H4 + O6)", r"-\left( H_{4} + O_{6} \right)"),
        (Call("exp", (Negative(A),)), "exp(-H4)", r"\mathrm{exp}\left( -H_{4} \right)"),
        (Call("max", (Constant("0"), A)), "max(0, H4)", r"\mathrm{max}\left( 0, H_{4} \right)"),
        (
            IfPositive(A, ONE, HALF),
            "(1 if H4 > 0 else 0.5)",
            r"\left( 1\ \mathrm{if}\ H_{4} > 0\ \mathrm{else}\ 0.5 \right)",
        ),
        (
            IfAtLeastZero(A, ONE, HALF),
            "(1 if H4 >= 0 else 0.5)",
            r"\left( 1\ \mathrm{if}\ H_{4} \geq 0\ \mathrm{else}\ 0.5 \right)",
        ),
        (IfPositive(A, Difference(B, C), Product((A, B))), "(O6 - y_1 if H4 > 0 else H4 * O6)", None),
        (Stable(Call("ln", (A,)), Negative(B)), "ln(H4)", r"\mathrm{ln}\left( H_{4} \right)"),
        (Product((Stable(Sum((A, B)), C), C)), "(H4 + O6) * y_1", None),
        (Call("abs", (Difference(A, B),)), "abs(H4 - O6)", None),
        (Setting("beta1", 0.9), "beta1", r"\beta_{1}"),
        (Raised(Setting("beta2", 0.999), Value("t")), "beta2 ** t", r"\beta_{2}^{t}"),
        (Root(Sum((A, B))), "sqrt(H4 + O6)", r"\sqrt{H_{4} + O_{6}}"),
        (
            Product((A, Quotient(B, Sum((Root(C), ONE))))),
            "H4 * O6 / (sqrt(y_1) + 1)",
            r"H_{4} \cdot \frac{O_{6}}{\sqrt{y_{1}} + 1}",
        ),
        (Share(A, (A, B)), "exp(H4) / (exp(H4) + exp(O6))", None),
        (Negative(Sum((TimesLog(C, B), TimesLog(C, A)))), "-(y_1 * ln(O6) + y_1 * ln(H4))", None),
        (
            Product((Named(Difference(ONE, A), "H4", "H4in"), B)),
            "(1 - H4) * O6",
            r"\left( 1 - H_{4} \right) \cdot O_{6}",
        ),
    ],
)
def test_an_expression_is_written_with_the_brackets_it_needs(expression, python, tex):
    assert written(expression, PYTHON) == python
    assert tex is None or written(expression, TEX) == tex


def test_a_program_computes_the_form_that_nothing_overflows():
    assert written(Product((Stable(Call("ln", (A,)), Difference(B, C)), C)), BY_HAND) == "(O6 - y_1) * y_1"


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        (IfAtLeastZero(A, Call("exp", (A,)), B), "exp(H4) if H4 >= 0 else O6"),
        (IfAtLeastZero(A, ONE, HALF), "1 if H4 >= 0 else 0.5 if H4 < 0 else H4"),
        (Sum((B, IfAtLeastZero(A, B, C))), "O6 + (O6 if H4 >= 0 else y_1)"),
        (Product((IfPositive(A, ONE, HALF), B)), "(0.5 if H4 <= 0 else 1) * O6"),
        (Product((HALF, Sum((Power(A),)))), "0.5 * (H4 * H4)"),
    ],
)
def test_a_program_brackets_a_condition_only_inside_something_else(expression, code):
    assert written(expression, BY_HAND) == code


def test_an_overbrace_names_a_factor_and_holds_its_brackets():
    """E-book chapter: the overbrace over (1 − H4) H4 reads ∂H4/∂H4in."""
    factor = Named(Difference(ONE, A), "H4", "H4in")
    assert written(factor, OVERBRACE) == r"\overbrace{1 - H_{4}}^{\partial H_{4}/\partial H_{4in}}"
    assert (
        written(Product((factor, B)), OVERBRACE)
        == r"\overbrace{\left( 1 - H_{4} \right)}^{\partial H_{4}/\partial H_{4in}} \cdot O_{6}"
    )


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        (ONE, []),
        (Difference(A, Product((B, A))), ["H4", "O6", "H4"]),
        (Quotient(A, Sum((B, Power(C)))), ["H4", "O6", "y_1"]),
        (Call("max", (Negative(B), Named(A, "H4", "H4in"))), ["O6", "H4"]),
        (IfPositive(C, ONE, HALF), ["y_1"]),
        (IfAtLeastZero(C, A, B), ["H4", "y_1", "O6"]),
        (Stable(Sum((A, B)), C), ["H4", "O6"]),
        (Share(A, (A, B)), ["H4", "H4", "O6"]),
        (Product((Setting("a", 0.9), Root(C))), ["y_1"]),
    ],
)
def test_the_symbols_of_an_expression_come_from_left_to_right(expression, found):
    assert list(symbols(expression)) == found


NUMBERS = {"a": -1.25, "b": 0.75, "c": 2.5}
ATOMS = [*((Value(symbol), number) for symbol, number in NUMBERS.items()), (ONE, 1.0), (HALF, 0.5)]


def grown(parts):
    """Expressions one level higher, each with the value it must have.

    Divisors and bases are not products, quotients or squares.
    """
    several = st.lists(parts, min_size=2, max_size=3)
    plain = parts.filter(lambda part: not isinstance(part[0], Product | Quotient | Power))
    return st.one_of(
        several.map(lambda found: (Sum(tuple(part for part, _ in found)), sum(value for _, value in found))),
        several.map(
            lambda found: (Product(tuple(part for part, _ in found)), math.prod(value for _, value in found))
        ),
        st.tuples(parts, parts).map(
            lambda found: (Difference(found[0][0], found[1][0]), found[0][1] - found[1][1])
        ),
        st.tuples(parts, plain).filter(lambda found: abs(found[1][1]) > 1e-2).map(divided),
        plain.map(lambda part: (Power(part[0]), part[1] * part[1])),
        parts.map(lambda part: (Negative(part[0]), -part[1])),
        parts.map(lambda part: (Call("tanh", (part[0],)), math.tanh(part[1]))),
        st.tuples(parts, parts).map(
            lambda found: (Call("max", (found[0][0], found[1][0])), max(found[0][1], found[1][1]))
        ),
        parts.map(lambda part: (IfPositive(part[0], ONE, HALF), 1.0 if part[1] > 0 else 0.5)),
        parts.map(
            lambda part: (
                (Named(part[0], "H4", "H4in"), part[1])
                if not isinstance(part[0], Product | Quotient | Power)
                else part
            )
        ),
    )


def divided(found):
    (above, over), (below, under) = found
    return Quotient(above, below), over / under


@settings(max_examples=300, deadline=None)
@given(drawn=st.recursive(st.sampled_from(ATOMS), grown, max_leaves=12))
def test_what_is_written_as_python_has_the_value_of_the_tree(drawn):
    """Written as Python, a tree has the value of the tree.

    Where a number is all but 0 after a difference, or a sign depends on its last digit, nothing can be said.
    """
    expression, expected = drawn
    assume(abs(expected) < 1e6)
    names = {"tanh": math.tanh, "max": max}
    read = eval(written(expression, PYTHON), {"__builtins__": {}}, names | NUMBERS)
    with_numbers = PYTHON._replace(value=lambda symbol: f"({NUMBERS[symbol]!r})")
    assert read == pytest.approx(expected, rel=1e-6, abs=1e-9)
    assert eval(written(expression, with_numbers), {"__builtins__": {}}, names) == read
    assert float(evaluated(expression, NUMBERS)) == pytest.approx(expected, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (Share(A, (A, B)), math.exp(1.5) / (math.exp(1.5) + math.exp(-0.5))),
        (Share(C, (A, C)), 1.0),
        (TimesLog(Value("nothing"), Value("nothing")), 0.0),
        (TimesLog(A, Constant("0.5")), -1.5 * math.log(2)),
        (TimesLog(A, Value("nothing")), -math.inf),
        (Quotient(Value("nothing"), Value("nothing")), 0.0),
        (Quotient(A, Value("nothing")), math.inf),
        (IfAtLeastZero(Value("nothing"), ONE, HALF), 1.0),
        (IfAtLeastZero(B, ONE, HALF), 0.5),
        (IfAtLeastZero(B, ONE, Negative(A)), -1.5),
        (IfPositive(A, Difference(A, B), ONE), 2.0),
        (Stable(Call("exp", (C,)), A), 1.5),
        (Call("min", (A, B)), -0.5),
        (Call("abs", (B,)), 0.5),
        (Call("ln", (A,)), math.log(1.5)),
        (Call("log1p", (A,)), math.log1p(1.5)),
        (Call("expm1", (A,)), math.expm1(1.5)),
        (Raised(Setting("beta2", 0.5), Constant("3")), 0.125),
        (Root(Constant("2.25")), 1.5),
        (Call("sign", (B,)), -1.0),
        (Call("sigmoid", (A,)), 1 / (1 + math.exp(-1.5))),
        (Call("sigmoid", (Constant("-800"),)), 0.0),
        (Call("quotient", (Value("nothing"), Value("nothing"))), 0.0),
    ],
)
def test_what_has_no_number_of_its_own_is_worked_out_as_the_engine_does(expression, value):
    assert float(
        evaluated(expression, {"H4": 1.5, "O6": -0.5, "y_1": 1000.0, "nothing": 0.0})
    ) == pytest.approx(value, rel=1e-15)


def test_a_symbol_is_replaced_wherever_it_stands():
    expression = Difference(A, Quotient(Product((B, Power(A))), Root(Sum((A, Negative(C))))))
    assert written(replaced(expression, "H4", B), PYTHON) == "O6 - O6 * O6 ** 2 / sqrt(O6 + -y_1)"


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("numbers", [(-800.0, 3.0), (0.0, 0.0), (0.25, -0.5), (1.5, 0.0)])
def test_a_function_gives_a_program_what_it_gives_an_equation(name, numbers):
    """Of an argument outside a function's domain Python raises, and NumPy gives no finite number."""
    function, scope = FUNCTIONS[name], {}
    exec(f"from math import exp\n{function.defined}", scope)
    if function.imported:
        exec(f"from math import {function.imported}", scope)
    arguments = numbers if name in ("max", "min", "quotient") else numbers[:1]
    try:
        expected = eval(f"{name}(*{arguments})", scope)
    except ValueError:
        expected = None
    found = float(
        evaluated(
            Call(name, tuple(map(Value, "ab"[: len(arguments)]))), dict(zip("ab", numbers, strict=True))
        )
    )
    assert (expected is None and not math.isfinite(found)) or found == pytest.approx(expected, rel=1e-15)
