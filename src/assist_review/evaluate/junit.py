"""A run as JUnit XML: one suite per case, one test per labelled defect and per hard negative."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from assist_review.evaluate.cases import SetAside
from assist_review.evaluate.score import Score
from assist_review.export.view import clean


def render(name: str, scores: Sequence[Score], aside: Sequence[SetAside]) -> str:
    """The XML text."""
    root = Element("testsuites", name=name)
    for s in scores:
        suite = SubElement(
            root, "testsuite", name=s.case, tests=str(len(s.defects) + len(s.spared) + 1), errors="0",
            failures=str(len(s.missed) + s.spared.count(False) + (s.grade != s.expected_grade)),
            time=f"{sum(s.cost.seconds.values()):.3f}",
        )  # fmt: skip
        words = {d.id: d for d in (*s.raised, *s.missed)}
        for defect in s.defects:
            label = words[defect.id]
            test = SubElement(suite, "testcase", classname=s.case, name=f"{defect.id} {defect.code} {defect.severity}")
            if not defect.caught:
                _fail(test, f"未检出：{label.explanation}", f"{label.where}\n{'；'.join(label.requirements)}")
        broken = {n: (entry, finding) for n, entry, finding in s.broken}
        for n in range(len(s.spared)):
            test = SubElement(suite, "testcase", classname=s.case, name=f"must_not_flag[{n}]")
            if n in broken:
                entry, finding = broken[n]
                _fail(test, f"误判反例：{entry.why}", f"{finding.requirement}：{finding.statement}")
        test = SubElement(suite, "testcase", classname=s.case, name="grade")
        if s.grade != s.expected_grade:
            _fail(test, f"结论等级为 {s.grade}，应为 {s.expected_grade}", "")
    for each in aside:
        suite = SubElement(root, "testsuite", name=each.case, tests="1", failures="0", errors="1")
        test = SubElement(suite, "testcase", classname=each.case, name="case")
        SubElement(test, "error", message=clean(each.reason))
    indent(root, " ")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _fail(test: Element, message: str, text: str) -> None:
    SubElement(test, "failure", message=clean(message)).text = clean(text)
