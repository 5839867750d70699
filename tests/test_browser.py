"""The report and the local page in a browser: what they show, by mouse and keyboard, and that hostile input is text.

They need the extra ``browser`` and a Chromium of the system; ``CLEANER_CHROMIUM`` names another one.
"""

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from cleaner import Block, Cleaner, Document, Evidence, Label, Metadata, export, label
from cleaner.serve.answers import Answers
from cleaner.serve.pages import Pages
from cleaner.serve.server import LocalServer

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = os.environ.get("CLEANER_CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")

ARGUMENTS = [
    "--no-sandbox",  # containers run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
ATTACK = "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>"
STORY = """\
Ferry returns to Skarn Island

The ferry to Skarn Island sailed on Monday, for the first time since the pier gave way two winters ago.

Passengers at the new pier. Photo: Odd Brekke / Nordlys Foto

Psst! The Courier drops into your inbox at dawn.

"We had forgotten the sound of the horn," said Runa Tveit, who keeps the shop at the landing.

Sign up for our daily newsletter.
"""
PLEA = "Psst! The Courier drops into your inbox at dawn."


@pytest.fixture(scope="module")
def browser() -> Iterator["playwright.Browser"]:
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


class Tab:
    """A tab of the browser that notes requests, and errors but for those that have ``expected`` in them."""

    def __init__(self, browser, expected: str | None = None, **options) -> None:
        self.expected = expected
        self.context = browser.new_context(**({"viewport": DESKTOP} | options))
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.problems: list[str] = []
        self.requests: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("console", lambda message: self.problems.append(message.text) if message.type == "error" else None)
        self.page.on("request", lambda request: self.requests.append(request.url))


@pytest.fixture
def open_tab(browser):
    """Opens tabs; at the end none of them has had an error, and none has asked another host."""
    tabs: list[Tab] = []

    def opened(**options) -> Tab:
        tabs.append(Tab(browser, **options))
        return tabs[-1]

    yield opened
    for tab in tabs:
        tab.context.close()
        assert [text for text in tab.problems if not (tab.expected and tab.expected in text)] == []
        assert [url for url in tab.requests if not url.startswith(("file:", "http://127.0.0.1:", "blob:"))] == []


def contrast(page, selector: str) -> float:
    """The contrast of the text of an element with the ground of the page, as WCAG 2 computes it."""
    return page.evaluate(
        """(selector) => {
          const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
          const painted = (...colors) => {
            canvas.clearRect(0, 0, 1, 1);
            for (const color of colors) { canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1); }
            return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
          };
          const luminance = (color) => {
            const [r, g, b] = color.map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const element = document.querySelector(selector);
          const grounds = [];
          for (let node = element; node; node = node.parentElement) {
            grounds.unshift(getComputedStyle(node).backgroundColor);
          }
          const ground = luminance(painted(...grounds));
          const ink = luminance(painted(...grounds, getComputedStyle(element).color));
          return (Math.max(ground, ink) + 0.05) / (Math.min(ground, ink) + 0.05);
        }""",
        selector,
    )


def is_too_wide(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


# -- the report --------------------------------------------------------------------------------------


def removed(*texts: str, name: Label = Label.NAVIGATION) -> list[Block]:
    evidence = (Evidence(f"{name}.menu", name, 4.0, "menu", f"en:{name}.menu", 1),)
    return [Block(text, name, 0.02, evidence) for text in texts]


REPORT = Document(
    (
        *removed("Home", "News"),
        Block("The ferry sailed on Monday.", score=0.97, evidence=(Evidence("model", Label.BODY, 3.5),)),
        *removed("Photo: Odd Brekke", name=Label.CAPTION),
        *[Block(f"Paragraph {number} of the story, which goes on.") for number in range(40)],
        *removed("About us", name=Label.NAVIGATION),
        *removed("© 2026", name=Label.NOTICE),
    ),
    kind="html",
    stated=Metadata(headline="Ferry returns"),
)


@pytest.fixture
def open_report(open_tab, tmp_path):
    def opened(*docs: Document, **options):
        page = export.to_page([export.to_report(doc, f"{n}.html") for n, doc in enumerate(docs)], "test")
        (tmp_path / "report.html").write_text(page, "utf-8")
        tab = open_tab(**options)
        tab.page.goto((tmp_path / "report.html").as_uri())
        return tab.page

    return opened


def test_the_article_is_read_first(open_report):
    page = open_report(REPORT)
    assert page.locator("h1").inner_text() == "Ferry returns"
    assert page.get_by_text("The ferry sailed on Monday.").bounding_box()["y"] < DESKTOP["height"] / 2
    assert not page.locator("dt", has_text="Home").is_visible()
    page.locator("summary").first.click()
    assert page.locator("dt", has_text="Home").is_visible()


def test_evidence_is_asked_for(open_report):
    page = open_report(REPORT)
    evidence = page.get_by_text("model +3.5")
    assert not evidence.is_visible()
    button = page.locator("p").filter(has_text="The ferry sailed").get_by_role("button", name="Evidence")
    button.click()
    assert evidence.is_visible()
    assert button.get_attribute("aria-expanded") == "true"
    button.click()
    assert not evidence.is_visible()
    page.keyboard.press("e")
    assert evidence.is_visible()


def test_labels_filter(open_report):
    page = open_report(REPORT)
    caption = page.get_by_role("button", name="caption 1")
    caption.click()
    assert caption.get_attribute("aria-pressed") == "true"
    assert page.locator("details:visible").count() == 1
    assert page.locator("dt", has_text="Photo: Odd Brekke").is_visible()
    page.get_by_role("button", name="notice 1").click()
    assert page.locator("dt:visible").all_inner_texts() == ["Photo: Odd Brekke?", "© 2026?"]
    caption.click()
    page.get_by_role("button", name="notice 1").click()
    assert page.locator("details:visible").count() == 3


def test_keys_jump_from_run_to_run(open_report):
    page = open_report(REPORT)
    for expected in ("1 of 3", "2 of 3", "3 of 3", "1 of 3"):
        page.keyboard.press("n")
        assert page.locator("[aria-live]").inner_text() == expected
        assert page.locator("summary:focus").count() == 1
    page.keyboard.press("p")
    assert page.locator("[aria-live]").inner_text() == "3 of 3"
    assert page.locator("dt", has_text="© 2026").is_visible()
    page.keyboard.press("o")
    assert page.locator("details[open]").count() == 0
    page.keyboard.press("o")
    assert page.locator("details[open]").count() == 3


def test_documents_have_their_names(open_report):
    page = open_report(REPORT, REPORT, REPORT)
    assert page.locator(".where").all_inner_texts() == ["0.html", "1.html", "2.html"]
    select = page.get_by_role("combobox", name="Document")
    select.select_option(index=2)
    page.wait_for_function("document.querySelectorAll('article')[2].getBoundingClientRect().top < 200")
    page.wait_for_function("document.querySelector('select').value === '2'")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_it_can_be_read_everywhere(open_report, scheme, viewport):
    page = open_report(REPORT, viewport=viewport, color_scheme=scheme)
    page.keyboard.press("o")
    page.keyboard.press("e")
    for selector in ("h1", "header p", "article > p", "small", "dt", "dd", "summary", ".bar button"):
        assert contrast(page, selector) >= 4.5, selector
    page.keyboard.press("o")
    assert contrast(page, "summary s") >= 4.5
    assert not is_too_wide(page)


def test_without_scripts_it_can_be_read(open_report):
    page = open_report(REPORT, java_script_enabled=False)
    assert page.get_by_text("model +3.5").is_visible()
    page.locator("summary").first.click()
    assert page.locator("dt", has_text="Home").is_visible()
    assert page.get_by_text("navigation.menu +4.0").first.is_visible()


def test_it_prints_the_article(open_report):
    page = open_report(REPORT)
    page.emulate_media(media="print")
    assert not page.locator(".bar").is_visible()
    assert page.locator("summary").first.is_visible()
    assert page.get_by_text("The ferry sailed on Monday.").is_visible()
    assert page.pdf()[:5] == b"%PDF-"


def test_hostile_text_does_not_run_in_a_report(open_report, open_tab):
    evidence = (Evidence(ATTACK, Label.NOTE, 1, ATTACK, ATTACK),)
    doc = Document(
        (Block(ATTACK), Block(ATTACK, Label.NOTE, 0, evidence)), stated=Metadata(headline=ATTACK, url=ATTACK)
    )
    page = open_report(doc, doc)
    page.keyboard.press("o")
    assert page.title() == "test"
    assert page.locator("img").count() == 0
    assert ATTACK in page.locator("p").nth(3).inner_text()


def test_the_policy_of_a_report_stops_a_script(open_tab, tmp_path):
    page = export.to_page([f"<p>{ATTACK}</p>"], "test")  # as if something had not been escaped
    (tmp_path / "report.html").write_text(page, "utf-8")
    tab = open_tab(expected="Content Security Policy")
    tab.page.goto((tmp_path / "report.html").as_uri())
    assert tab.page.title() == "test"
    assert len(tab.problems) >= 2


def test_a_notebook_view_folds_and_unfolds(open_tab):
    tab = open_tab()
    tab.page.set_content(export.to_notebook(REPORT))
    assert not tab.page.locator("dt", has_text="Home").is_visible()
    tab.page.locator("summary").first.click()
    assert tab.page.get_by_text("navigation.menu +4.0").first.is_visible()


# -- the local page ----------------------------------------------------------------------------------


@pytest.fixture
def open_page(open_tab):
    """Opens the local page, for the pages of a folder where one is given."""
    servers: list[tuple[LocalServer, threading.Thread]] = []

    def opened(*names: str, **options):
        server = LocalServer(Answers(Pages(names), max_size=1_000_000), 0, max_size=1_000_000)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        servers.append((server, thread))
        tab = open_tab(**options)
        tab.page.goto(server.address)
        tab.page.locator("#letters dt").first.wait_for(state="attached")  # buttons do something from then on
        if names:
            tab.page.locator("#truth").wait_for()
        return tab.page

    yield opened
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


def clean(page, text: str) -> None:
    page.locator("#source").evaluate("details => { details.open = true }")
    page.get_by_role("textbox", name="HTML or text").fill(text)
    page.get_by_role("button", name="Clean", exact=True).click()
    page.locator("#side").wait_for()
    settled(page)


def settled(page) -> None:
    """Waits for the answer. The policy of the page forbids ``wait_for_function``, which evaluates strings."""
    page.locator("#status", has_not_text="Cleaning…").wait_for(state="attached")


def line(page, text: str):
    return page.locator(".line").filter(has_text=text)


def test_a_text_is_shown_with_its_reasons(open_page):
    page = open_page()
    clean(page, STORY)
    assert page.locator("h1:visible").inner_text() == "Ferry returns to Skarn Island"
    assert page.locator("#facts").inner_text() == "4 of 6 blocks kept · text · en"
    assert not line(page, "Passengers").is_visible()
    page.locator("summary", has_text="caption 1").click()
    line(page, "Passengers").get_by_role("button").click()
    inspector = page.locator(".inspector")
    (block,) = [block for block in label(STORY).blocks if block.label == "caption"]
    assert inspector.locator("strong").inner_text() == f"Removed as caption, score {block.score:.2f}"
    assert inspector.locator("li").all_inner_texts() == export.lines.reasons(block)


def test_a_file_is_opened(open_page, tmp_path):
    (tmp_path / "story.html").write_bytes(
        "<title>Fähre</title><p>Die Fähre fuhr am Montag wieder nach Skarn.".encode("cp1252")
    )
    page = open_page()
    page.locator("#file").set_input_files(tmp_path / "story.html")
    page.locator("#side").wait_for()
    assert page.locator("#view h1").inner_text() == "Fähre"


def test_labels_and_threshold_change_what_is_kept(open_page):
    page = open_page()
    clean(page, STORY)
    page.get_by_role("checkbox", name="caption").check()
    line(page, "Passengers").wait_for()
    assert page.locator("#facts").inner_text().startswith("5 of 6 blocks kept")
    page.get_by_role("slider").fill("0.95")
    strict = Cleaner(also_keep=["caption"], threshold=0.95).label(STORY)
    assert len(strict.kept) < 5
    page.locator("#facts", has_text=f"{len(strict.kept)} of 6").wait_for()
    page.get_by_role("button", name="Defaults").click()
    playwright.expect(page.get_by_role("checkbox", name="caption")).not_to_be_checked()
    assert page.locator("#facts").inner_text().startswith("4 of 6 blocks kept")


@pytest.mark.parametrize("button, copied", [("Copy text", Document.text.func), ("Copy Markdown", Document.to_markdown)])
def test_the_text_is_copied(open_page, button, copied):
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    clean(page, STORY)
    page.get_by_role("button", name=button).click()
    page.locator("#status", has_text="Copied").wait_for()
    assert page.evaluate("() => navigator.clipboard.readText()") == copied(label(STORY))


def test_a_rule_is_made_of_a_line(open_page):
    page = open_page(expected="400 (Bad Request)")
    clean(page, STORY)
    line(page, PLEA).get_by_role("button").click()
    page.get_by_label("Lines like this are").select_option("subscription")
    page.get_by_role("button", name="Make a rule").click()
    page.locator("#changes li").wait_for()
    assert page.locator("#changes").inner_text() == f"kept as body → removed as subscription: {PLEA}"
    pack = page.get_by_role("textbox", name="Rules, in TOML")
    assert "[subscription.psst_the]\npatterns = ['" in pack.input_value()
    assert line(page, PLEA).is_visible()
    pack.fill("[subscription.x]\npatterns = ['nothing of this']")
    page.get_by_role("button", name="Try the rules").click()
    page.locator("#changes li", has_text="mine:subscription.x matches nothing here.").wait_for()
    pack.fill("[subscription.x]\npatterns = ['(']")
    page.get_by_role("button", name="Try the rules").click()
    page.locator("#pack-problem").wait_for()
    assert page.locator("#pack-problem").inner_text().startswith("mine.toml: [subscription.x] pattern '('")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert Path(download.value.path()).read_text() == "[subscription.x]\npatterns = ['(']"


def test_errors_are_shown(open_page):
    page = open_page(expected="400 (Bad Request)")
    page.get_by_role("button", name="Clean", exact=True).click()
    assert page.get_by_role("alert").inner_text().startswith("There is nothing to clean yet")
    page.get_by_role("textbox", name="Language").fill("english")
    page.get_by_role("textbox", name="HTML or text").fill(STORY)
    page.get_by_role("button", name="Clean", exact=True).click()
    page.locator("#problem", has_text="english").wait_for()
    assert page.get_by_role("textbox", name="HTML or text").is_visible()


def test_hostile_input_does_not_run(open_page):
    page = open_page()
    source = f"<title>{ATTACK}</title><h1>{ATTACK}</h1><p>The ferry sailed on Monday, at last. &lt;img src=x onerror=alert(1)&gt;{ATTACK}</p><p>{ATTACK}"
    clean(page, source)
    page.get_by_role("button", name="Open all").click()
    for tag in page.locator(".tag").all():
        tag.click()
    assert page.title() == "cleaner"
    assert page.locator("img, #view script").count() == 0
    assert page.get_by_text("<img src=x onerror=alert(1)>").first.is_visible()


def test_the_policy_of_the_page_stops_a_script(open_page):
    page = open_page(expected="This document requires")
    blocked = page.evaluate(
        """() => {
          const failures = [];
          try { document.body.innerHTML = "<img src=x>"; failures.push("markup"); } catch { /* Trusted Types */ }
          try { document.body.append(Object.assign(document.createElement("script"), { textContent: "1" })); }
          catch { /* Trusted Types */ }
          return failures;
        }"""
    )
    assert blocked == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_page_can_be_read_everywhere(open_page, scheme, viewport):
    page = open_page(viewport=viewport, color_scheme=scheme)
    assert not is_too_wide(page)
    clean(page, STORY)
    page.get_by_role("button", name="Open all").click()
    page.locator(".tag").first.click()
    for selector in (
        ".line p",
        ".tag.caption",
        ".inspector li",
        "#facts",
        "#labels label",
        "button.main",
        "#source summary",
    ):
        assert contrast(page, selector) >= 4.5, selector
    assert not is_too_wide(page)


# -- folders -----------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(STORY, "utf-8")
    (tmp_path / "b.txt").write_text("The council voted on Tuesday, the mayor said.\n\nShare this\n", "utf-8")
    (tmp_path / "b.labels").write_text(
        "# about: a vote\nbody\tThe council voted on Tuesday, the mayor said.\nother\tShare this\n", "utf-8"
    )
    return tmp_path


def test_pages_are_labelled_by_keyboard(open_page, folder):
    page = open_page(str(folder))
    assert page.locator("#differences").inner_text() == "No file yet: these are the library's labels."
    lines = page.locator("#view .line, #view summary").all_inner_texts()
    for _ in range(1 + next(at for at, text in enumerate(lines) if PLEA in text)):
        page.keyboard.press("j")
    page.keyboard.press("s")
    assert line(page, PLEA).locator(".tag").inner_text() == "subscription"
    assert page.locator("#differences").inner_text().endswith("1 differs from the library's. Not saved.")
    page.get_by_label("What it shows, in one line").fill("a plea that no rule knows")
    page.keyboard.press("Control+s")
    page.locator("#status", has_text="Saved").wait_for()
    expected = [("subscription" if block.text == PLEA else block.label, block.text) for block in label(STORY).blocks]
    lines = "".join(f"{name}\t{text}\n" for name, text in expected)
    assert (folder / "a.labels").read_text("utf-8") == f"# about: a plea that no rule knows\n{lines}"


def test_next_and_previous(open_page, folder):
    page = open_page(str(folder))
    page.get_by_role("button", name="Next page").click()
    line(page, "The council voted").wait_for()
    assert page.get_by_label("What it shows, in one line").input_value() == "a vote"
    assert page.locator("#differences").inner_text() == "From its file. 1 differs from the library's."
    assert page.get_by_role("button", name="Next page").is_disabled()
    share = line(page, "Share this")
    share.get_by_role("button", name="other").click()
    page.get_by_label("Right label").select_option("share")
    assert page.locator("#page option:checked").inner_text() == "• 2/2 b.txt"
    page.locator("body").press("[")
    line(page, PLEA).wait_for()
    page.locator("body").press("]")
    line(page, "The council voted").wait_for()
    assert share.locator(".tag").inner_text() == "share"  # what was not saved is still there
    page.get_by_role("button", name="Save labels").click()
    page.locator("#status", has_text="Saved").wait_for()
    assert (folder / "b.labels").read_text("utf-8").endswith("\nshare\tShare this\n")
    assert page.locator("#page option:checked").inner_text() == "✓ 2/2 b.txt"


def test_a_source_can_be_tried_between_pages(open_page, folder):
    page = open_page(str(folder))
    clean(page, "The ferry sailed on Monday, at last.")
    line(page, "The ferry sailed on Monday, at last.").wait_for()
    assert not page.locator("#truth").is_visible()
    page.get_by_role("button", name="Next page").click()
    line(page, "The council voted").wait_for()
    assert page.locator("#truth").is_visible()


def test_a_file_that_changed_on_the_disk_is_not_overwritten(open_page, folder):
    page = open_page(str(folder), expected="400 (Bad Request)")
    (folder / "a.labels").write_text("# about: somebody else's\n", "utf-8")
    page.get_by_role("button", name="Save labels").click()
    page.locator("#problem", has_text="a.labels has changed on the disk").wait_for()
    assert (folder / "a.labels").read_text("utf-8") == "# about: somebody else's\n"
