"""`report.html` in a browser: it asks nobody, shows everything, harms nobody, and everybody can read it."""

import csv
import re
from collections import Counter
from pathlib import Path

import polars
import pytest

from report import read_csv

LIGHT, DARK = {"prefers-color-scheme": "light"}, {"prefers-color-scheme": "dark"}
# A4 with the margins of the page's style, in the browser's 96 pixels to the inch.
PAPER = {"width": 687, "height": 1010, "media": {"type": "print"}}

CHARTS = {
    "verdicts",
    "decisions",
    "verdicts_by_country",
    "verdicts_by_month",
    "face_scores",
    "reasons_top",
    "aml_by_type_and_resolution",
    "expiring_documents",
    "latency_histogram",
}

AUDIT = (Path(__file__).parent / "audit.js").read_text(encoding="utf-8")


def opened(browser, report, **how):
    browser.open(report.path / "report.html", **how)
    return browser


def test_it_asks_nobody_and_complains_of_nothing(browser, report):
    opened(browser, report)
    asked = [told["request"]["url"] for told in browser.told("Network.requestWillBeSent")]
    assert [url for url in asked if not url.startswith("data:")] == [(report.path / "report.html").as_uri()]
    for complaint in ["Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown"]:
        assert browser.told(complaint) == []


def test_every_chart_is_drawn(browser, reports):
    opened(browser, reports["input"])
    drawn = browser.ask(f"({AUDIT}).charts()")
    assert CHARTS <= {chart["statistic"] for chart in drawn}
    assert [chart for chart in drawn if not (chart["shapes"] and chart["width"] > 200 and chart["height"] > 30)] == []


def test_it_is_built_for_everybody(browser, report):
    opened(browser, report)
    assert browser.ask("document.documentElement.lang") == "en"
    assert report.path.name in browser.ask("document.title")
    assert browser.ask(f"({AUDIT}).flaws()") == []


@pytest.mark.parametrize("how", [{"media": LIGHT}, {"media": DARK}, PAPER], ids=["light", "dark", "print"])
def test_every_text_stands_out_from_its_background(browser, reports, how):
    opened(browser, reports["input"], **how)
    assert browser.ask(f"({AUDIT}).faint()") == []


@pytest.mark.parametrize("how", [{"width": 390}, {"width": 320}, {"width": 1400}, PAPER])
def test_nothing_is_wider_than_the_screen_or_the_paper(browser, report, how):
    opened(browser, report, **how)
    assert browser.ask("document.documentElement.scrollWidth") <= how["width"]


def test_nothing_is_cut_off_on_paper(browser, reports):
    opened(browser, reports["input"], **PAPER)
    assert browser.ask(f"({AUDIT}).cut()") == []
    assert browser.pdf().startswith(b"%PDF")


def test_the_text_of_the_policy_is_folded_on_the_screen_and_printed_on_paper(browser, report):
    opened(browser, report)
    texts = browser.ask("document.querySelectorAll('#rules pre').length")
    assert texts > 10 and len(browser.ask(f"({AUDIT}).hidden('#rules pre')")) == texts
    opened(browser, report, **PAPER)
    assert browser.ask(f"({AUDIT}).hidden('#rules pre')") == []


@pytest.mark.parametrize("how", [{"width": 1300}, {"width": 390}, PAPER], ids=["wide", "phone", "print"])
def test_the_gravest_breaks_are_read_without_turning_and_ids_in_one_line(browser, reports, how):
    opened(browser, reports["second-night"], **how)
    assert len(browser.ask(f"({AUDIT}).cells('The gravest breaks')")) == 50
    assert browser.ask(f"({AUDIT}).broken('#changes .id code')") == []
    cut = browser.ask(f"({AUDIT}).cut()")
    assert [told for told in cut if told.startswith(("The gravest breaks", "Breaks by kind", "Actions"))] == []


def test_an_action_is_as_severe_as_in_the_list(browser, reports):
    report = reports["second-night"]
    columns, rows = read_csv(report.path / "actions.csv")
    listed = Counter(tuple(dict(zip(columns, row))[name] for name in ["action", "severity"]) for row in rows)
    opened(browser, report)
    shown = [(row[2], int(row[3])) for row in browser.ask(f"({AUDIT}).cells('Actions')")]
    assert sorted(shown) == sorted((severity, count) for (_, severity), count in listed.items())
    assert ("manual_review", "critical") in listed and ("manual_review", "medium") in listed


def test_the_keyboard_reaches_everything_in_the_order_of_the_page(browser, reports):
    opened(browser, reports["input"])
    browser.press("Tab", 9)
    assert browser.ask("document.activeElement.className") == "skip"
    browser.press("Enter", 13)
    assert browser.ask("document.activeElement.id") == "main"
    assert browser.ask("document.querySelectorAll('[tabindex]:not([tabindex=\"0\"]):not(#main)').length") == 0


def test_it_needs_no_script(browser, reports):
    opened(browser, reports["input"])
    with_script = browser.ask("document.body.innerText")
    opened(browser, reports["input"], script=False)
    assert browser.ask("document.body.innerText") == with_script
    assert browser.ask("document.scripts.length") == 0


def test_names_that_would_do_harm_do_none(browser, reports):
    report = reports["hostile"]
    opened(browser, report)
    assert browser.told("Page.javascriptDialogOpening") == []
    elements = "img, script, iframe, object, embed, form, input, base, link, svg[onload], [onerror], [onclick]"
    assert browser.ask(f"document.querySelectorAll('{elements}').length") == 0
    assert browser.ask("[...document.querySelectorAll('[href]')].filter(a => !/^#[\\w.-]+$/.test(a.getAttribute('href'))).length") == 0
    text = browser.ask("document.body.textContent")
    teams = polars.read_parquet(report.tables["users"])["roster_team"].to_list()
    assert [team for team in teams if team not in text] == []
    # What an applicant is called is on no page at all.
    assert 'HYPERLINK("http://x")' in text and "Formula" not in text


def test_formulas_are_texts_to_a_spreadsheet(reports):
    cells = [cell for path in reports["hostile"].path.rglob("*.csv") for row in raw(path) for cell in row]
    assert "'=HYPERLINK(\"http://x\")" in cells
    assert [cell for cell in cells if re.match(r"[=@\t\r]|[+-](?![\d.+-])", cell)] == []


def raw(path):
    """The rows as a spreadsheet reads them, guards included."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, strict=True))


def test_a_discreet_page_tells_nothing_of_single_people(browser, reports):
    report = reports["discreet"]
    opened(browser, report)
    page, mail = browser.ask("document.body.textContent"), (report.path / "summary.md").read_text(encoding="utf-8")
    ids = polars.read_parquet(report.tables["users"])["user_id"].to_list()
    for text in [page, mail]:
        assert "withheld" in text
        assert [user for user in ids if user in text] == []
    _, rows = read_csv(report.path / "statistics/decisions.csv")
    few = [row for row in rows if 0 < int(row[-1]) < 5]
    shown = browser.ask(f"({AUDIT}).rows('decisions')")
    assert few and not [row for row in few if row in shown]
