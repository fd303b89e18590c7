"""The route and the service profile, as far as the package tells; the words are data (`lexicon/profile.toml`)."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assist_review.errors import SettingsError
from assist_review.extract.lines import lines
from assist_review.extract.patterns import known_labels
from assist_review.filing import Document, ServiceProfile
from assist_review.passages import Reading, evidence
from assist_review.text import fold
from assist_review.ticks import ticked

_TITLE_BLOCKS = 6
_VOTES = 4  # sentences of one wording that count: a long report must not outvote the form
_FORM_LIKE = ("form", "report", "evidence", "other")
_YES = {"true": True, "yes": True, "是": True, "1": True, "false": False, "no": False, "否": False, "0": False}


@dataclass(frozen=True)
class _Line:
    """A label and its value in a form: `value` is folded and holds only what is ticked where there are boxes."""

    role: str
    label: str
    value: str
    quote: str


def recognise(
    documents: tuple[Document, ...],
    lexicon: dict[str, Any],
    *,
    route: str | None = None,
    overrides: Mapping[str, str] | None = None,
) -> tuple[str, ServiceProfile, dict[str, str]]:
    """Route, profile, and for every key the words (or rule) it was recognised from.

    `overrides` are the user's own values ("minors" -> "true", "modalities" -> "text,image"); an unknown key or
    value raises SettingsError.
    """
    words: dict[str, Any] = lexicon.get("profile", {})
    readings = tuple(Reading(d) for d in documents)
    stated = _lines(documents, lexicon, words)
    values: dict[str, Any] = {}
    reasons: dict[str, str] = {}
    for key in dict.fromkeys(e["key"] for e in (*words.get("label", ()), *words.get("prose", ()))):
        found = (
            _told(key, readings, words, lexicon, decisive=True)
            or _labelled(key, stated, words)
            or _told(key, readings, words, lexicon)
        )
        if found is not None:
            values[key], reasons[key] = found
        elif key in words.get("default", {}):
            values[key], reasons[key] = words["default"][key], "材料没有提到"
    filed = _titled(documents, words)
    if filed:
        values["route"], reasons["route"] = filed
    for key, each in (
        ("modalities", _modalities(stated, readings, lexicon)), ("sector", _sector(stated)), ("province", _province(stated, lexicon))
    ):  # fmt: skip
        if each:
            values[key], reasons[key] = each
    traits = _traits(readings, words)
    if traits:
        values["traits"], reasons["traits"] = traits
    chosen = route or values.pop("route", None) or _routed(values, words) or words.get("default_route", "filing")
    values.pop("route", None)
    _consistent(values, reasons, chosen)
    for key, text in (overrides or {}).items():
        values[key] = _given(key, text)
        reasons[key] = "用户指定"
    if route:
        reasons["route"] = "用户指定"
    return chosen, ServiceProfile(**values), reasons


def _traits(readings: Sequence[Reading], words: dict[str, Any]) -> tuple[tuple[str, ...], str] | None:
    """What a pack wants to know of a service besides the common profile: each `[[trait]]` that is said or meant."""
    found: dict[str, str] = {}
    for entry in words.get("trait", ()):
        quote = next(_quotes(readings, entry, entry["any"]), None) if entry.get("any") else ""
        if quote is not None:
            found.setdefault(entry["name"], quote[:80])
    return (tuple(found), "；".join(f"{k}：{v}" for k, v in found.items() if v)) if found else None


def _routed(values: dict[str, Any], words: dict[str, Any]) -> str | None:
    """The route that follows from a trait: the first entry of `route_by_trait` whose trait is there."""
    return next((e["route"] for e in words.get("route_by_trait", ()) if e["trait"] in values.get("traits", ())), None)


def _lines(documents: Sequence[Document], lexicon: dict[str, Any], words: dict[str, Any]) -> list[_Line]:
    labels = known_labels(lexicon) | {fold(w) for e in words.get("label", ()) for w in e["labels"]}
    found = []
    for document in documents:
        if document.role in _FORM_LIKE:
            for line in lines(document, labels):
                if line.label:
                    start = len(line.label) + 1
                    value = ticked(line.key[start:])
                    found.append(_Line(document.role, line.label, value, line.text.quote(start, len(line.key))))
    return sorted(found, key=lambda line: _FORM_LIKE.index(line.role))


def _labelled(key: str, stated: Sequence[_Line], words: dict[str, Any]) -> tuple[Any, str] | None:
    """What the labels of forms say; the form before other documents, entries in the order of the lexicon."""
    entries = [e for e in words.get("label", ()) if e["key"] == key]
    for role in _FORM_LIKE:
        for entry in entries:
            labels = {fold(w) for w in entry["labels"]}
            for line in stated:
                if line.role != role or line.label not in labels or _excluded(entry, line.value):
                    continue
                if any(re.search(p, line.value) for p in entry["any"]):
                    return entry["value"], line.quote[:80]
    return None


def _excluded(entry: dict[str, Any], text: str) -> bool:
    return bool(entry.get("unless")) and re.search(entry["unless"], text) is not None


def _told(
    key: str, readings: Sequence[Reading], words: dict[str, Any], lexicon: dict[str, Any], *, decisive: bool = False
) -> tuple[Any, str] | None:
    """What most sentences say; the first listed value wins a tie. `decisive` asks the entries that stand above labels."""
    phrases: dict[str, Any] = lexicon.get("phrases", {})
    denied = re.compile(phrases.get("denials") or "$^")
    votes: dict[str, int] = defaultdict(int)
    first: dict[str, tuple[Any, str]] = {}
    for entry in words.get("prose", ()):
        if entry["key"] != key or bool(entry.get("decides")) != decisive:
            continue
        patterns = phrases.get(entry["phrases"], ()) if "phrases" in entry else entry["any"]
        quotes = list(_quotes(readings, entry, patterns))
        if decisive:
            quotes = [q for q in quotes if not denied.search(fold(q))]
        if quotes and "against" in entry and any(_quotes(readings, entry, phrases.get(entry["against"], ()))):
            return None
        if quotes:
            name = str(entry["value"])
            votes[name] += min(len(quotes), _VOTES)
            first.setdefault(name, (entry["value"], quotes[0][:80]))
    return first[max(first, key=lambda name: votes[name])] if first else None


def _quotes(readings: Sequence[Reading], entry: dict[str, Any], patterns: Sequence[str]) -> Iterator[str]:
    seen: set[str] = set()
    for role in entry["roles"]:
        for reading in readings:
            if reading.role != role:
                continue
            for pattern in patterns:
                for hit in reading.find(f"re:{pattern}"):
                    if entry.get("prose_only") and hit.passage.cells:
                        continue
                    quote = evidence(hit).quote
                    if quote and quote not in seen and not _excluded(entry, fold(quote)):
                        seen.add(quote)
                        yield quote


def _titled(documents: Sequence[Document], words: dict[str, Any]) -> tuple[str, str] | None:
    """The route named by the title, then by the file name, of the form."""
    titles = words.get("titles", {})
    for document in documents:
        if document.role != "form":
            continue
        heads = [b.text for b in document.body][:_TITLE_BLOCKS]
        heads += [c for t in document.tables[:1] for row in t.rows[:2] for c in row if c]
        for text in (*heads, document.file.rsplit("/", 1)[-1]):
            for route in words.get("routes", ("registration", "filing")):
                if titles.get(route) and re.search(titles[route], fold(text)):
                    return route, text.strip()[:80]
    return None


_FUNCTIONS = (
    "主要功能",
    "功能",
    "模型主要功能",
    "服务功能",
    "主要服务功能",
    "功能类型",
    "生成内容类型",
    "服务类型",
    "输出形式",
    "生成类型",
    "输出模态",
    "服务形式",
    "服务形态",
    "生成形式",
    "生成模态",
    "支持模态",
)
_CLAIMS = {
    "image": ("图片生成", "图像生成", "文生图", "绘画", "作画", "出图", "生成图", "生成的图", "配图", "插画"),
    "audio": ("语音", "声音", "音频", "朗读"),
    "video": ("视频",),
    "code": ("代码", "编程"),
}  # fmt: skip
_NUMBER_NAMES = re.compile(r"(?:信用|机构|区划|行业|证券)代码")  # they name no program text


_NO_FUNCTION = re.compile(r"(?:不|未|没有?|无|非)(?:做|会|能|提供|支持|含|涉及|生成|带|包括|开放|处理)[^.;]*")
_BOX = re.compile(r"[□☐○◯☑☒√✓✔■▣●◉🗹]")


def _ticks_functions(line: _Line, known: dict[str, list[str]]) -> bool:
    """Whether a row of boxes offers modalities to tick, whatever its label is called."""
    offered = fold(line.quote)
    return len(_BOX.findall(line.quote)) > 1 and sum(any(w in offered for w in each) for each in known.values()) > 1


def _modalities(
    stated: Sequence[_Line], readings: Sequence[Reading], lexicon: dict[str, Any]
) -> tuple[tuple[str, ...], str] | None:
    """What the form ticks or names, less what no other document speaks of; else what titles and headings name."""
    known: dict[str, list[str]] = lexicon.get("facts", {}).get("modalities", {})
    order = list(known)
    named = [line for line in stated if line.label in _FUNCTIONS and line.role == "form"]
    named = named or [line for line in stated if line.label in _FUNCTIONS]
    named = named or [line for line in stated if line.role == "form" and _ticks_functions(line, known)]
    found = {m for line in named for m, each in known.items() if any(w in line.value for w in each)}
    others = [r for r in readings if r.role in ("report", "agreement", "evidence", "other", "questions")]
    if others:
        found = {m for m in found if m == "text" or any(r.has(w) for r in others for w in _CLAIMS.get(m, ()))}
    quote = named[0].quote[:80] if named else ""
    if not found:
        heads = "".join(p.key for r in readings if r.role in ("form", "report") for p in r.passages[:_TITLE_BLOCKS])
        heads = _NO_FUNCTION.sub("", _NUMBER_NAMES.sub("", heads))
        found = {m for m, each in _CLAIMS.items() if any(w in heads for w in each)} or {"text"}
        quote = "由标题和文件推断"
    return tuple(m for m in order if m in found), quote


_SECTOR_LABELS = (
    "是否限定领域",
    "限定领域",
    "领域",
    "适用领域",
    "领域范围",
    "服务领域",
    "应用领域",
    "领域限定",
    "行业领域",
    "垂直领域",
)


def _sector(stated: Sequence[_Line]) -> tuple[str, str] | None:
    for line in stated:
        if line.label not in _SECTOR_LABELS:
            continue
        text = re.sub(r"[□☐○]\S*", "", re.sub(r"[☑☒√✓✔■▣●◉🗹]", "", line.quote)).strip()
        if re.search("通用|不限", line.value):
            return "通用", line.quote[:80]
        name = re.split(r"[：:（(]", text, maxsplit=1)[-1].strip(" ）)。；;，,")
        name = re.sub("^(?:是|限定领域|限定)[，,、]?", "", name).strip()
        if name:
            return name[:24], line.quote[:80]
    return None


_PROVINCES = (
    "北京", "天津", "上海", "重庆", "河北", "山西", "辽宁", "吉林", "黑龙江", "江苏", "浙江", "安徽", "福建", "江西", "山东", "河南", "湖北",
    "湖南", "广东", "海南", "四川", "贵州", "云南", "陕西", "甘肃", "青海", "内蒙古", "广西", "西藏", "宁夏", "新疆",
)  # fmt: skip
_PLACES = (
    "属地",
    "所在地",
    "所属地区",
    "省份",
    "所属省份",
    "属地网信部门",
    "注册地址",
    "地址",
    "注册地",
    "住所",
    "办公地址",
    "单位地址",
)


def _province(stated: Sequence[_Line], lexicon: dict[str, Any]) -> tuple[str, str] | None:
    provinces = tuple(lexicon.get("profile", {}).get("provinces", ())) or _PROVINCES
    for label in _PLACES:
        for line in stated:
            if line.label == label:
                name = next((p for p in provinces if p in line.quote), None)
                if name:
                    return name, line.quote[:80]
    return None


def _consistent(values: dict[str, Any], reasons: dict[str, str], route: str) -> None:
    """What follows from something else that was recognised."""
    if route == "registration" and values.get("training") in (None, "own"):
        values["training"], reasons["training"] = "none", "登记路线，材料没有说明训练或微调"
    if values.get("training") == "none" and values.get("base_model") in (None, "own"):
        values["base_model"], reasons["base_model"] = "filed", "调用他人模型"
    if values.get("training") == "own" and values.get("base_model") in (None, "filed"):
        values["base_model"], reasons["base_model"] = "own", "自行训练"
    if values.get("training") == "fine-tuned" and values.get("base_model") == "own":
        del values["base_model"]
    if values.get("training") is None and values.get("base_model") == "own":
        values["training"], reasons["training"] = "own", "自研模型"
    if values.get("sector") == "通用":
        values.setdefault("domain_limited", False)
    elif values.get("sector"):
        values.setdefault("domain_limited", True)


def _given(key: str, text: str) -> Any:
    """The value a user gave for `key`, as the profile holds it."""
    field = ServiceProfile.model_fields.get(key)
    if field is None:
        raise SettingsError(f"--service 没有“{key}”这一项；可用：{'、'.join(ServiceProfile.model_fields)}。")
    if key == "modalities":
        value: Any = tuple(p.strip() for p in text.split(",") if p.strip())
    elif "bool" in str(field.annotation):
        if text.strip().lower() not in _YES:
            raise SettingsError(f"--service {key}={text}：应为 true 或 false。")
        value = _YES[text.strip().lower()]
    else:
        value = text.strip() or None
    try:
        ServiceProfile(**{key: value})
    except ValueError as error:
        raise SettingsError(f"--service {key}={text}：不是可用的值（{field.annotation!s}）。") from error
    return value
