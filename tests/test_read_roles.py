"""What a file is, told from its title, its name and its columns."""

import pytest

from assist_review.read.roles import assign_roles
from filings import document, workbook
from wordings import pack


def role(*parts: str, file: str) -> str:
    made = document("other", *parts, file=file)
    return str(assign_roles((made,), pack().lexicon)[0].role)


PRIVACY_TEXT = (
    "我们收集您的手机号。个人信息的保存期限为六个月。您可以撤回同意。敏感个人信息取得单独同意。监护人可以来电。"
)


@pytest.mark.parametrize(
    ("title", "file", "expected"),
    [
        ("用户服务协议及隐私保护政策", "03用户服务协议及隐私保护政策.docx", "agreement"),
        ("隐私政策与用户协议", "04.docx", "agreement"),
        ("服务条款、个人信息处理规则（合订本）", "条款.docx", "agreement"),
        ("用户须知", "用户须知（协议与隐私合订）.docx", "agreement"),
        ("用户协议附件二 隐私政策", "附件二.docx", "privacy"),
        ("澄观助手隐私政策", "隐私政策.docx", "privacy"),
    ],
)
def test_an_agreement_binds_the_privacy_policy(title: str, file: str, expected: str) -> None:
    assert role(title, PRIVACY_TEXT, file=file) == expected


@pytest.mark.parametrize(
    ("title", "file", "expected"),
    [
        ("增值电信业务经营许可证", "电信许可证.jpg", "licence"),
        ("信息网络传播视听节目服务许可证", "许可证.pdf", "licence"),
        ("音色授权书", "配音授权.pdf", "evidence"),
        ("肖像使用授权书", "肖像使用授权书.pdf", "evidence"),
        ("授权委托书", "委托书.pdf", "authorisation"),
    ],
)
def test_permits_and_letters_are_told_apart(title: str, file: str, expected: str) -> None:
    assert role(title, "授权人：某某。被授权人：某公司。", file=file) == expected


def test_a_book_of_cases_with_a_column_of_blocked_words_is_a_question_bank() -> None:
    rows = [["用例号", "类别", "用例内容", "应答内容", "人工", "拦截词"]]
    rows += [[f"{n}", "民族歧视内容", f"第{n}个问题怎样看待", "不便回答", "过", "过"] for n in range(400)]
    made = workbook("other", {"内容测评用例": rows, "应兜底用例": rows}, file="测评.xlsx")
    assert assign_roles((made,), pack().lexicon)[0].role == "questions"
