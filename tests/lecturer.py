"""What a lecturer and a student do with the dashboard, and what they read off it, for the browser tests."""

import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from playwright.sync_api import Locator, Page, expect

from ann_dashboard import History, Training, lessons, notation, train
from ann_dashboard.views import diagram
from ann_dashboard.views.numbers import text
from ann_dashboard.views.sheet import Channels

REST = 250
"""Milliseconds after which film.ts tells the kernel the frame that the user stopped on."""


class Dashboard:
    """A dashboard, or a film alone, on a page: its controls and what a person reads off it."""

    def __init__(self, page: Page, root: Locator) -> None:
        self.page, self.root = page, root
        self.eta = root.get_by_role("spinbutton", name="Learning rate η, typed")
        self.seed = root.get_by_role("spinbutton", name="Random seed S, typed")
        self.epochs = root.get_by_label("Train epochs")
        self.eta_slider, self.seed_slider = (root.locator(".noUi-handle").nth(place) for place in (0, 1))
        self.slider = root.get_by_role("slider", name=re.compile("^(Epoch|Update)$"))
        self.typed = root.get_by_label(re.compile("^(Epoch|Update), typed$"))
        self.message = root.get_by_role("status")
        self.network, self.curves = (
            root.locator(f'[data-picture="{name}"]') for name in ("network", "curves")
        )
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

    def shows_epoch(self, epoch: int, *, of: History | None = None) -> None:
        """Table, slider, typed number and the pictures' descriptions are at this epoch.

        Or at this update, of a history whose epochs are updates.
        """
        counts = "epoch" if of is None else of.counts
        shape = "[0-9-]+" if of is None else "-".join(map(str, of.network.widths))
        expect(self.root.locator('.film-values [data-value="epoch"]')).to_have_text(str(epoch))
        expect(self.typed).to_have_value(str(epoch))
        expect(self.slider).to_have_attribute("aria-valuetext", f"{counts} {epoch}")
        expect(self.network).to_have_attribute(
            "aria-label", re.compile(rf"^Network {shape} at {counts} {epoch}\. Inputs: I 1 ")
        )
        expect(self.curves).to_have_attribute(
            "aria-label", re.compile(rf"marked is {counts} {epoch}\. Prediction: [HO] \d")
        )

    def shows(self, history: History, epoch: int, *, decimals: int = 2, sample: int = 0) -> None:
        """Every number of the picture is that of the history's sample at the epoch, and so is the table."""
        self.shows_epoch(epoch, of=history)
        row, network = history.at(epoch, sample), history.network
        symbols = set(itertools.chain(*diagram.layers(network, decimals=decimals).values()))
        ids = self.network.locator("[id]").evaluate_all(
            "groups => groups.map(group => group.id.replace('network/', ''))"
        )
        in_the_picture = [symbol for symbol in ids if symbol in symbols]
        assert sorted(in_the_picture) == sorted(symbols)
        numbers = self.network.locator(
            ", ".join(f'[id="network/{symbol}"] text' for symbol in in_the_picture)
        )
        expect(numbers).to_have_text(
            [text(diagram.values(row, network, symbol), decimals) for symbol in in_the_picture]
        )
        for symbol in (network.nodes[-1], notation.derivative(network.weights[0]), notation.LOSS):
            expect(self.root.locator(f'.film-values [data-value="{symbol}"]')).to_have_text(
                text(row[symbol], decimals)
            )

    def shows_beside(self, names: Sequence[str], changes: Channels, frame: int) -> None:
        """The pictures next to the network are these, each at the frame's values.

        Every channel is compared; the last value holds.
        """
        pictures = self.root.locator(".film-panels [data-picture]")
        assert pictures.evaluate_all("pictures => pictures.map(picture => picture.dataset.picture)") == list(
            names
        )
        found = self.root.evaluate(BESIDE, list(names))
        for channel, gids in changes.items():
            expected = {
                gid: values[min(frame, len(values) - 1)] for gid, values in gids.items() if gid in found
            }
            assert {gid: found[gid][channel] for gid in expected} == expected


BESIDE = """(root, names) => {
    const hexadecimal = part => Number(part).toString(16).padStart(2, "0");
    const shown = name => group => {
        const path = group.querySelector("path"), text = group.querySelector("text");
        const rgb = path && getComputedStyle(path).fill.match(/\\d+/g)?.slice(0, 3);
        const place = group.getAttribute("transform");
        return [group.id.slice(name.length + 1), {
            d: path?.getAttribute("d"), fill: `#${rgb?.map(hexadecimal).join("")}`, text: text?.textContent,
            x: place?.match(/\\((.*),/)[1], y: place?.match(/,(.*)\\)/)[1],
        }];
    };
    return Object.fromEntries(names.flatMap(
        name => [...root.querySelectorAll(`[data-picture=${name}] [id]`)].map(shown(name))
    ));
}"""
"""What can change in the pictures with these names: gid -> channel -> its value on the page."""


def changes_of(scenes: Iterable[Callable[[slice], Channels]]) -> Channels:
    """What changes in pictures at all frames of a film: channel -> gid -> values."""
    changes: dict[str, dict[str, list[str]]] = {}
    for scene in scenes:
        for channel, gids in scene(slice(None)).items():
            changes.setdefault(channel, {}).update(gids)
    return changes


def trained(**settings: Any) -> History:
    """The lecture's training with some settings of its own."""
    return train(
        lessons.LECTURE.network,
        lessons.LECTURE.data,
        Training(**{"eta": 0.1, "epochs": 1000, "seed": 3} | settings),
    )


def ready(page: Page) -> Dashboard:
    dashboard = Dashboard(page, page.locator(".ann-dashboard"))
    expect(dashboard.number("O6")).to_have_text("−0.70", timeout=60_000)
    return dashboard
