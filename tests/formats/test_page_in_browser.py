"""The page of ``symflow report`` in a real browser: keys, focus, pointer, slider, what it says, what it asks for.

They need a Chromium (Debian: chromium or chromium-headless-shell) and are skipped where there is none.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from symflow.nets.network import Network
from symflow.problem_tree import problem_from_tree
from symflow.report_command import report_page
from tests.browser import Tab, browser, find_browser
from tests.formats.test_html import HOSTILE
from tests.pictures.nets import random_net
from tests.reports.test_report_page import CORNER, DEMO

pytestmark = pytest.mark.skipif(
    find_browser() is None, reason="NO BROWSER HERE: the page is not tested; install chromium"
)

Open = Callable[..., Tab]


@pytest.fixture(scope="module")
def tab() -> Iterator[Tab]:
    with browser() as tab:
        yield tab


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Write a page when it is asked for first."""
    folder = tmp_path_factory.mktemp("pages")

    def write(name: str) -> Path:
        file = folder / f"{name}.html"
        if not file.exists():
            file.write_text(report_page(problem_from_tree(_tree(name))).text, encoding="utf-8")
        return file

    return write


def _tree(name: str) -> dict[str, Any]:
    if name == "corner":
        return CORNER | {"flow": {"until": "4"}}
    if name == "demo":
        return DEMO | {"title": HOSTILE, "flow": {"until": "2"}}
    at_1 = {"objective": {"variable": "input", "at": ["1"]}}
    if name == "shape":
        return {"network": {"widths": [3, 4, 4, 1], "activation": "relu"}}
    if name == "product":
        return _PRODUCT
    if name == "trained":
        return _of_net(random_net(2, 6, 4, 1, seed=1))
    if name == "far":
        return _FAR
    if name == "rows":
        return _of_net(random_net(2, 6, 4, 1, seed=1)) | _TWELVE
    if name == "line":
        return {"network": {"activation": "relu", "weights": [[["1"], ["-1"]], [["1", "-1"]]]}, **at_1, **_UNTIL_2}
    return _of_net(random_net(2, 24, 24, 12, 1, seed=1))


def _of_net(net: Network) -> dict[str, Any]:
    weights = [[[str(entry) for entry in row] for row in matrix] for matrix in net.weights]
    biases = [[str(entry) for entry in vector] for vector in net.biases or ()]
    network = {"activation": "relu", "weights": weights, "biases": biases}
    return {"network": network, "objective": {"variable": "input", "at": ["1", "2"]}}


# Row 1 vanishes on data 1 and 2: a segment beside what the chain rule returns; row 2 on all three: a polygon.
_PRODUCT = {
    "network": {"activation": "relu", "weights": [[["1", "-1"], ["0", "0"]], [["1", "1"]]]},
    "data": {"inputs": [["1", "1"], ["-2", "-2"], ["1", "0"]], "labels": ["1", "-1", "1"]},
    "objective": {"kind": "risk", "loss": "exponential"},
}

# At 0 the gradients are the corners of the unit square moved by (100, 0).
_FAR = {
    "network": {
        "activation": "relu",
        "weights": [[["1", "0"], ["0", "1"], ["1", "0"]], [["1", "1", "100"]]],
        "biases": [["0", "0", "5"], ["0"]],
    },
    "objective": {"variable": "input", "at": ["0", "0"]},
}

_TWELVE = {
    "data": {
        "inputs": [[str(i % 4 - 2), str(i % 5 - 2)] for i in range(12)],
        "labels": [str(1 - 2 * (i % 2)) for i in range(12)],
    },
    "objective": {"kind": "risk", "loss": "logistic"},
}

_UNTIL_2 = {"flow": {"until": "2"}}


@pytest.fixture
def opened(tab: Tab, written: Callable[[str], Path]) -> Iterator[Open]:
    """Open a page by its name; at the end nothing may have been asked for or complained of."""

    def open_page(name: str, choice: str = "", **emulated: Any) -> Tab:
        tab.emulate(**emulated)
        tab.open(written(name).as_uri() + choice)
        return tab

    yield open_page
    assert tab.messages == []
    assert [url for url in tab.requests if not url.startswith(("file:", "data:"))] == []
    assert len([url for url in tab.requests if url.startswith("file:")]) <= 1, "one file, and nothing besides"


def data_of(tab: Tab) -> dict[str, Any]:
    return json.loads(tab("document.getElementById('data').textContent"))  # type: ignore[no-any-return]


def focused(tab: Tab) -> str:
    return str(tab("document.activeElement.id"))


def plain(text: str) -> str:
    """Return what is shown without spaces, letters that the browser made italic as they were."""
    upright = re.sub("[\U0001d400-\U0001d7ff]", lambda found: unicodedata.normalize("NFKC", found[0]), text)
    return re.sub(r"\s", "", upright)


# ---------------------------------------------------------------------- what it says


def test_it_starts_at_the_corner_where_automatic_differentiation_is_wrong(opened: Open) -> None:
    tab = opened("corner")
    said = plain(tab.text("#chosen"))
    assert said.startswith("Thecorner(2,2)")
    assert "conv{(−3,−3),(−3,0),(1,−4),(1,−1)},aparallelogram." in said
    assert "isnotintheset" in said
    assert "s1+4s2≤−3" in said
    assert tab("document.querySelectorAll('#chosen .ad.no').length") == 1


def test_every_choice_shows_the_numbers_of_the_data(opened: Open) -> None:
    tab = opened("corner")
    data = data_of(tab)
    assert (len(data["cells"]), len(data["walls"]), len(data["corners"])) == (12, 16, 5)
    for letter, entries in (("c", data["cells"]), ("w", data["walls"]), ("v", data["corners"])):
        for number, entry in enumerate(entries, start=1):
            said = plain(tab(f"location.hash='{letter}{number}',new Promise(r=>setTimeout(()=>r(chosen.innerText)))"))
            word = entry[0] if letter == "c" else entry["s"]
            assert word.replace("-", "−") in said
            vectors = [entry[1]] if letter == "c" else [*entry["h"], entry["q"], entry["a"]]
            for vector in vectors:
                for number_text in data["vectors"][vector]:
                    assert number_text.replace("-", "−").replace("/", "") in said.replace("/", "")


def test_the_verdict_of_each_corner_is_that_of_the_data(opened: Open) -> None:
    tab = opened("corner")
    for number, entry in enumerate(data_of(tab)["corners"], start=1):
        tab(f"location.hash = 'v{number}'")
        assert tab("new Promise(r => setTimeout(() => r(document.querySelectorAll('#chosen .no').length > 0)))") == (
            "o" in entry
        )


def test_a_set_far_from_0_fills_its_drawing_and_says_how_far(opened: Open) -> None:
    tab = opened("far", "#v2")
    assert plain(tab.text("#chosen h2")) == "Thecorner(0,0)"
    width, height = tab("(b => [b.width, b.height])(document.querySelector('#chosen .hull').getBBox())")
    assert min(width, height) > 90, "of 330: beside it stands how far 0 is"
    marks = tab("[...document.querySelectorAll('#chosen circle')].map(e => +e.getAttribute('r'))")
    assert 2 * max(marks) < min(width, height), "and no mark covers it"
    assert tab("document.querySelector('#chosen .away').textContent") == "to 0, ≈ 100 away", (
        "the shortest element is (100, 0)"
    )
    assert tab("document.querySelector('#chosen svg').getAttribute('aria-label')").endswith("; 0 is ≈ 100 away")
    words = "[...document.querySelectorAll('#chosen svg text')]"
    for box in tab(f"{words}.map(e => (b => [b.x, b.x + b.width])(e.getBBox()))"):
        assert 0 <= box[0] <= box[1] <= 330, "no word is cut"
    near = opened("corner")
    assert near("document.querySelectorAll('#chosen .away').length") == 0, "0 is in the window"


# ---------------------------------------------------------------------- keys, pointer, address


def test_tab_goes_to_cells_walls_and_corners_and_on_to_the_slider(opened: Open) -> None:
    tab = opened("corner")
    stops = []
    for _ in range(10):
        tab.press("Tab")
        stops.append(focused(tab))
    assert stops == ["c1", "w1", "v2", "in", "out", "all", "near", "prev", "t", "next"]


def test_arrows_go_round_and_take_choice_and_address_with_them(opened: Open) -> None:
    tab = opened("corner")
    tab.press("Tab")
    tab.press("ArrowRight")
    assert (focused(tab), tab("location.hash")) == ("c2", "#c2")
    assert tab.text("#chosen h2") == "Cell 2"
    tab.press("ArrowLeft", 2)
    assert focused(tab) == "c12"
    tab.press("Home")
    tab.press("ArrowDown")
    tab.press("ArrowUp")
    assert focused(tab) == "c1"
    tab.press("End")
    assert tab.text("#chosen h2") == "Cell 12"
    tab.press("Tab")
    assert focused(tab) == "w1", "and Tab goes on to the walls"
    assert tab.text("#chosen h2").startswith("The wall between cells")


def test_what_has_the_focus_is_seen(opened: Open) -> None:
    tab = opened("corner")
    tab.press("Tab")
    assert tab("getComputedStyle(document.activeElement).strokeWidth") == "2.5px"
    tab.press("Tab", 3)
    assert focused(tab) == "in"
    assert tab("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_the_address_chooses(opened: Open) -> None:
    tab = opened("corner", "#v1")
    assert plain(tab.text("#chosen h2")) == "Thecorner(2,1)"
    tab("location.hash = 'w3'")
    assert tab("new Promise(r => setTimeout(() => r(chosen.querySelector('h2').textContent)))") == (
        "The wall between cells 1 and 9"
    )
    tab("location.hash = 'v99'")
    assert tab.text("#chosen h2") == "The wall between cells 1 and 9", "what is not there is not chosen"


def test_the_pointer_shows_and_a_click_keeps(opened: Open) -> None:
    tab = opened("corner")
    tab.move("#v5")
    assert plain(tab.text("#chosen h2")) == "Thecorner(3,3)"
    tab.move("h1")
    assert plain(tab.text("#chosen h2")) == "Thecorner(2,2)"
    tab.click("#v5")
    tab.move("h1")
    assert (plain(tab.text("#chosen h2")), tab("location.hash")) == ("Thecorner(3,3)", "#v5")


def test_a_number_in_the_table_chooses_its_cell(opened: Open) -> None:
    tab = opened("corner")
    tab.click('a[href="#c7"]')
    assert (tab.text("#chosen h2"), tab("location.hash")) == ("Cell 7", "#c7")
    assert tab("document.getElementById('c7').classList.contains('sel')")


def test_what_can_be_chosen_has_a_name(opened: Open) -> None:
    tab = opened("corner")
    names = tab("[...document.querySelectorAll('#map [tabindex]')].map(e => e.getAttribute('aria-label'))")
    assert len(names) == 33
    assert all(names)
    assert tab("document.getElementById('c4').getAttribute('aria-label')") == "cell 4, f = −2x2 + 6"
    roles = tab("[...document.querySelectorAll('#map [tabindex]')].map(e => e.getAttribute('role'))")
    assert set(roles) == {"button"}
    assert tab("document.getElementById('t').getAttribute('aria-label')") == "time along the flow"
    assert "t = 3, x = (2, 2)" in tab("document.getElementById('t').getAttribute('aria-valuetext')")


# ---------------------------------------------------------------------- zoom


def view(tab: Tab) -> list[float]:
    return [float(entry) for entry in str(tab("map.getAttribute('viewBox')")).split()]


def box(tab: Tab, selector: str) -> list[float]:
    """Return where an element is on the screen: its middle and its width."""
    each = f"(r => [r.x + r.width / 2, r.y + r.height / 2, r.width])(document.querySelector('{selector}')"
    return list(tab(f"{each}.getBoundingClientRect())"))


def test_the_choice_is_zoomed_to_and_kept(opened: Open) -> None:
    tab = opened("corner", "#v1")
    whole, before = view(tab), box(tab, "#v1")
    lines = "getComputedStyle(document.querySelector('#map .wall')).strokeWidth"
    thin = tab(lines)
    tab.click("#near")
    left, high, wide, tall = view(tab)
    assert wide <= whole[2] / 2
    assert wide / tall == pytest.approx(whole[2] / whole[3])
    centre = tab("(e => [+e.getAttribute('cx'), +e.getAttribute('cy')])(document.getElementById('v1'))")
    assert left <= centre[0] <= left + wide
    assert high <= centre[1] <= high + tall
    assert box(tab, "#v1")[2] == pytest.approx(before[2], abs=2), "marks keep their size"
    assert tab(lines) == thin
    assert tab("getComputedStyle(document.querySelector('#map .wall')).vectorEffect") == "non-scaling-stroke"
    assert tab.text("#scale") == f"{whole[2] / wide:.2g}×"
    assert (plain(tab.text("#chosen h2")), tab("location.hash")) == ("Thecorner(2,1)", "#v1")
    tab.click("#all")
    assert (view(tab), tab.text("#scale"), tab("location.hash")) == (whole, "", "#v1")


def test_buttons_keys_and_the_wheel_zoom(opened: Open) -> None:
    tab = opened("corner", "#v1")
    whole = view(tab)
    tab.click("#in")
    tab("document.getElementById('v1').focus()")
    for key in ("+", "-"):
        tab(f"document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {{key: '{key}', bubbles: true}}))")
        assert view(tab)[2] == pytest.approx(whole[2] / (4 if key == "+" else 2))
    assert (focused(tab), tab("location.hash")) == ("v1", "#v1")
    middle = box(tab, "#v1")
    where = {"x": middle[0], "y": middle[1], "deltaX": 0, "deltaY": -200}
    tab.send("Input.dispatchMouseEvent", type="mouseWheel", modifiers=2, **where)  # with ctrl
    tab("new Promise(r => requestAnimationFrame(() => setTimeout(r, 50)))")
    assert view(tab)[2] == pytest.approx(whole[2] / 4)
    assert box(tab, "#v1")[:2] == pytest.approx(middle[:2], abs=1), "what is under the pointer stays there"
    tab("document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: '0', bubbles: true}))")
    assert view(tab) == whole
    tab("document.getElementById('out').click()")
    assert view(tab) == whole, "no further than the whole map"


def test_numbers_at_the_sides_are_those_of_the_part_that_is_seen(opened: Open) -> None:
    tab = opened("corner", "#v1")
    for _ in range(4):
        tab("document.getElementById('in').click()")
        a, b, _, _ = map(float, tab("map.dataset.view").split())
        below = "[...document.querySelectorAll('#ticks text[text-anchor=start]')]"
        ticks = tab(f"{below}.map(e => [+e.getAttribute('x'), e.textContent])")
        left, _, wide, _ = view(tab)
        numbers = [(x - 4 * wide / 600, float(text.replace("−", "-"))) for x, text in ticks if text[0] != "x"]
        assert len(numbers) >= 2
        for x, number in numbers:
            assert left <= x <= left + wide
            assert a + b * number == pytest.approx(x, abs=wide / 1000)


def test_a_choice_from_the_table_comes_into_view(opened: Open) -> None:
    tab = opened("corner", "#v1")
    tab("for (let i = 0; i < 5; i++) document.getElementById('in').click()")
    tab.click('a[href="#v5"]')
    left, high, wide, tall = view(tab)
    x, y = tab("(e => [+e.getAttribute('cx'), +e.getAttribute('cy')])(document.getElementById('v5'))")
    assert left <= x <= left + wide
    assert high <= y <= high + tall


def test_of_a_corner_off_the_map_that_is_said(opened: Open) -> None:
    tab = opened("trained")
    drawn = set(tab("[...document.querySelectorAll('.vert')].map(e => e.id)"))
    corners = [f"v{i + 1}" for i in range(len(data_of(tab)["corners"]))]
    off = [name for name in corners if name not in drawn]
    assert drawn
    assert off
    for name in (off[0], min(drawn)):
        tab(f"location.hash = '{name}'")
        said = tab("new Promise(r => setTimeout(() => r(chosen.innerText)))")
        assert ("It lies off the map." in said) == (name in off)


# ---------------------------------------------------------------------- the slider


def test_the_slider_shows_fractions_and_chooses_where_it_is(opened: Open) -> None:
    tab = opened("corner")
    assert plain(tab.text("#say")).startswith("t=3x=(2,2)")
    tab("document.getElementById('t').focus()")
    tab.press("Home")
    said = plain(tab("document.getElementById('say').textContent"))
    assert said == "t=0x=(1,−52)x˙=(0,2)f=11"
    assert tab.text("#chosen h2") == "Cell 4"
    tab.press("ArrowRight", 7)
    data = data_of(tab)["flow"]["at"][7]
    assert data[0] == "7/60"
    shown = tab(
        "[...document.querySelectorAll('#say mfrac')].map(e => [...e.children].map(c => c.textContent).join('/'))"
    )
    wanted = [text.lstrip("-") for text in (data[0], *data[1], data[2]) if "/" in text]
    assert shown == wanted


def test_the_buttons_go_from_event_to_event(opened: Open) -> None:
    tab = opened("corner")
    tab("document.getElementById('t').value = 0, document.getElementById('t').dispatchEvent(new Event('input'))")
    times = []
    for _ in range(5):
        tab.click("#next")
        value = int(tab("+document.getElementById('t').value"))
        times.append(Fraction(data_of(tab)["flow"]["at"][value][0]))
    assert times == [Fraction(3, 4), 2, 3, Fraction(10, 3), Fraction(10, 3)]
    assert plain(tab.text("#chosen h2")) == "Thecorner(2,3)"
    tab.click("#prev")
    assert tab.text("#event") == "event: neuron (1,1) goes on (crossing); neuron (1,3) goes off (crossing)"


def test_the_dot_is_where_the_flow_is(opened: Open) -> None:
    """At t = 3 it is on the corner (2, 2), which is drawn without the script."""
    tab = opened("corner")
    place = "(e => [e.getAttribute('cx'), e.getAttribute('cy')].map(Number))"
    dot = tab(f"{place}(document.querySelector('#map .now'))")
    corner = tab(f"{place}(document.getElementById('v2'))")
    assert all(abs(a - b) < 0.06 for a, b in zip(dot, corner, strict=True))


# ---------------------------------------------------------------------- in the weights, on the line


def test_in_the_weights_the_point_is_chosen_and_found_again(opened: Open) -> None:
    tab = opened("demo")
    assert "∂R(w)isasegment." in plain(tab.text("#p"))
    assert not tab("getComputedStyle(document.getElementById('back').parentNode).display !== 'none'")
    tab.click("#v1")
    assert tab("document.getElementById('p').hidden")
    assert plain(tab.text("#chosen h2")) == "Thecorner(0,0)"
    tab.click("#back")
    assert not tab("document.getElementById('p').hidden")
    assert (tab.text("#chosen"), tab("location.hash")) == ("", "#p")


def test_along_a_flow_of_the_weights_the_numbers_are_those_of_the_data(opened: Open) -> None:
    tab = opened("demo")
    data = data_of(tab)["flow"]
    tab("document.getElementById('t').focus()")
    tab.press("End")
    said = plain(tab("document.getElementById('say').textContent"))
    time, state, values = data["at"][-1]
    assert said.startswith(f"t={time}R={values[0]}")
    for entry in state:
        assert entry.replace("-", "−") in said
    assert "computedto15digits,roundedtoeightdecimalshere" in said
    moved = tab("document.querySelector('#chart .now').getAttribute('d')")
    assert moved.startswith("M544 ")


def test_a_hostile_title_is_words(opened: Open) -> None:
    tab = opened("demo")
    assert "<script>alert(1)</script>" in tab.text("h1")
    assert tab("document.querySelectorAll('script').length") == 2
    assert tab("document.querySelectorAll('img').length") == 0


def test_on_the_line_a_point_is_chosen(opened: Open) -> None:
    tab = opened("line")
    assert plain(tab.text("#chosen h2")) == "Thepointx=0"
    assert "s≥1" in plain(tab.text("#chosen"))
    tab("document.getElementById('t').focus()")
    tab.press("End")
    assert plain(tab.text("#say")).startswith("t=2x=−1")


# ---------------------------------------------------------------------- screens, paper, no script, many cells


@pytest.mark.parametrize("width", [360, 400, 800, 1400])
def test_nothing_is_wider_than_the_window(opened: Open, width: int) -> None:
    tab = opened("corner", width=width, height=800)
    assert tab("document.documentElement.scrollWidth") <= width
    assert tab("document.getElementById('map').getBoundingClientRect().right") <= width


def _luminance(colour: str) -> float:
    red, green, blue = (int(part) / 255 for part in re.findall(r"\d+", colour)[:3])

    def linear(x: float) -> float:
        return x / 12.92 if x <= 0.03928 else ((x + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_the_paper(opened: Open, scheme: str) -> None:
    """The contrast of every kind of text is at least 4.5 to 1 (WCAG 2.1, level AA)."""
    tab = opened("corner", prefers_color_scheme=scheme)
    papers = {
        ".panel": tab("getComputedStyle(document.querySelector('aside')).backgroundColor"),
        "": tab("getComputedStyle(document.body).backgroundColor"),
    }
    assert (_luminance(papers[""]) < 0.5) == (scheme == "dark")
    for selector in ("h1", ".q", ".tag", ".tag.no", "th", "td", "#say", "#chosen dt", "#chosen a", "#chosen strong"):
        ink = _luminance(tab(f"getComputedStyle(document.querySelector({json.dumps(selector)})).color"))
        for paper in papers.values():
            low, high = sorted((ink, _luminance(paper)))
            assert (high + 0.05) / (low + 0.05) >= 4.5, f"{selector} on {paper}"


def test_who_wants_no_motion_has_none(opened: Open) -> None:
    how = "getComputedStyle(document.querySelector('#map .now')).transitionDuration"
    assert "0.12s" in opened("corner", prefers_reduced_motion="no-preference")(how)
    assert opened("corner", prefers_reduced_motion="reduce")(how) == "0s"


def test_on_paper_there_is_nothing_to_press(opened: Open) -> None:
    tab = opened("corner", media="print")
    for selector in ("#slider .row", "#prev", "p .js"):
        assert tab(f"document.querySelector({json.dumps(selector)}).checkVisibility()") is False
    assert plain(tab.text("#say")).startswith("t=3x=(2,2)"), "but where it is stays"


def test_without_a_script_the_tables_say_it(opened: Open, tab: Tab) -> None:
    tab.has_script(False)
    try:
        opened("corner")
    finally:
        tab.has_script(True)
    assert tab("document.querySelectorAll('#map .cell').length") == 12
    assert tab("getComputedStyle(document.getElementById('slider')).display") == "none"
    assert "What can be chosen on the map is listed below" in tab.text("#chosen")
    text = plain(tab.text("main"))
    assert "(0,0),notin∂f" in text
    assert "conv{(−3,−3),(−3,0),(1,−4),(1,−1)}" in text
    assert tab("[...document.querySelectorAll('h2')].map(e => e.textContent)")[-3:] == [
        "The cells",
        "The walls",
        "The corners",
    ]
    for letter, number in (("c", 12), ("w", 16), ("v", 5)):  # all that can be chosen has its row
        assert tab(f"document.querySelectorAll('td a[href^=\"#{letter}\"]').length") == number
    assert tab("document.querySelector('aside').offsetHeight") < 200, "and no empty panel stands beside the map"


def test_text_of_twice_the_size_fits(opened: Open, tab: Tab) -> None:
    """Whoever sets the browser's text to 200 % reads all of it without moving the page sideways (WCAG 1.4.4)."""
    tab.send("Page.setFontSizes", fontSizes={"standard": 32, "fixed": 26})
    try:
        opened("corner")
        assert tab("getComputedStyle(document.body).fontSize") == "32px"
        assert tab("document.documentElement.scrollWidth") <= 1100
        left, right = tab("[map, info].map(e => e.getBoundingClientRect().left)")
        assert left == right, "the panel stands below the map"
    finally:
        tab.send("Page.setFontSizes", fontSizes={"standard": 16, "fixed": 13})


def test_with_colours_of_the_users_own_lines_are_in_them(opened: Open) -> None:
    tab = opened("corner", forced_colors="active")
    ink = tab("getComputedStyle(document.body).color")
    for selector in ("#map .wall", "#map .vert.out", "#chosen .ad"):
        assert tab(f"getComputedStyle(document.querySelector({json.dumps(selector)})).stroke") == ink
    assert tab("getComputedStyle(document.querySelector('strong.no')).textDecorationLine") == "underline"


def test_a_step_back_goes_to_the_choice_before(opened: Open) -> None:
    tab = opened("corner", "#c3")
    tab("location.hash = 'w5'")
    assert tab("new Promise(r => setTimeout(() => r(chosen.querySelector('h2').textContent)))").startswith("The wall")
    back = (
        "new Promise(r => { addEventListener('hashchange', () => setTimeout(() => r(chosen.innerText)), {once: true}); "
        "history.back(); })"
    )
    assert tab(back).startswith("Cell 3")
    assert tab("localStorage.length + sessionStorage.length") == 0, "pages in two tabs know nothing of each other"


def test_of_a_product_each_factor_is_drawn_below_the_answer(opened: Open) -> None:
    tab = opened("product")
    figures = tab("[...document.querySelectorAll('#p figure')].map(e => e.innerText.trim())")
    verdicts = [each.partition("; ")[2] for each in figures]
    assert len(figures) == 2
    assert verdicts[0] == "autodiff's part is not in it"
    marks = "[...document.querySelectorAll('#p figure')].map(e => e.querySelectorAll('.ad.no').length)"
    assert [bool(number) for number in tab(marks)] == ["not in" in verdict for verdict in verdicts]
    order = tab("[...document.querySelector('#p').children].map(e => e.tagName)")
    assert order.index("P") < order.index("FIGURE") < order.index("DL"), "the answer first"


@pytest.mark.parametrize("width", [360, 1100])
def test_a_shape_has_a_page_without_a_map(opened: Open, width: int) -> None:
    tab = opened("shape", width=width, height=800)
    assert "f has 241 pieces." in tab.text("#p")
    assert tab("document.querySelectorAll('svg').length") == 0
    assert tab("document.querySelector('details').open") is False, "241 pieces fold"
    assert tab("document.documentElement.scrollWidth") <= width
    panel, page = tab("[info, document.querySelector('main')].map(e => e.clientWidth)")
    assert panel > page - 60, "the panel has all of the page"
    assert plain(tab.text("#p table.eq")) == "f=W3σ(W2σ(W1x)),ujtherowsofW1,v=W3"


@pytest.mark.parametrize("width", [360, 1100])
def test_long_numbers_break_their_lines(opened: Open, width: int) -> None:
    tab = opened("trained", width=width, height=800)
    for choice in ("c2", "w2", "v2"):
        tab(f"location.hash = '{choice}'")
        shown = "[...document.querySelectorAll('#chosen dd')].map(e => [e.scrollWidth, e.clientWidth])"
        for inside, room in tab(f"new Promise(r => setTimeout(() => r({shown})))"):
            assert inside <= room + 1, choice
    assert tab("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [360, 1100])
def test_no_row_of_the_weights_is_cut(opened: Open, width: int) -> None:
    tab = opened("rows", width=width, height=800)
    inside, room = tab("[info.scrollWidth, info.clientWidth]")
    assert inside <= room + 1
    ends = tab("[...document.querySelectorAll('#p .eq math')].map(e => e.getBoundingClientRect().right)")
    assert len(ends) > 30
    assert max(ends) <= tab("info.getBoundingClientRect().right")
    assert tab("document.documentElement.scrollWidth") <= width


@pytest.mark.slow
def test_a_thousand_cells_are_usable(opened: Open) -> None:
    tab = opened("large")
    n_cells = tab("document.querySelectorAll('.cell').length")
    assert n_cells >= 900
    took = tab(
        "(() => { const t = performance.now(); for (let i = 1; i <= 50; i++) "
        "document.querySelectorAll('.vert')[i].dispatchEvent(new MouseEvent('click', {bubbles: true})); "
        "return performance.now() - t; })()"
    )
    assert took / 50 < 100, "milliseconds for a choice"
    assert tab("performance.getEntriesByType('navigation')[0].domComplete") < 10_000
    assert tab("document.querySelectorAll('details').length") == 3
    tab.press("Tab", 3)
    assert focused(tab).startswith("v"), "cells, walls and corners are one stop of the Tab key each"
