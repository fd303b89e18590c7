"""Operators on names: companies, codes, models, persons, filing numbers, terms of licences."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from random import Random

from assist_review.evaluate.mutate import docx_file
from assist_review.evaluate.mutate.edits import Swap, everywhere, shuffled, swap_change
from assist_review.evaluate.mutate.planted import Change, Format, Operator, Propose
from assist_review.evaluate.mutate.survey import Survey

_COMPANY = re.compile(
    r"[\u4e00-\u9fff]{2,4}?(?:[（(][\u4e00-\u9fff]{2,4}[）)])?[\u4e00-\u9fff]{2,18}?(?:有限责任公司|股份有限公司|有限公司|研究院)"
)
_OTHER_COMPANIES = ("海州远图智能科技有限公司", "云泽启明信息技术有限公司", "临江智语网络科技有限公司")
_DOCUMENTS = ("form", "report", "agreement", "privacy", "annotation_rules", "evidence", "other")


def applicant(survey: Survey) -> str | None:
    """The company that files: what the form says behind its label, else the company named most often."""
    for passage in survey.passages("form", "report"):
        text = f"{passage.label}：{passage.text}" if passage.label else passage.text
        match = re.match(
            r"(?:单位全称|单位名称|申请单位|申报单位|备案单位|登记单位|主体名称)[^：:]{0,6}[：:]\s*(.{4,40})", text
        )
        found = _COMPANY.search(match[1]) if match else None
        if found:
            return found[0]
    named = Counter(m[0] for p in survey.passages() for m in _COMPANY.finditer(p.text))
    return named.most_common(1)[0][0] if named else None


def labelled(survey: Survey, labels: str, value: str, *roles: str) -> str | None:
    """The first value behind one of `labels` that fits `value`."""
    for passage in survey.passages(*(roles or ("form",))):
        text = f"{passage.label}：{passage.text}" if passage.label else passage.text
        match = re.match(rf"(?:{labels})[^：:]{{0,8}}[：:]\s*({value})", text)
        if match:
            return match[1].strip()
    return None


def _in_one_document(
    survey: Survey, rng: Random, old: str, new: str, roles: tuple[str, ...] = _DOCUMENTS
) -> Iterator[Change]:
    """`old` becomes `new` all over one document, where at least one other keeps it."""
    found = {f: everywhere(survey.of(f), old, new) for f in survey.role(*roles)}
    found = {f: changes for f, changes in found.items() if changes}
    for file in shuffled(found, rng) if len(found) > 1 else ():
        if any(p.kind != "edge" for p, *_ in found[file]):
            yield swap_change(found[file])


def _company_variant(survey: Survey, rng: Random) -> Iterator[Change]:
    """The applicant's name is written another way in one document: the place in brackets, two characters swapped."""
    name = applicant(survey)
    if not name:
        return
    place, body = name[:2], re.sub("(?:有限责任公司|股份有限公司|有限公司)$", "", name)[2:]
    variants = [f"{body}（{place}）有限公司", name.replace("有限公司", "有限责任公司")] if "（" not in name else []
    variants.append(name[:3] + name[4] + name[3] + name[5:])
    yield from _in_one_document(survey, rng, name, rng.choice([v for v in variants if v != name]))


def _company_foreign(survey: Survey, rng: Random) -> Iterator[Change]:
    """Another company stands where the applicant should, in an agreement or policy."""
    name = applicant(survey)
    if name:
        yield from _in_one_document(
            survey, rng, name, rng.choice(_OTHER_COMPANIES), ("agreement", "privacy", "annotation_rules")
        )
        for file in shuffled(survey.role("agreement", "privacy", "annotation_rules", "report"), rng):
            changes = everywhere(survey.of(file), name, rng.choice(_OTHER_COMPANIES))
            if changes:
                yield swap_change(changes)


def _company_in_header(survey: Survey, rng: Random) -> Iterator[Change]:
    """Another company in the page header."""
    other = rng.choice(_OTHER_COMPANIES)
    for file in shuffled(survey.role("report", "annotation_rules", "agreement", "privacy"), rng):
        name = applicant(survey) or "\0"
        edges = [p for p in survey.of(file) if p.kind == "edge"]
        changes = [c for p in edges for c in everywhere([p], name, other)]
        if changes:
            yield swap_change(changes)
        elif file.lower().endswith(".docx"):
            text = f"{other}　内部资料"
            yield Change(f"{file} 页眉", "", text, {file: partial(docx_file.with_header, text=text)})


def _code_digit(survey: Survey, rng: Random) -> Iterator[Change]:
    """One character of the unified social credit code differs in one document."""
    pattern = re.compile(r"(?<![0-9A-Za-z])9[0-9A-Z]{17}(?![0-9A-Za-z])")
    places = [(p, m) for p in survey.passages() for m in pattern.finditer(p.text)]
    for passage, match in shuffled(places, rng):
        at = rng.randrange(8, 17)
        new = rng.choice([c for c in "0123456789" if c != match[0][at]])
        yield swap_change([(passage, match.start(), match.end(), match[0][:at] + new + match[0][at + 1 :])])


def _code_letter(survey: Survey, rng: Random) -> Iterator[Change]:
    """A letter that credit codes never have: O for 0, I for 1."""
    pattern = re.compile(r"(?<![0-9A-Za-z])9[0-9A-Z]{17}(?![0-9A-Za-z])")
    for passage, match in shuffled([(p, m) for p in survey.passages() for m in pattern.finditer(p.text)], rng):
        digit = next((d for d in "01" if d in match[0][2:]), None)
        if digit:
            at = match[0].index(digit, 2)
            new = match[0][:at] + {"0": "O", "1": "I"}[digit] + match[0][at + 1 :]
            yield swap_change([(passage, match.start(), match.end(), new)])


def _model_name(survey: Survey, rng: Random) -> Iterator[Change]:
    """The model is called otherwise in one document."""
    name = labelled(survey, "模型名称|服务名称|产品名称", r"[^（(，,；;]{2,30}")
    if not name:
        return
    core = re.sub("(?:大模型|模型)$", "", name)
    new = rng.choice([v for v in (f"{core}-Pro", f"{core}语言大模型", f"{core}AI模型") if v != name])
    yield from _in_one_document(survey, rng, name, new, ("report", "agreement", "annotation_rules", "privacy"))


def _version_differs(survey: Survey, rng: Random) -> Iterator[Change]:
    """The model has another version number in one document."""
    name = labelled(survey, "模型名称", r"[^（(，,；;]{2,30}") or ""
    version = labelled(survey, "版本号?|模型版本", r"[Vv]?\d+(?:\.\d+)*") or ""
    if not version:
        return
    number = version.lstrip("Vv")
    first, dot, rest = number.partition(".")
    new = f"{int(first) + 1}{dot}{rest or ''}"
    pattern = re.compile(rf"(?<![\d.])(?P<n>{re.escape(number)})(?![\d.]*\d)")
    for file in shuffled(survey.role("report", "form", "annotation_rules", "agreement"), rng):
        changes: list[Swap] = []
        for p in survey.of(file):
            if re.search(f"版本|模型|{re.escape(name)}" if name else "版本|模型", p.about) and (
                name in p.text or "版本" in p.label
            ):
                near = [m for m in pattern.finditer(p.text) if "基础模型" not in p.text[: m.start()][-20:]]
                changes += [(p, m.start("n"), m.end("n"), new) for m in near]
        if changes:
            yield swap_change(changes)


_NAME = r"[\u4e00-\u9fff]{2,4}(?![\u4e00-\u9fff])"
_OTHER_PERSONS = ("周文远", "林知行", "何若谦", "许明川")


def _person(labels: str) -> Propose:
    """The person behind a label of the form has another name there than in the rest of the package."""

    def propose(survey: Survey, rng: Random) -> Iterator[Change]:
        name = labelled(survey, labels, _NAME)
        new = rng.choice(_OTHER_PERSONS)
        for passage in survey.passages("form"):
            text = passage.text
            if name and re.search(labels, passage.label or text) and name in text and name not in (passage.label or ""):
                changes = everywhere([p for p in survey.passages("form") if re.search(labels, p.about)], name, new)
                if changes:
                    yield swap_change(changes)
                    return

    return propose


def _registration_number(survey: Survey, rng: Random) -> Iterator[Change]:
    """The number of a registration (an S before the serial) stands where the filing number of the base model should."""
    pattern = re.compile(r"[A-Z][A-Za-z]+-[A-Za-z0-9]+-20\d{6}(?=\d{4}(?!\d))")
    changes = [(p, m.end(), m.end(), "S") for p in survey.passages() for m in pattern.finditer(p.text)]
    if changes and rng.random() < 0.5:
        yield swap_change([(p, a - 1, b, p.text[a - 1] + t) for p, a, b, t in changes])
    whole = re.compile(r"[A-Z][A-Za-z]+-[A-Za-z0-9]+-20\d{10}(?!\d)")
    number = "网信算备" + "".join(rng.choice("0123456789") for _ in range(21)) + "号"
    for passage in shuffled(survey.passages("form", "report"), rng):
        match = whole.search(passage.text)
        if match and re.search("备案号|备案编号", passage.about):
            yield swap_change([(passage, match.start(), match.end(), number)])
    if changes:
        yield swap_change([(p, a - 1, b, p.text[a - 1] + t) for p, a, b, t in changes])


_DATE = re.compile(r"(20\d\d)(?:年|[-./])(\d{1,2})(?:月|[-./])(\d{1,2})日?")


def _expired(survey: Survey, rng: Random) -> Iterator[Change]:
    """The term of a licence or contract ended before the package was made."""
    for passage in shuffled(survey.passages("licence", "evidence", "authorisation", "report", "other"), rng):
        if not re.search(
            "营业期限|有效期|期限|授权期|合同期", f"{passage.label}|{passage.text}"
        ) and not _in_term_column(passage.text):
            continue
        if re.search("标注|外包", passage.about):  # such a contract may end when its work is done
            continue
        dates = list(_DATE.finditer(passage.text))
        if len(dates) >= 2 and re.search("至|—|到|-", passage.text[dates[-2].end() : dates[-1].start()]):
            start = date(int(dates[-2][1]), int(dates[-2][2]), int(dates[-2][3]))
            end = start + timedelta(days=rng.randrange(90, 170))
            last = dates[-1]
            old = last[0]
            sep = old[4]
            new = (
                f"{end.year}年{end.month}月{end.day}日"
                if sep == "年"
                else f"{end.year}{sep}{end.month:02d}{sep}{end.day:02d}"
            )
            yield swap_change([(passage, last.start(), last.end(), new)])


def _in_term_column(text: str) -> bool:
    return bool(re.fullmatch(rf"\s*{_DATE.pattern}\s*(?:至|到|—|~)\s*{_DATE.pattern}\s*", text))


_D: tuple[Format, ...] = ("docx", "pdf", "xlsx")
OPERATORS = (
    Operator("company-variant", ("A08", "K03"), ("SUB-06",), _D, "申请单位名称在一份材料中写法不同。", _company_variant),
    Operator("company-foreign", ("H09", "K03", "A08"), ("SUB-06", "INT-05"), _D, "协议或政策中写着其他单位的名称。", _company_foreign),
    Operator("header-foreign", ("K03",), ("INT-05", "SUB-06", "SUB-07"), ("docx", "pdf"), "页眉写着其他单位的名称。", _company_in_header),
    Operator("credit-code-digit", ("A08", "A09"), ("SUB-06",), _D, "统一社会信用代码在一处有一位不同。", _code_digit),
    Operator("credit-code-letter", ("A09", "A08"), ("SUB-06",), _D, "统一社会信用代码含有不允许的字母。", _code_letter),
    Operator("model-name-differs", ("K01",), ("SUB-07",), _D, "模型名称在一份材料中不同。", _model_name),
    Operator("model-version-differs", ("K01", "F12"), ("SUB-07", "QST-14"), _D, "模型版本号在一份材料中不同。", _version_differs),
    Operator("assessor-differs", ("K08",), ("SUB-08", "EVA-08"), _D, "安全评估负责人在备案表与报告中不同。", _person("安全评估负责人")),
    Operator("representative-differs", ("K08", "A08"), ("SUB-08", "EVA-08", "SUB-06"), _D,
             "法定代表人在备案表与其他材料中不同。", _person("法定代表人")),
    Operator("registration-number", ("B06", "B05"), ("MOD-01", "SUB-05"), _D, "把登记编号或算法备案编号写作基础模型备案号。",
             _registration_number),
    Operator("term-expired", ("C07", "A06", "B08"), ("SRC-09", "SUB-06", "MOD-01"), _D, "合同、授权或证照的期限早已届满。", _expired),
)  # fmt: skip
