"""The lessons print what the sources print."""

from decimal import ROUND_HALF_UP, Decimal

import pytest

from ann_dashboard import History, lessons

LESSONS = {"LECTURE": lessons.LECTURE, "EBOOK": lessons.EBOOK}
ROUNDED_TWICE = {("LECTURE", "dL_dlambda_1_4", 0)}
FIGURES = [
    pytest.param(name, printed, id=f"{name} {printed.symbol} epoch {printed.epoch}") for name, lesson in LESSONS.items() for printed in lesson.printed
]


@pytest.fixture(scope="module")
def histories():
    return {name: lesson.train() for name, lesson in LESSONS.items()}


def number(figure):
    return Decimal(figure.replace("−", "-"))


def rounded(value, figure):
    """The value to as many digits as the figure is printed with."""
    return Decimal(value).quantize(number(figure), rounding=ROUND_HALF_UP)


@pytest.mark.parametrize(
    ("name", "printed"), [case for case in FIGURES if (case.values[0], case.values[1].symbol, case.values[1].epoch) not in ROUNDED_TWICE]
)
def test_a_printed_figure_is_its_value_rounded(histories, name, printed):
    value = histories[name].at(printed.epoch)[printed.symbol]
    as_printed = -value if "∂P" in printed.note else value
    assert rounded(as_printed, printed.figure) == number(printed.figure)


@pytest.mark.parametrize(("name", "printed"), [case for case in FIGURES if case.values[1].symbol.startswith("dL_")])
def test_a_printed_derivative_says_that_its_sign_is_the_lectures(name, printed):
    assert "∂P" in printed.note or (name, printed.symbol, printed.epoch) in ROUNDED_TWICE


def test_the_figure_that_was_rounded_twice_is_explained_by_its_factors(histories):
    """e-book chapter: ∂L/∂λ1,4 = 0.50 · −0.13; erratum: the deck prints +0.065."""
    printed = next(figure for figure in lessons.LECTURE.printed if figure.symbol == "dL_dlambda_1_4")
    row = histories["LECTURE"].at(0)
    factor = rounded(-row["dL_dH4in"], "−0.13")
    assert rounded(Decimal("0.50") * factor, printed.figure) == number(printed.figure)
    assert (f"{-row['dL_dlambda_1_4']:.4f}", f"{row['dL_dlambda_1_4']:.3f}") == ("-0.0649", "0.065")
    assert printed.note.startswith("erratum: −0.0649, printed +0.065")


@pytest.mark.parametrize("name", LESSONS)
def test_a_figure_is_printed_once_a_symbol_and_epoch(name):
    keys = [(printed.symbol, printed.epoch) for printed in LESSONS[name].printed]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(("name", "figures"), [("LECTURE", 30), ("EBOOK", 1)])
def test_the_printed_figures_are_all_there(name, figures):
    """Every figure that the deck or the chapter prints for epochs 0 and 1."""
    assert len(LESSONS[name].printed) == figures


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_trains_what_it_says(histories, name):
    lesson, history = LESSONS[name], histories[name]
    assert isinstance(history, History)
    assert (history.network, history.data, history.training) == (lesson.network, lesson.data, lesson.training)
    assert len(history) == 1001


@pytest.mark.parametrize(("name", "eta", "seed"), [("LECTURE", 0.1, 3), ("EBOOK", 0.2, 13)])
def test_a_lesson_is_the_sources_3_2_1_network_and_sample(name, eta, seed):
    """e-book chapter: the figures are of seed 3 and η 0.1, the printed code is seed 13 and η 0.2."""
    lesson = LESSONS[name]
    assert (lesson.network.widths, lesson.network.layer_activations) == ((3, 2, 1), ("sigmoid", "identity"))
    assert (lesson.data.x.tolist(), lesson.data.y.tolist()) == ([[0.5, 0.2, 0.7]], [[0.3]])
    assert (lesson.training.eta, lesson.training.seed, lesson.training.epochs) == (eta, seed, 1000)
    assert "Pyrcz" in lesson.source
