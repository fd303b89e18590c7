"""Sentences of findings that every pack uses: Chinese unless the pack brings its own (`lexicon/messages.toml`)."""

from collections.abc import Mapping
from typing import Any

MESSAGES: dict[str, str] = {
    "list": "、",
    "stop": "。",
    "not_in_force": "该要求在审查日 {day} 未施行或已失效。",
    "not_applicable": "按识别出的备案路线和服务情况，该要求不适用。",
    "applies_unknown": "（未能识别该要求是否适用）",
    "nothing_to_check": "材料中没有找到可供核查的内容，需要人工核对。",
    "evidence_rejected": "（证据未能在材料中定位，需要人工核对。）",
    "content.no_document": "材料中没有{documents}，无法核查该项要求。",
    "content.any_document": "文件",
    "content.bad": "材料中的表述不符合该项要求。",
    "content.absent": "{documents}中没有找到关于“{subject}”的内容。",
    "content.fine": "{documents}已说明{found}。",
    "content.unsure": "{documents}中有相关内容，是否充分需要人工判断。",
    "content.partial": "{documents}中关于“{subject}”的内容缺少：{lacking}。",
    "content.partial_unsure": "{documents}中有相关内容，但没有找到：{lacking}，需要人工核对。",
    "content.elsewhere": "{documents}没有谈到“{subject}”，{others}中有相关内容，是否充分需要人工核对。",
    "content.untouched": "材料中没有涉及“{subject}”的内容，视为不涉及。",
    "content.nearest": "最接近的段落见下，需要人工核对。",
    "content.by_hand": "需要人工核对。",
    "documents.missing": "材料中没有{name}。{note}",
    "documents.list": "材料清单",
    "documents.fine": "应当提交的材料齐全：{names}。",
    "draft.problems": "发现问题{total}项：致命{fatal}项、重要{major}项、一般{minor}项。",
    "draft.none": "没有发现不符合项。",
    "draft.reason": "{requirement}：{statement}",
    "draft.unclear": "另有{count}项需要人工核对。",
    "draft.failures": "有{count}项要求未能完成检查，审查不完整。",
    "dimension.materials": "材料与主体",
    "dimension.data": "数据",
    "dimension.processing": "处理过程",
    "dimension.scenario": "应用场景",
    "dimension.technical": "技术方案",
    "dimension.rights": "用户权益",
    "label": "《{title}》{label}",
}


def message(lexicon: Mapping[str, Any], key: str, **values: object) -> str:
    """The sentence `key` in the words of the pack, with `values` filled in."""
    own = lexicon.get("messages", {})
    return str(own.get(key, MESSAGES[key])).format(**values)
