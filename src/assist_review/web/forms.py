"""What people fill in: the fields of a filing, checked by hand so that the page and the interface say the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assist_review.web.rules import PROVINCES


@dataclass(frozen=True, slots=True)
class Field:
    """One field. kind: text, area, select, checks. `most` is the number of characters allowed."""

    name: str
    label: str
    block: str
    kind: str = "text"
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    most: int = 200
    hint: str = ""


# The five texts of the source document, in its order and with its limits.
CORE = ("service_type", "data_source", "processing_method", "application_scene", "technical_scheme")

FIELDS: tuple[Field, ...] = (
    Field("name", "模型（服务）名称", "基本情况", required=True, hint="与备案表、协议和产品页面一致"),
    Field("route", "办理类型", "基本情况", "select", True, (("filing", "备案：自行训练、微调或改动模型"), ("registration", "登记：仅调用已备案模型"))),
    Field("province", "属地", "基本情况", "select", True, tuple((p, p) for p in PROVINCES)),
    Field("sector", "领域", "基本情况", hint="通用，或医疗、金融、教育等"),
    Field("legal_representative", "法定代表人", "基本情况"),
    Field("assessment_lead", "安全评估负责人", "基本情况"),
    Field("contact", "联系人及电话", "基本情况", hint="用于补正通知"),
    Field("entry", "服务入口", "基本情况", hint="网址、App 或小程序名称"),
    Field("service_type", "服务项目", "服务概要", "area", True, most=2000, hint="对话、文字生成、图片生成、代码生成等主要功能"),
    Field("data_source", "数据来源", "服务概要", "area", True, most=2000, hint="开源、自采、商业语料及使用者输入；仅调用模型的写“不涉及训练”"),
    Field("processing_method", "处理方式", "服务概要", "area", True, most=2000, hint="清洗、标注、训练或调用的方式"),
    Field("application_scene", "应用场景", "服务概要", "area", True, most=2000, hint="服务对象、适用人群、是否面向未成年人"),
    Field("technical_scheme", "技术方案", "服务概要", "area", True, most=4000, hint="模型来源与规模、内容安全措施、部署方式"),
    Field("base_model", "基础模型及备案号", "模型研制"),
    Field("parameters", "参数规模、架构", "模型研制"),
    Field("compute", "训练与推理算力", "模型研制"),
    Field("corpus", "训练语料规模", "模型研制"),
    Field("annotation", "标注人员与规模", "模型研制"),
    Field("access", "服务方式与收费", "服务与安全"),
    Field("minors", "未成年人保护", "服务与安全"),
    Field("labels", "内容标识方式", "服务与安全"),
    Field("complaints", "投诉举报渠道与时限", "服务与安全"),
    Field("algorithm", "算法备案编号", "服务与安全"),
)  # fmt: skip
BLOCKS = tuple(dict.fromkeys(f.block for f in FIELDS))


def read(given: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    """The values of all fields and what is wrong, by field; nothing wrong is an empty dict."""
    values: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for field in FIELDS:
        value = given.get(field.name, "")
        text = value.replace("\x00", "").strip() if isinstance(value, str) else ""
        values[field.name] = text
        if field.required and not text:
            wrong[field.name] = f"请填写{field.label}。" if field.kind != "select" else f"请选择{field.label}。"
        elif len(text) > field.most:
            wrong[field.name] = f"{field.label}最多 {field.most} 字，现为 {len(text)} 字。"
        elif text and field.choices and text not in dict(field.choices):
            wrong[field.name] = f"{field.label}不在可选范围内。"
    return values, wrong
