"""Each way in, by its own command, to the first picture."""

import secrets
import sys
from pathlib import Path

import pytest
from conftest import running, wait_for_connections
from lecturer import Dashboard, ready
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("no_errors")]


def test_the_lab_command_opens_a_copy_of_the_notebooks(page: Page, tmp_path: Path) -> None:
    token = secrets.token_hex()
    options = ["--allow-root", f"--IdentityProvider.token={token}", "--LabApp.expose_app_in_browser=True"]
    command = [
        sys.executable,
        "-m",
        "ann_dashboard",
        "lab",
        "--no-browser",
        "--folder",
        str(tmp_path / "notebooks"),
        "--",
        *options,
    ]
    with running(command, announces=r"(http://127\.0\.0\.1:\d+/)lab", cwd=tmp_path) as server:
        wait_for_connections(server.url)
        page.goto(f"{server.url}lab/tree/dashboard.ipynb?token={token}&reset", wait_until="commit")
        idle = "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
        page.wait_for_function(idle, timeout=60_000)
        page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
        ready(page)
    assert (tmp_path / "notebooks" / "01_step_through_training.ipynb").is_file()


def test_a_link_opens_the_page_as_it_was_copied(page: Page, voila_url: str) -> None:
    page.goto(
        f"{voila_url}?lesson=lecture&epoch=12&eta=0.2&show=weights&lock=seed&colour=red", wait_until="commit"
    )
    dashboard = Dashboard(page, page.locator(".ann-dashboard"))
    expect(dashboard.typed).to_have_value("12", timeout=60_000)
    expect(dashboard.eta).to_have_value("0.2")
    expect(dashboard.seed).to_be_disabled()
    expect(dashboard.message).to_contain_text("The link asks for 'colour', which no link has: left out.")
    expect(dashboard.number("lambda_1_4")).to_be_visible()
    expect(dashboard.number("O6")).to_be_hidden()
    dashboard.type(dashboard.typed, 30)
    expect(page).to_have_url(f"{voila_url}?lesson=lecture&epoch=30&show=weights&lock=seed&eta=0.2")
    page.reload(wait_until="commit")
    expect(dashboard.typed).to_have_value("30", timeout=60_000)
    expect(dashboard.eta).to_have_value("0.2")


def test_copy_link_copies_the_address(page: Page, voila: Dashboard, voila_url: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    voila.type(voila.typed, 7)
    expect(page).to_have_url(f"{voila_url}?lesson=lecture&epoch=7")
    voila.button("Copy link").click()
    expect(page.locator(".ann-link-said")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == f"{voila_url}?lesson=lecture&epoch=7"
