"""The symbols: their column names, and how each is written and spoken."""

import pytest

from ann_dashboard import Network, notation
from ann_dashboard.engine.optimisers import RUNNING_MEANS
from ann_dashboard.notation import form


@pytest.mark.parametrize(
    ("built", "symbol"),
    [
        (notation.pre_activation("H4"), "H4in"),
        (notation.weight(1, 4), "lambda_1_4"),
        (notation.weight(12, 30), "lambda_12_30"),
        (notation.bias(4), "b_4"),
        (notation.truth(1), "y_1"),
        (notation.derivative("H4in"), "dL_dH4in"),
        (notation.derivative(notation.weight(4, 6)), "dL_dlambda_4_6"),
        (notation.term("I1", 4), "lambda_1_4_I1"),
        (notation.term("H12", 15), "lambda_12_15_H12"),
        (notation.unmasked("H4"), "alpha_H4"),
        (notation.gradient("lambda_1_4"), "gradient_lambda_1_4"),
        (notation.corrected(notation.first_moment("b_4")), "m_b_4_corrected"),
        (notation.moved(notation.velocity("b_4")), "velocity_b_4_next"),
    ],
)
def test_a_symbol_is_the_columns_name(built, symbol):
    assert built == symbol


@pytest.mark.parametrize(
    ("symbol", "tex", "plain", "html", "spoken"),
    [
        ("I1", "I_{1}", "I1", "I<sub>1</sub>", "I 1"),
        ("H4in", "H_{4in}", "H4in", "H<sub>4in</sub>", "H 4 in"),
        ("O16", "O_{16}", "O16", "O<sub>16</sub>", "O 16"),
        ("lambda_1_4", r"\lambda_{1,4}", "λ1,4", "λ<sub>1,4</sub>", "lambda 1 4"),
        (
            "lambda_1_4_I1",
            r"\lambda_{1,4}I_{1}",
            "λ1,4·I1",
            "λ<sub>1,4</sub>·I<sub>1</sub>",
            "lambda 1 4 times I 1",
        ),
        ("b_5", "b_{5}", "b5", "b<sub>5</sub>", "b 5"),
        ("y_1", "y_{1}", "y1", "y<sub>1</sub>", "truth 1"),
        ("L", "L", "L", "L", "loss"),
        ("eta", r"\eta", "η", "η", "learning rate"),
        ("epoch", r"\ell", "epoch", "epoch", "epoch"),
        (
            "dL_dH4in",
            r"\partial L/\partial H_{4in}",
            "∂L/∂H4in",
            "∂L/∂H<sub>4in</sub>",
            "derivative of L by H 4 in",
        ),
        (
            "dL_dlambda_4_6",
            r"\partial L/\partial \lambda_{4,6}",
            "∂L/∂λ4,6",
            "∂L/∂λ<sub>4,6</sub>",
            "derivative of L by lambda 4 6",
        ),
        ("dL_db_4", r"\partial L/\partial b_{4}", "∂L/∂b4", "∂L/∂b<sub>4</sub>", "derivative of L by b 4"),
        ("alpha_H4", r"\alpha(H_{4in})", "α(H4in)", "α(H<sub>4in</sub>)", "activation of H 4 in"),
        ("gradient_b_4", "g_{b_{4}}", "g(b4)", "g(b<sub>4</sub>)", "gradient of b 4"),
        (
            "velocity_b_4_next",
            "v_{b_{4}}^{new}",
            "new v(b4)",
            "v(b<sub>4</sub>)<sup>new</sup>",
            "new velocity of b 4",
        ),
        ("m_b_4_corrected", r"\hat{m}_{b_{4}}", "m̂(b4)", "m̂(b<sub>4</sub>)", "corrected first moment of b 4"),
        ("t", "t", "t", "t", "number of the update"),
        ("eta_0", r"\eta_{0}", "η0", "η<sub>0</sub>", "first learning rate"),
        ("beta1", r"\beta_{1}", "β1", "β<sub>1</sub>", "beta 1"),
        ("epsilon", r"\epsilon", "ε", "ε", "epsilon"),
        ("rho", r"\rho", "ρ", "ρ", "rho"),
        ("l2", "l_{2}", "l2", "l<sub>2</sub>", "L 2 penalty"),
    ],
)
def test_a_symbol_has_a_tex_a_plain_an_html_and_a_spoken_form(symbol, tex, plain, html, spoken):
    assert form(symbol) == (tex, plain, html, spoken)


def test_a_derivative_can_be_named_by_the_lectures_performance():
    """Lecture deck: the figures print ∂P/∂·, P = −L."""
    assert form("dL_db_4", of="P") == (
        r"\partial P/\partial b_{4}",
        "∂P/∂b4",
        "∂P/∂b<sub>4</sub>",
        "derivative of P by b 4",
    )


@pytest.mark.parametrize(
    "network", [Network((3, 2, 1)), Network((2, 2, 3, 2)), Network((12, 11, 1)), Network((1, 1))]
)
@pytest.mark.parametrize("kind", ["tex", "plain", "html", "spoken"])
def test_every_column_has_a_form_of_its_own(network, kind):
    assert len({getattr(form(symbol), kind) for symbol in network.columns}) == len(network.columns)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "H",
        "H4out",
        "w14",
        "lambda_1",
        "lambda_1_4_I2",
        "lambda_1_4in",
        "b4",
        "y",
        "dL_d",
        "dL_dw14",
        "l",
        "H4 ",
        "w_b_4",
        "lambda",
        "beta_1",
    ],
)
def test_a_name_that_is_no_symbol_is_refused_with_what_to_write(name):
    with pytest.raises(ValueError, match="is not a symbol: write a node") as refusal:
        form(name)
    assert repr(name.removeprefix("dL_d") or name) in str(refusal.value)


def test_every_running_mean_of_every_optimiser_has_a_form_of_its_own_before_and_after_the_update():
    forms = [
        form(symbol)
        for keeps in RUNNING_MEANS
        for symbol in (keeps("b_4"), notation.moved(keeps("b_4")), notation.corrected(keeps("b_4")))
    ]
    spoken = [found.spoken for found in forms]
    assert len(set(spoken)) == len(spoken) == 3 * len(RUNNING_MEANS)


@pytest.mark.parametrize(
    ("symbol", "expected"),
    [("dL_dH4", True), ("dL_dlambda_1_4", True), ("H4", False), ("L", False), ("lambda_1_4", False)],
)
def test_a_derivative_is_told_from_a_value(symbol, expected):
    assert notation.is_derivative(symbol) is expected


@pytest.mark.parametrize(
    ("symbol", "expected"),
    [
        ("mean_dL_db_4", True),
        ("velocity_b_4_next", True),
        ("m_b_4_corrected", True),
        ("gradient_b_4", True),
        ("v_b_4", False),
        ("v_b_4_next", False),
        ("mask_H4", False),
    ],
)
def test_what_is_made_of_derivatives_turns_with_their_sign(symbol, expected):
    assert notation.turns_with_the_sign(symbol) is expected
