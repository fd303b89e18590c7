"""From hand-in to register in a real browser: the worker reads, the reviewer decides by keyboard, the applicant answers."""

import io
import re
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import CHROMIUM, FLAGS, Person, missing, site

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "browser")
DOCS = Path(__file__).parents[2] / "docs" / "web"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with site(tmp_path_factory.mktemp("site")) as address:
        yield address


def _docx(path: Path, *lines: str) -> Path:
    from docx import Document

    document = Document()
    for line in lines:
        document.add_paragraph(line)
    document.save(str(path))
    return path


def _wait_for_review(person: Person, number: str) -> None:
    for _ in range(240):
        answer = person.page.request.get(f"/api/v1/filings/{number}/reviews/latest").json()
        if answer["state"] in ("done", "failed", "cancelled"):
            assert answer["state"] == "done", answer["error"]
            return
        time.sleep(0.5)
    raise AssertionError("the review did not end")


def _until(page: Any, script: str, wanted: object) -> None:
    """Waits for the value of `script`; the site's policy forbids what `wait_for_function` does."""
    for _ in range(3000):
        if page.evaluate(script) == wanted:
            return
        time.sleep(0.01)
    raise AssertionError(f"{script} never became {wanted}: {page.evaluate(script)}")


def _move(person: Person, number: str, label: str, *, reason: str = "", issued: str = "") -> None:
    page = person.page
    page.goto(f"/filings/{number}/")
    if reason:
        page.fill(".move-form [name=reason]", reason)
    if issued:
        page.fill(".move-form [name=number]", issued)
    page.once("dialog", lambda dialog: dialog.accept())
    page.click(f".move-form button:has-text('{label}')")
    page.wait_for_selector(".messages")
    assert not page.query_selector(".message.bad"), page.inner_text(".messages")


def test_from_hand_in_to_register(browser: Any, base: str, tmp_path: Path) -> None:
    admin = Person(browser, base, "admin")
    admin.page.goto("/settings")
    admin.page.fill("[name=second_share]", "0")
    admin.page.click("main button.primary")
    admin.page.wait_for_selector(".message.good")

    # The applicant fills in, uploads and checks.
    applicant = Person(browser, base, "applicant")
    page = applicant.page
    page.click("text=新建申请")
    page.fill("#name", "端到端测试对话模型")
    page.select_option("#route", "registration")
    page.select_option("#province", "浙江")
    for name in ("service_type", "data_source", "processing_method", "application_scene", "technical_scheme"):
        page.fill(f"#{name}", "面向个人用户的文字对话服务。")
    page.click("button.primary:has-text('建立申请')")
    page.wait_for_url(re.compile("/materials"))
    number = page.url.split("/")[-2]
    form = _docx(
        tmp_path / "登记表.docx",
        "登记表",
        "单位全称：示例申请单位（成都）智能科技有限公司",
        "应用名称：端到端测试对话模型",
    )
    agreement = _docx(tmp_path / "用户协议.docx", "用户协议", "投诉电话：028-00000000，5个工作日内反馈。")
    page.set_input_files("#pick", [str(form), str(agreement)])
    page.wait_for_selector(".file-list li:nth-child(2)")
    page.select_option(".file-list li:has-text('用户协议') select", "privacy")
    page.wait_for_selector(".file-list li:has-text('用户协议') :text('人工指定')")
    page.select_option(".file-list li:has-text('用户协议') select", "agreement")
    page.wait_for_load_state()
    page.click("button:has-text('开始自检')")
    page.wait_for_selector(".progress-panel")
    _wait_for_review(applicant, number)
    page.wait_for_selector(".progress-panel", state="detached")  # the page reloads itself at the end
    page.goto(f"/filings/{number}/result")
    before = page.locator(".card").count()
    assert before > 5
    assert page.locator(".card .after").count() > 3

    # The revised copies are written by the worker while the page waits.
    page.click("a:has-text('修订稿')")
    page.wait_for_selector("a:has-text('下载修订稿')", timeout=120_000)
    with page.expect_download() as taken:
        page.click("a:has-text('下载修订稿')")
    with zipfile.ZipFile(taken.value.path()) as archive:
        changed = [name for name in archive.namelist() if name.endswith(".docx")]
        assert changed
        with zipfile.ZipFile(io.BytesIO(archive.read(changed[0]))) as inside:
            assert b"<w:ins " in inside.read("word/document.xml")
    assert not applicant.serious()

    # A changed file is checked again; the comparison says what became of each point.
    page.goto(f"/filings/{number}/materials")
    _docx(
        agreement,
        "用户协议",
        "一、服务内容",
        "投诉举报：电话028-00000000，邮箱 help@example.invalid，5个工作日内反馈。",
        "未成年人不得使用。",
    )
    page.set_input_files("#pick", str(agreement))
    page.wait_for_selector(".uploads li", state="detached", timeout=30_000)
    page.click("button:has-text('开始自检')")
    page.wait_for_selector(".progress-panel")
    _wait_for_review(applicant, number)
    page.wait_for_selector(".progress-panel", state="detached")  # the page reloads itself at the end
    page.goto(f"/filings/{number}/compare")
    assert "用户协议.docx" in page.inner_text("main")
    _move(applicant, number, "定稿", reason="示例：材料不全，用于测试")
    _move(applicant, number, "提交")

    # The reviewer receives, and decides every point by keyboard.
    reviewer = Person(browser, base, "reviewer")
    page = reviewer.page
    assert page.locator(".queue .what a").count() == 1
    page.click(".queue button:has-text('认领')")
    page.wait_for_load_state()
    _wait_for_review(reviewer, number)
    page.goto(f"/desk/{number}/")
    page.wait_for_selector(".finding")
    page.click("button:has-text('收件')")
    page.wait_for_selector(".decide")
    page.goto(f"/desk/{number}/sign")
    assert page.locator("button:has-text('签发')").is_disabled()
    page.goto(f"/desk/{number}/")
    page.wait_for_selector(".decide")
    total = page.locator("#rows > ul .row-link").count()
    started = time.monotonic()
    page.keyboard.press("d")
    page.keyboard.type("与本次登记无关")
    page.keyboard.press("Enter")
    page.wait_for_selector(".row-link[data-state=dismissed]")
    page.keyboard.press("u")
    page.wait_for_selector(".row-link[data-state=dismissed]", state="detached")
    for n in range(total):
        _until(page, "document.querySelector('.finding')?.dataset.state", "open")
        page.keyboard.press("a")
        _until(page, "document.querySelectorAll('#rows > ul .row-link:not([data-state=open])').length", n + 1)
    seconds = time.monotonic() - started
    print(f"\n{total} decisions by keyboard in {seconds:.1f} s: {total / seconds * 60:.0f} a minute")
    assert page.inner_text("#tally").startswith("0")
    page.goto(f"/desk/{number}/sign")
    page.check("[name=grade][value=supplement]")
    page.fill("[name=reasons]", "材料不齐。")
    page.click("button:has-text('签发')")
    page.wait_for_selector(".message.good")
    with page.expect_download() as taken:
        page.click("main a:has-text('补正通知')")
    from docx import Document

    text = "\n".join(c.text for t in Document(taken.value.path()).tables for r in t.rows for c in r.cells)
    assert "端到端" in text or "示例申请单位" in text
    _move(reviewer, number, "发出补正通知")

    # The applicant answers item by item and hands in again.
    page = applicant.page
    page.goto(f"/filings/{number}/")
    forms = page.locator("form.answer")
    items = forms.count()
    assert items > 3
    for n in range(items):
        forms.nth(n).locator("[name=facts]").fill(f"第{n + 1}项已改正。")
        forms.nth(n).locator("button").click()
        _until(page, f"document.querySelectorAll('form.answer .saved')[{n}].textContent.trim() !== ''", True)
    page.goto(f"/filings/{number}/materials")
    _docx(
        form,
        "登记表",
        "单位全称：示例申请单位（成都）智能科技有限公司",
        "应用名称：端到端测试对话模型",
        "安全评估负责人：李文静",
    )
    page.set_input_files("#pick", str(form))
    page.wait_for_selector(".uploads li", state="detached", timeout=30_000)
    _move(applicant, number, "提交补正")

    # The second round opens with carried decisions; what is left is decided and the filing passes.
    _wait_for_review(reviewer, number)
    page = reviewer.page
    page.goto(f"/desk/{number}/")
    page.wait_for_selector(".finding")
    assert page.locator(".row-link:not([data-state=open])").count() > 0
    assert page.locator("a:has-text('与上轮对比')").count() == 1
    rows = [r.get_attribute("data-finding") for r in page.query_selector_all("#rows > ul .row-link:is(.fatal, .major)")]
    for finding in rows:
        page.click(f".row-link[data-finding='{finding}']")
        page.wait_for_selector(f".finding[data-finding='{finding}']")
        page.keyboard.press("d")
        page.keyboard.type("已核对补正材料，问题消除")
        page.keyboard.press("Enter")
        page.wait_for_selector(f".row-link[data-finding='{finding}'][data-state=dismissed]")
    _move(reviewer, number, "形式审查通过")
    page.goto(f"/desk/{number}/sign")
    page.check("[name=grade][value=ready]")
    page.click("button:has-text('签发')")
    page.wait_for_selector(".message.good")
    _move(reviewer, number, "材料审查通过")
    lead = Person(browser, base, "lead")
    _move(lead, number, "同意登记", issued="Zhejiang-DuanDao-20261124S0001")
    visitor = browser.new_context(base_url=base).new_page()
    visitor.goto("/register?q=DuanDao")
    assert "端到端测试对话模型" in visitor.inner_text("main")
    for person in (applicant, reviewer, lead, admin):
        assert not person.problems, person.problems


PAGES = {
    "login": ("", "/login"), "register": ("", "/register"), "query": ("", "/query"), "mine": ("applicant", "/filings"),
    "new": ("applicant", "/filings/new"), "account": ("applicant", "/account"), "queue": ("reviewer", "/queue"),
    "dashboard": ("lead", "/dashboard"), "settings": ("admin", "/settings"), "users": ("admin", "/users"), "audit": ("auditor", "/audit"),
}  # fmt: skip


@pytest.mark.parametrize("width", [1366, 390], ids=["laptop", "phone"])
def test_no_page_has_serious_accessibility_findings_or_scrolls_sideways(browser: Any, base: str, width: int) -> None:
    people: dict[str, Person] = {}
    found = []
    for name, (who, address) in PAGES.items():
        if width < 500 and who not in ("", "applicant"):
            continue
        if who and who not in people:
            people[who] = Person(browser, base, who, width=width)
        if who:
            person = people[who]
        else:
            person = Person.__new__(Person)
            person.page = browser.new_context(base_url=base, viewport={"width": width, "height": 768}).new_page()
        person.page.goto(address)
        found += [f"{name}: {line}" for line in person.serious()]
        wide = person.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 1:
            found.append(f"{name}: {wide} px too wide")
    assert not found, "\n".join(found)
