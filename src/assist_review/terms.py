"""The words for verdicts and for the conclusion, in Chinese and English: the same everywhere a person reads them."""

from typing import Literal

VERDICTS: dict[str, tuple[str, str]] = {
    "non_compliant": ("不符合", "Not compliant"),
    "missing": ("缺失", "Missing"),
    "unclear": ("需人工核对", "Needs a person"),
    "compliant": ("符合", "Compliant"),
    "not_applicable": ("不适用", "Not applicable"),
}
GRADES: dict[str, tuple[str, str]] = {
    "return": ("退回", "Return"),
    "supplement": ("补正后再审", "Supplement, then review again"),
    "ready": ("建议通过", "Recommend acceptance"),
}


def verdict(name: str, language: Literal["zh", "en"] = "zh") -> str:
    """The word for a verdict."""
    return VERDICTS[name][language == "en"]


def grade(name: str, language: Literal["zh", "en"] = "zh") -> str:
    """The word for a grade of the conclusion."""
    return GRADES[name][language == "en"]
