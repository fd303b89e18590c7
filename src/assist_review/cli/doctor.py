"""The command `doctor`: what is installed, what is optional, where things are kept."""

import importlib.metadata
import shutil
import sys

from rich.console import Console
from rich.table import Table

from assist_review import packs
from assist_review.errors import AssistReviewError
from assist_review.settings import cache_folder

_NEEDED = {
    "pydantic": "数据类型", "pypdf": "PDF 结构与加密", "pypdfium2": "PDF 文字与页面图像", "python-calamine": "表格读取",
    "openpyxl": "表格写出", "lxml": "DOCX 读取", "python-docx": "DOCX 写出", "rapidocr": "扫描件识别", "onnxruntime": "扫描件识别",
    "chromadb": "条款索引", "langchain": "模型调用", "openai": "模型与向量接口", "jinja2": "网页报告",
}  # fmt: skip
_OPTIONAL = {"soffice": "读取旧格式 .doc/.wps；把 DOCX 转为 PDF", "chromium": "查看网页报告"}


def examine() -> int:
    """Prints a table; 1 where something needed is missing."""
    table = Table("组件", "用途", "状态")
    lacking = 0
    for name, use in _NEEDED.items():
        try:
            table.add_row(name, use, f"[green]{importlib.metadata.version(name)}[/]")
        except importlib.metadata.PackageNotFoundError:
            lacking += 1
            table.add_row(name, use, f"[red]缺少[/]：pip install {name}")
    for name, use in _OPTIONAL.items():
        path = shutil.which(name)
        table.add_row(f"{name}（可选）", use, "[green]有[/]" if path else "[dim]未安装，不影响主要功能[/]")
    console = Console()
    console.print(table)
    console.print(f"Python {sys.version.split()[0]}；缓存：{cache_folder()}", highlight=False, soft_wrap=True)
    try:
        home = packs.find()
        pack = packs.load(home)
        console.print(
            f"规则包 {pack.id} {pack.version}：{len(pack.requirements)}项要求，{len(pack.clauses)}个条款（{home}）",
            highlight=False,
            soft_wrap=True,
        )
    except AssistReviewError as error:
        lacking += 1
        console.print(f"[red]{error}[/]", highlight=False)
    return 1 if lacking else 0
