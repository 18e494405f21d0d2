"""The steps inside an epoch in a real browser: walked, chosen, predicted, in Voila, in JupyterLab and in a
page of its own.
"""

import re
from functools import cache
from pathlib import Path

import pytest
from lecturer import Dashboard, ready, trained
from playwright.sync_api import Page, expect

from ann_dashboard import state, train
from ann_dashboard.analysis.gradient_check import central_difference
from ann_dashboard.equations.steps import steps
from ann_dashboard.film import step_texts
from ann_dashboard.film.camera import Camera
from ann_dashboard.views.numbers import text

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("no_errors")]


class Steps:
    """The card of the steps inside an epoch."""

    def __init__(self, dashboard: Dashboard) -> None:
        self.card = dashboard.root.locator(".film-steps")
        self.where, self.result, self.verdict = (
            self.card.locator(f".film-{name}") for name in ("where", "result", "verdict")
        )
        self.list = self.card.get_by_role("combobox", name="Go to a step")
        self.predict = self.card.get_by_role("checkbox", name="Predict first")
        self.answer = self.card.get_by_role("textbox", name="Your prediction")

    def try_(self, text: str) -> None:
        self.answer.fill(text)
        self.answer.press("Enter")


@pytest.fixture
def inside(dashboard: Dashboard) -> Steps:
    """The dashboard with the steps inside the epoch open."""
    dashboard.button("Step inside").click()
    opened = Steps(dashboard)
    expect(opened.where).to_have_text("Step 1 of 52: input")
    return opened


def test_all_steps_of_an_epoch_can_be_walked_forwards_and_back_across_its_borders(
    page: Page, dashboard: Dashboard, inside: Steps
) -> None:
    history = trained()
    inside.card.focus()
    walked = steps(history, 0)
    for place, step in enumerate(walked, start=1):
        expect(inside.where).to_have_text(f"Step {place} of 52: {step.block}")
        expect(inside.result).to_have_text(f"= {text(step.value, 2)}")
        expect(inside.list).to_have_value(step.symbol)
        page.keyboard.press("ArrowDown")
    expect(inside.where).to_have_text("Step 1 of 52: input")
    expect(dashboard.typed).to_have_value("1")
    page.keyboard.press("ArrowUp")
    for place, step in reversed(list(enumerate(walked, start=1))):
        expect(inside.where).to_have_text(f"Step {place} of 52: {step.block}")
        expect(inside.result).to_have_text(f"= {text(step.value, 2)}")
        page.keyboard.press("ArrowUp")
    expect(dashboard.typed).to_have_value("0")


def test_what_is_not_computed_yet_is_blank_on_the_diagram_and_in_the_table(
    dashboard: Dashboard, inside: Steps
) -> None:
    inside.list.select_option("H4in")
    for symbol in ("H4in", "lambda_1_4_I1", "lambda_4_6"):
        expect(dashboard.number(symbol)).to_have_css("visibility", "visible")
    for symbol in ("H4", "lambda_4_6_H4", "L", "dL_dI1"):
        expect(dashboard.number(symbol)).to_have_css("visibility", "hidden")
    expect(dashboard.root.locator('tbody [data-value="H4"]')).to_have_css("visibility", "hidden")
    expect(dashboard.root.locator('tr[data-symbol="H4in"]')).to_have_class("film-now")
    inside.list.select_option("b_6_next")
    expect(dashboard.number("dL_dI1")).to_have_css("visibility", "visible")
    dashboard.button("Step inside").click()
    expect(inside.card).to_be_hidden()


def test_a_click_on_the_diagram_chooses_its_equation(dashboard: Dashboard) -> None:
    opened = Steps(dashboard)
    for gid, symbol in {
        "node:H5": "H5",
        "connection:lambda_4_6": "dL_dlambda_4_6",
        "b_4": "dL_db_4",
        "label:O6in": "O6in",
    }.items():
        part = dashboard.root.locator(f'[id="network/{gid}"]').locator("path, text").first
        part.evaluate(
            "part => part.scrollIntoView({block: 'center'})"
        )  # not below the bar, which stays in sight
        part.click(force=True)
        expect(opened.list).to_have_value(symbol)


def test_the_equation_names_each_factor_and_tells_the_rounding(dashboard: Dashboard, inside: Steps) -> None:
    inside.list.select_option("dL_dH4in")
    equation = inside.card.locator(".film-equation")
    assert equation.locator(".film-named > span:first-child").all_inner_texts() == ["∂H4/∂H4in", "∂L/∂H4"]
    expect(equation.locator("div").last).to_have_text("= (1 − 0.42) · 0.42 · 0.53")
    inside.list.select_option("H4in")
    expect(inside.card).to_contain_text("With the digits shown it comes to −0.31")


def test_a_path_left_out_makes_the_sum_wrong(dashboard: Dashboard, inside: Steps) -> None:
    """lecture.md T7, ∂L/∂I1 = 0.008864817."""
    inside.list.select_option("dL_dI1")
    ledger = inside.card.locator(".film-ledger")
    expect(ledger).to_contain_text("Sum of all paths: 0.0089")
    ledger.get_by_role("checkbox").last.uncheck()
    expect(ledger).to_contain_text("Without this path: 0.0076, which is wrong: ∂L/∂I1 is 0.0089.")


def test_the_gradient_check_agrees_and_the_loss_around_it_is_plotted(
    dashboard: Dashboard, inside: Steps
) -> None:
    inside.list.select_option("dL_dlambda_4_6")
    expect(inside.card).to_contain_text("both ways gives −0.42378452; 11 digits agree")
    inside.card.get_by_role("button", name="Plot the loss around it").click()
    expect(inside.card.locator('[id="nudge/nudge:tangent"]')).to_be_attached()


PREDICTIONS = {
    ("H4in", "−0.32"): "Right: −0.32.",
    ("H4in", "-0,31"): "Right with the digits shown; with all digits it is −0.32.",
    ("H4in", "-"): "Right, it is negative. And its value?",
    ("H4in", "+"): "No: look at the signs of the factors again.",
    ("H4in", "abc"): "“abc” is no number: type a number such as −0.32, or + or − for the sign.",
    ("H4in", "0x10"): "“0x10” is no number: type a number such as −0.32, or + or − for the sign.",
    ("H4in", "1,000"): "“1,000” could be 1000 or 1.000: write 1000 or 1.000.",
    ("H4in", "−12,345"): "“−12,345” could be −12345 or −12.345: write −12345 or −12.345.",
    ("H4in", "0,320"): "Your size is right but the sign is not: turn it.",
    ("H4in", "-0.09"): "You left out the bias b4: add it.",
    ("dL_dH4in", "0.53"): "You left out the slope (1 − H4)·H4 of the node H4: multiply by it.",
    ("dL_dlambda_4_6", "0.42"): "Your size is right but the sign is that of ∂P/∂λ4,6 = −∂L/∂λ4,6: turn it.",
    ("dL_dI2", "0.05"): "You left out the path that brings λ2,4·∂L/∂H4in: add it, for every path counts.",
    (
        "lambda_4_6_next",
        "-0.11",
    ): "You left out the learning rate: multiply ∂L/∂λ4,6 by η before you take it away.",
    (
        "lambda_4_6_dL_dO6in",
        "0.49",
    ): "You used λ4,6 after its update: take the old λ4,6, for all derivatives come before the first update.",
    ("O6", "5"): "Not yet. Put the numbers into the equation once more, factor by factor.",
}


def test_a_prediction_is_judged_and_a_wrong_one_diagnosed(dashboard: Dashboard, inside: Steps) -> None:
    inside.predict.check()
    for (symbol, answer), said in PREDICTIONS.items():
        inside.list.select_option("I1")
        inside.list.select_option(symbol)
        expect(inside.result).to_have_text("= ?")
        inside.try_(answer)
        expect(inside.verdict).to_have_text(said)
        expect(inside.result).to_have_text(
            re.compile("= [−0-9]" if said.startswith(("Right:", "Right with")) else r"= \?")
        )


def test_stepping_asks_nothing_of_the_kernel(page: Page, voila: Dashboard) -> None:
    sent: list[str | bytes] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page.reload()
    ready(page)
    voila.button("Step inside").click()
    opened = Steps(voila)
    expect(opened.where).to_have_text("Step 1 of 52: input")
    opened.card.focus()
    page.keyboard.press("ArrowDown")
    expect(opened.where).to_have_text("Step 2 of 52: input")
    before = len(sent)
    for place in range(3, 53):
        page.keyboard.press("ArrowDown")
        expect(opened.where).to_contain_text(f"Step {place} of 52")
    assert len(sent) == before


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080)], ids=str)
def test_the_card_is_legible_at_every_step(page: Page, voila: Dashboard, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    voila.button("Step inside").click()
    opened = Steps(voila)
    expect(opened.where).to_have_text("Step 1 of 52: input")
    for symbol in [step.symbol for step in steps(trained(), 0)]:
        opened.list.select_option(symbol)
        faults = opened.card.evaluate(
            """card => [
                ...(card.scrollWidth > card.clientWidth ? ["the card is cut"] : []),
                ...[...card.querySelectorAll("*")]
                    .filter(e => e.checkVisibility()
                        && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
                    .filter(e => parseFloat(getComputedStyle(e).fontSize) < 10 && !e.closest("svg"))
                    .map(e => `${e.textContent} is small`),
            ]"""
        )
        assert faults == [], symbol


def test_the_page_of_a_film_can_be_stepped_through_without_a_kernel(page: Page, film_file: Path) -> None:
    page.context.set_offline(True)
    page.goto(film_file.as_uri())
    film = Dashboard(page, page.locator(".film"))
    film.button("Step inside").click()
    opened = Steps(film)
    opened.list.select_option("lambda_4_6_next")
    expect(opened.result).to_have_text("= −0.49")
    opened.predict.check()
    opened.try_("-0.49")
    expect(opened.verdict).to_have_text("Right: −0.49.")


LARGE = "?network=3-20-20-1&x=0.1,0.5,0.9&y=0.3&epochs=1000&steps=yes"


def test_a_large_network_opens_by_link_inside_its_epochs_and_every_number_is_the_historys(
    page: Page, voila_url: str
) -> None:
    """1696 steps an epoch, which come in stretches as a hand reaches them: step by step, by the list, and
    through the epochs.
    """
    asked, ignored = state.read(LARGE)
    assert ignored == ()
    history = train(asked.network, asked.data, asked.training)
    rows = cache(lambda epoch: {step.symbol: step for step in steps(history, epoch)})
    page.goto(voila_url + LARGE, wait_until="commit")
    large = Dashboard(page, page.locator(".ann-dashboard"))
    opened = Steps(large)
    expect(opened.where).to_have_text("Step 1 of 1696: input", timeout=120_000)
    opened.card.focus()
    for place, step in enumerate(list(rows(0).values())[:40], start=1):
        expect(opened.where).to_have_text(f"Step {place} of 1696: {step.block}")
        expect(opened.result).to_have_text(f"= {text(step.value, 2)}")
        page.keyboard.press("ArrowDown")
    for symbol in ("lambda_5_25_next", "dL_dH4", "H24in", "dL_dlambda_5_25"):
        opened.list.select_option(symbol)
        for epoch in (0, 1, 99, 100, 731, 42):
            large.type(large.typed, epoch)
            expect(opened.result).to_have_text(f"= {text(rows(epoch)[symbol].value, 2)}")
    nudged = text(central_difference(history, 42, "lambda_5_25"), 8)
    expect(opened.card).to_contain_text(f"Gradient check: nudging λ5,25 both ways gives {nudged};")
    expect(opened.card.locator(".film-equation > div").last).to_have_text(
        f"= {rows(42)['dL_dlambda_5_25'].substituted(2)}"
    )
    opened.list.select_option("I1")
    opened.card.focus()
    page.keyboard.press("ArrowUp")
    expect(opened.where).to_have_text("Step 1696 of 1696: update")
    expect(opened.result).to_have_text(f"= {text(rows(41)['b_44_next'].value, 2)}")
    large.button("Step inside").click()
    large.type(large.typed, 555)
    large.button("Step inside").click()
    expect(opened.result).to_have_text(f"= {text(rows(555)['b_44_next'].value, 2)}")
    large.type(large.typed, 41)
    large.button("Play").click()
    page.wait_for_function("() => Number(document.querySelector('.film').dataset.epoch) > 150")
    large.button("Pause").click()
    there = int(large.root.locator(".film").get_attribute("data-epoch"))
    expect(opened.result).to_have_text(f"= {text(rows(there)['b_44_next'].value, 2)}")
    opened.predict.check()
    opened.try_("1000")
    expect(opened.verdict).to_contain_text("Not yet")


def test_steps_for_which_there_is_no_memory_are_refused_in_their_card_and_the_film_stays(
    page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step_texts, "MOST_BYTES", 1e5)
    history = trained(epochs=20)
    Camera(history.network).film(history).to_html(tmp_path / "film.html")
    page.goto((tmp_path / "film.html").as_uri())
    film = Dashboard(page, page.locator(".film"))
    film.button("Step inside").click()
    refused = Steps(film)
    expect(refused.where).to_have_text(
        re.compile(
            r"^An epoch of this network has about \d+ steps, more than the 28 that there is memory for: "
        )
    )
    expect(refused.list).to_be_hidden()
    film.button("Next epoch").click()
    film.shows(history, 1)
    film.root.locator('[id="network/node:H5"]').click(force=True)
    film.button("Step inside").click()
    expect(refused.card).to_be_hidden()
