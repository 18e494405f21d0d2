"""What a lecturer and a student do with the dashboard, and what they read off it, for the browser tests."""

import contextlib
import itertools
import re
from typing import Any

from playwright.sync_api import Locator, Page, TimeoutError, expect

from ann_dashboard import History, Training, lessons, train
from ann_dashboard.views import diagram
from ann_dashboard.views.numbers import text


class Dashboard:
    """A dashboard, or a film alone, on a page: its controls and what a person reads off it."""

    def __init__(self, page: Page, root: Locator) -> None:
        self.page, self.root = page, root
        self.eta = root.get_by_role("spinbutton", name="Learning rate η, typed")
        self.seed = root.get_by_role("spinbutton", name="Random seed S, typed")
        self.epochs = root.get_by_label("Train epochs")
        self.eta_slider, self.seed_slider = (root.locator(".noUi-handle").nth(place) for place in (0, 1))
        self.slider = root.get_by_role("slider", name="Epoch", exact=True)
        self.typed = root.get_by_label("Epoch, typed")
        self.message = root.get_by_role("status")
        self.network, self.curves = (root.locator(f'[data-picture="{name}"]') for name in ("network", "curves"))
        self.history = root.get_by_role("region", name="History of all epochs")

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name, exact=True)

    def layer(self, name: str) -> Locator:
        return self.root.get_by_role("checkbox", name=name)

    def choose(self, control: str, option: str) -> None:
        self.root.get_by_label(control, exact=True).select_option(label=option)

    def type(self, control: Locator, value: float) -> None:
        control.fill(str(value))
        control.press("Enter")

    def number(self, symbol: str) -> Locator:
        """The number of a symbol in the network's picture."""
        return self.root.locator(f'[id="network/{symbol}"] text')

    def history_row(self, frame: int) -> Locator:
        """A row of the history, which is drawn where it can be seen."""
        self.history.scroll_into_view_if_needed()
        return self.history.locator(f'[data-frame="{frame}"]')

    def shows_epoch(self, epoch: int) -> None:
        """Table, slider, typed number and the pictures' descriptions are at this epoch."""
        expect(self.root.locator('[data-value="epoch"]')).to_have_text(str(epoch))
        expect(self.typed).to_have_value(str(epoch))
        expect(self.slider).to_have_attribute("aria-valuetext", f"epoch {epoch}")
        expect(self.network).to_have_attribute("aria-label", re.compile(rf"^Network 3-2-1 at epoch {epoch}\. Inputs: I 1 0.50"))
        expect(self.curves).to_have_attribute("aria-label", re.compile(rf"marked is epoch {epoch}\. Prediction: O 6 "))

    def shows(self, history: History, epoch: int, *, decimals: int = 2) -> None:
        """Every number of the picture is that of the history at the epoch, and so is the table."""
        self.shows_epoch(epoch)
        row, network = history.at(epoch), history.network
        expected = {
            symbol: text(diagram.values(row, network, symbol), decimals)
            for symbol in itertools.chain(*diagram.layers(network, decimals=decimals).values())
        }
        read = "(root, symbols) => Object.fromEntries(symbols.map(s => [s, root.querySelector(`[id='network/${s}'] text`)?.textContent]))"
        with contextlib.suppress(TimeoutError):
            self.page.wait_for_function(
                f"([root, expected]) => JSON.stringify(({read})(root, Object.keys(expected))) === JSON.stringify(expected)",
                arg=[self.root.element_handle(), expected],
                timeout=10_000,
            )
        assert self.root.evaluate(read, list(expected)) == expected
        for symbol in ("O6", "dL_dlambda_1_4", "L"):
            expect(self.root.locator(f'[data-value="{symbol}"]')).to_have_text(text(row[symbol], decimals))


def trained(**settings: Any) -> History:
    """The lecture's training with some settings of its own."""
    return train(lessons.LECTURE.network, lessons.LECTURE.data, Training(**{"eta": 0.1, "epochs": 1000, "seed": 3} | settings))


def ready(page: Page) -> Dashboard:
    dashboard = Dashboard(page, page.locator(".ann-dashboard"))
    expect(dashboard.number("O6")).to_have_text("−0.70", timeout=60_000)
    return dashboard
