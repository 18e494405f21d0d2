"""Measures how fast the dashboard is in headless Chromium, served as ``ann-dashboard`` serves it: ``python
tests/benchmarks/speed.py [--ticks 60]``.

What is compared stands on one page and is measured in turns, by the page's own clock: from the event of a key
to the second animation frame after the change, when it is painted. The yardsticks: an ipywidgets Label linked
to a slider in the browser; the same figures drawn anew by matplotlib and sent as PNG; a page with one slider
and nothing else.
"""

import argparse
import contextlib
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import nbformat
from conftest import CHROMIUM_FLAGS, ROOT
from playwright.sync_api import Browser, Page, sync_playwright

from ann_dashboard import Dataset, Network, Training, train
from ann_dashboard.film.camera import Camera
from ann_dashboard.film.page import bundle, style

YARDSTICKS = """
import io, os
import ipywidgets as widgets
from ann_dashboard import Training, lessons, train
from ann_dashboard.dashboard import Dashboard, settable
from ann_dashboard.views import curves, diagram

settable.SETTABLE[widgets.Label] = frozenset({"value"})        # the browser sets that of the linked one

def png(figure):
    written = io.BytesIO()
    figure.savefig(written, format="png", dpi=72)
    return written.getvalue()

def redraw(change):
    training = Training(eta=change.new / 1000, epochs=1000, seed=3)
    history = train(lessons.LECTURE.network, lessons.LECTURE.data, training)
    network, ax = diagram.figure(history.network)
    diagram.draw_network(ax, history, 0)
    sheet, panels = curves.figure(history.network)
    curves.draw_curves(panels, history, 0)
    for image, figure in zip(images, (network, sheet)):
        image.value = png(figure)

slider, label = widgets.IntSlider(max=10_000), widgets.Label("0")
widgets.jslink((slider, "value"), (label, "value"))
eta, images = widgets.IntSlider(100, 1, 1000), [widgets.Image(), widgets.Image()]
eta.observe(redraw, "value")
for widget, name in ((slider, "linked"), (label, "label"), (eta, "redrawn")):
    widget.add_class(name)
for image in images:
    image.add_class("redrawn-picture")
kernel = widgets.Label(str(os.getpid()))
kernel.add_class("kernel")
widgets.VBox([Dashboard(), slider, label, eta, *images, kernel])
"""
EMPTY = "import ipywidgets\nipywidgets.IntSlider()"
SERVER = """
import sys
from ann_dashboard import serving
warm_kernels = int(sys.argv[2])
delay = 0.0 if warm_kernels == 1 else 10_000.0
config = serving.configuration(most_visitors=1000, warm_kernels=warm_kernels, fill_delay=delay)
sockets = serving.listen("127.0.0.1", 0)
server = serving.Server(sockets, open_browser=False, config=config, notebook_path=sys.argv[1])
server.initialize([])
server.start()
"""
CLOCK = """() => {
    let began = 0, done = null;
    window.changes = [];
    addEventListener("keydown", (event) => { began = event.timeStamp; }, true);
    addEventListener("pointerup", (event) => { window.released = event.timeStamp; }, true);
    const painted = (then) =>
        requestAnimationFrame(() => requestAnimationFrame(() => then(performance.now())));
    const seen = () => painted((now) => { changes.push(now); done?.(now - began); done = null; });
    const differs = ({ target, attributeName, oldValue }) =>
        !attributeName || target.getAttribute(attributeName) !== oldValue;
    const look = (records) => records.some(differs) && seen();
    const watch = (selector, what) => {
        for (const one of document.querySelectorAll(selector)) new MutationObserver(look).observe(one, what);
    };
    watch(".film", { attributeFilter: ["data-epoch"], attributeOldValue: true });
    watch(".film-where", { childList: true });
    watch("[id='curves/curve:L'] path", { attributeFilter: ["d"], attributeOldValue: true });
    watch(".label", { characterData: true, childList: true, subtree: true });
    const isLast = (picture) => [...document.querySelectorAll(".redrawn-picture")].at(-1) === picture;
    for (const picture of document.querySelectorAll(".redrawn-picture"))
        picture.addEventListener("load", () => isLast(picture) && picture.decode().then(seen));
    window.next = () => {
        window.change = new Promise((resolve, reject) => {
            done = resolve;
            setTimeout(reject, 20_000, new Error("nothing changed"));
        });
    };
}"""
FIRST_PICTURE = """selector => {
    window.firstPicture = new Promise((seen) => {
        const look = () => document.querySelector(selector)
            ? requestAnimationFrame(() => requestAnimationFrame(() => seen(performance.now())))
            : requestAnimationFrame(look);
        requestAnimationFrame(look);
    });
}"""
FILM_SLIDER, ETA_SLIDER, SEED_SLIDER = (
    ".film input[type=range]",
    ".ann-dashboard .noUi-handle >> nth=0",
    ".ann-dashboard .noUi-handle >> nth=1",
)
LINKED_SLIDER, REDRAWN_SLIDER = ".linked .noUi-handle", ".redrawn .noUi-handle"


class Times(NamedTuple):
    """Milliseconds of one thing, measured again and again."""

    values: list[float]

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def p95(self) -> float:
        return sorted(self.values)[int(0.95 * (len(self.values) - 1) + 0.5)]

    def __str__(self) -> str:
        return f"median {self.median:7.1f} ms   p95 {self.p95:7.1f} ms   n {len(self.values)}"


class Report:
    """Prints what was measured, and remembers what failed."""

    def __init__(self) -> None:
        self.failed: list[str] = []

    def show(self, name: str, measured: object) -> None:
        print(f"  {name:<44} {measured}", flush=True)

    def check(self, name: str, value: float, at_most: float) -> None:
        passed = value <= at_most
        print(f"  {name:<44} {value:8.2f}   at most {at_most:g}: {'PASS' if passed else 'FAIL'}", flush=True)
        if not passed:
            self.failed.append(name)


@contextlib.contextmanager
def serving(code: str, *, warm_kernels: int) -> Iterator[str]:
    """The address of a notebook with this code, served as ours is, with so many kernels that have run it (1:
    replaced at once, more: never).
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "speed.ipynb"
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        nbformat.write(
            nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)], metadata=kernel), path
        )
        command = [sys.executable, "-c", SERVER, str(path), str(warm_kernels)]
        process = subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        try:
            yield re.search(r"http://\S+", process.stdout.readline())[0]
        finally:
            process.terminate()
            process.wait()


def press(page: Page, selector: str, key: str) -> float:
    """Milliseconds from a key on a slider until what depends on it is painted."""
    page.focus(selector)
    page.evaluate("next()")
    page.keyboard.press(key)
    return page.evaluate("change")


def alternately(count: int, *actions: Callable[[int], float]) -> list[Times]:
    """Each action in turn, ``count`` times, after two turns that do not count."""
    turns = [[action(turn) for action in actions] for turn in range(count + 2)]
    return [Times(list(values)) for values in zip(*turns[2:], strict=True)]


def there_and_back(turn: int) -> str:
    return "ArrowRight" if turn // 10 % 2 == 0 else "ArrowLeft"


def epoch_ticks(page: Page, report: Report, ticks: int, sent: list[object]) -> None:
    print("Epoch tick, from the key to the painted picture")
    ours, label = alternately(
        ticks,
        lambda _: press(page, FILM_SLIDER, "ArrowRight"),
        lambda _: press(page, LINKED_SLIDER, "ArrowRight"),
    )
    report.show("our pictures and tables", ours)
    report.show("a Label linked to a slider in the browser", label)
    report.check("ratio of the medians", ours.median / label.median, 1.5)
    report.check("ratio of the 95th percentiles", ours.p95 / label.p95, 2.5)
    page.wait_for_timeout(1000)
    sent.clear()
    for _ in range(ticks):
        press(page, FILM_SLIDER, "ArrowLeft")
    report.check(f"messages to the kernel in {ticks} ticks", len(sent), 0)


def step_ticks(page: Page, report: Report, ticks: int) -> None:
    print("A step inside an epoch, from the key to the painted picture")
    page.click(".film-inside")
    page.locator(".film-sentence:not(:empty)").wait_for()
    step, epoch = alternately(
        ticks,
        lambda _: press(page, ".film-steps", "ArrowDown"),
        lambda _: press(page, FILM_SLIDER, "ArrowRight"),
    )
    page.click(".film-inside")
    report.show("a step", step)
    report.show("an epoch, with the steps open", epoch)
    report.check("ratio of the medians", step.median / epoch.median, 1.5)


def panel_ticks(browser: Browser, report: Report, ticks: int) -> None:
    print("Epoch tick with pictures beside the network, on a page of its own")
    data = Dataset([[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]])
    history = train(
        Network((2, 2, 1), output="sigmoid"), data, Training(eta=3, epochs=1000, loss="binary_cross_entropy")
    )
    films = [
        Camera(history.network).film(history, panels=panels)
        for panels in ((), ("region", "confusion", "losses"))
    ]
    reels = [{**film.reel(), "stills": dict(film.stills), "number": 0} for film in films]
    report.show(
        "kB of the frames, without and with",
        " and ".join(f"{len(json.dumps(reel['part'])) / 1000:.0f}" for reel in reels),
    )
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    mounted = """
        window.show = (place, film) => {
            const shown = new FilmView(document.querySelector(place), { ask: null, saves: false });
            shown.layers(["weights", "forward", "backward"]);
            shown.load(film);
        };"""
    page.set_content(
        f"<style>{style('film')}</style><main id=alone></main><main id=beside></main>"
        f"<script type=module>{bundle('film_widget')}\n{mounted}</script>"
    )
    page.wait_for_function("typeof show === 'function'")
    for place, reel in zip(("#alone", "#beside"), reels, strict=True):
        page.evaluate("([place, film]) => show(place, film)", [place, reel])
    page.evaluate(CLOCK)
    alone, beside = alternately(
        ticks,
        lambda _: press(page, "#alone input[type=range]", "ArrowRight"),
        lambda _: press(page, "#beside input[type=range]", "ArrowRight"),
    )
    page.close()
    report.show("the network and its curves", alone)
    report.show("with region, confusion matrix and losses", beside)
    report.check("ratio of the medians", beside.median / alone.median, 3)


def new_trainings(page: Page, report: Report, count: int) -> float:
    """Returns the median time of a redraw by matplotlib."""
    print("A new η or seed, from the key to all pictures new")
    eta, seed, redraw = alternately(
        count,
        lambda turn: press(page, ETA_SLIDER, there_and_back(turn)),
        lambda turn: press(page, SEED_SLIDER, there_and_back(turn)),
        lambda turn: press(page, REDRAWN_SLIDER, there_and_back(turn)),
    )
    report.show("η", eta)
    report.show("seed", seed)
    report.show("the same figures by matplotlib, as PNG", redraw)
    report.check("ratio of the medians, η", eta.median / redraw.median, 0.25)
    report.check("ratio of the medians, seed", seed.median / redraw.median, 0.25)
    return redraw.median


def dragging(page: Page, report: Report, redraw: float) -> None:
    print("Dragging the η slider: 60 moves, 16 ms apart")
    page.wait_for_timeout(1000)
    page.locator(ETA_SLIDER).scroll_into_view_if_needed()
    box = page.locator(ETA_SLIDER).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate("changes.length = 0")
    for move in range(1, 61):
        page.mouse.move(x + move, y)
        page.wait_for_timeout(16)
    page.mouse.up()
    page.wait_for_timeout(3000)
    changes = page.evaluate("changes")
    report.show("trainings shown, of 60 moves", len(changes))
    report.check(
        "ms from the hand's stop to the last picture",
        max(changes[-1] - page.evaluate("released"), 0),
        2 * redraw,
    )
    log_eta = float(page.get_attribute(ETA_SLIDER, "aria-valuetext"))
    typed = page.get_by_role("spinbutton", name="Learning rate η, typed")
    report.check(
        "η of the last picture, off the slider by", abs(float(typed.input_value()) / 10**log_eta - 1), 0.005
    )
    before = page.get_attribute(".film", "data-film")
    typed.fill("0.1")  # where both keys change it: the drag ends near the largest
    typed.press("Enter")
    page.locator(f'.film:not([data-film="{before}"])').wait_for()


def long_history(page: Page, report: Report, ticks: int) -> None:
    print("A history of 100 000 epochs")
    epochs = page.get_by_label("Train epochs")
    epochs.fill("100000")
    epochs.press("Enter")
    page.get_by_text("of 100000").wait_for()
    ours, label = alternately(
        ticks,
        lambda _: press(page, FILM_SLIDER, "ArrowRight"),
        lambda _: press(page, LINKED_SLIDER, "ArrowRight"),
    )
    report.show("a step through every epoch", ours)
    report.check("ratio of the medians to the Label", ours.median / label.median, 1.5)
    report.show(
        "a jump of a tenth of all, parts on demand",
        alternately(
            20, lambda turn: press(page, FILM_SLIDER, "PageUp" if turn // 9 % 2 == 0 else "PageDown")
        )[0],
    )
    report.check("MiB of the browser's heap", heap(page), 100)
    epochs.fill("1000")
    epochs.press("Enter")
    page.get_by_text("of 1000", exact=True).wait_for()


def soak(page: Page, report: Report, epochs: int, trainings: int) -> None:
    print(f"{epochs} epochs and {trainings} trainings, in two halves")
    kernel = int(page.inner_text(".kernel"))
    page.get_by_role("button", name="First epoch").click()
    used = []
    for _half in range(2):
        for turn in range(epochs // 2):
            press(page, FILM_SLIDER, there_and_back(turn))
        for turn in range(trainings // 2):
            press(page, ETA_SLIDER, there_and_back(turn))
        used.append((memory(kernel), heap(page)))
    report.show(
        "MiB of the kernel, of the browser's heap",
        "   then   ".join(f"{ours:.1f} and {browser:.1f}" for ours, browser in used),
    )
    report.check("MiB more in the kernel in the second half", used[1][0] - used[0][0], 3)
    report.check("MiB more in the browser in the second half", used[1][1] - used[0][1], 3)


def memory(pid: int) -> float:
    """Resident memory of a process in MiB."""
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) / 1024


def heap(page: Page) -> float:
    """What JavaScript of the page holds after a garbage collection, in MiB."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    used = session.send("Runtime.getHeapUsage")["usedSize"] / 2**20
    session.detach()
    return used


def first_picture(browser: Browser, report: Report, loads: int, *, warm: bool) -> None:
    print(
        f"First picture after opening the page, {'with a warm kernel' if warm else 'without a warm kernel'}"
    )
    pool = loads + 2 if warm else 0
    dashboard = (ROOT / "notebooks" / "dashboard.ipynb").read_text()
    code = "\n".join(cell.source for cell in nbformat.reads(dashboard, 4).cells if cell.cell_type == "code")
    with serving(code, warm_kernels=pool) as ours, serving(EMPTY, warm_kernels=pool) as empty:
        dashboards, sliders = alternately(
            loads,
            lambda _: load(browser, ours, "[id='network/O6'] text"),
            lambda _: load(browser, empty, ".noUi-handle"),
        )
    report.show("the dashboard", dashboards)
    report.show("a page with one slider", sliders)
    report.check("ratio of the medians", dashboards.median / sliders.median, 1.5)


def load(browser: Browser, url: str, selector: str) -> float:
    """Milliseconds from asking for a page, nothing of it cached, until the selector is painted."""
    page = browser.new_page()
    page.add_init_script(f"({FIRST_PICTURE})({selector!r})")
    page.goto(url, wait_until="commit")
    time = page.evaluate("firstPicture")  # not polled for: the page's policy lets no text be run
    page.close()
    return time


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ticks", type=int, default=60, help="ticks of each kind")
    parser.add_argument("--loads", type=int, default=5, help="pages opened of each kind")
    parser.add_argument("--quick", action="store_true", help="leave out the loads and the soak")
    options = parser.parse_args()
    report = Report()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM_FLAGS)
        with serving(YARDSTICKS, warm_kernels=1) as url:
            page = browser.new_page(viewport={"width": 1366, "height": 768})
            sent: list[object] = []
            page.on(
                "websocket",
                lambda socket: socket.on(
                    "framesent", lambda frame: b'"want":"alive"' in frame or sent.append(frame)
                ),
            )
            page.goto(url, wait_until="commit")
            page.locator("[id='network/O6'] text").wait_for(timeout=60_000)
            page.locator(".kernel").wait_for()
            page.evaluate(CLOCK)
            epoch_ticks(page, report, options.ticks, sent)
            step_ticks(page, report, options.ticks)
            redraw = new_trainings(page, report, options.ticks // 2)
            dragging(page, report, redraw)
            long_history(page, report, options.ticks)
            if not options.quick:
                soak(page, report, epochs=2000, trainings=200)
            page.close()
        panel_ticks(browser, report, options.ticks)
        if not options.quick:
            for warm in (True, False):
                first_picture(browser, report, options.loads, warm=warm)
        browser.close()
    print(f"FAILED: {'; '.join(report.failed)}" if report.failed else "All passed.")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
