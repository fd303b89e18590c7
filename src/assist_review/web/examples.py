"""The example packages and their stored reviews: where they lie, how they are kept, and whether they still fit.

A stored review is what this program gave for the package (`python eval/examples.py` makes it again). One of another
program version or pack is not shown: the site then has the package reviewed, from the stored documents where the
readers are the same.
"""

import json
import lzma
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from pydantic import ValidationError

from assist_review import __version__
from assist_review.filing import Document
from assist_review.read.cache import Cache, reader_version
from assist_review.regulation import Pack
from assist_review.review import Review


@dataclass(frozen=True, slots=True)
class Example:
    """One example filing: its package, what the application says, and how far it has come."""

    case: str
    name: str
    route: str
    province: str
    sector: str
    stage: str  # checked, submitted, deciding, corrected, finished
    stored: bool = True

    @property
    def settings(self) -> dict[str, object]:
        """What the job would note as the wishes of this filing."""
        return {"route": self.route, "service": {"province": self.province}, "roles": {}, "ocr": True}


SHIPPED = Example("dev5-xiangcheng-registration", "湘城政务问答助手", "registration", "湖南", "政务", "finished")
EXAMPLES: tuple[Example, ...] = (
    SHIPPED,
    Example("dev1-danyu-dialogue", "淡语对话大模型", "filing", "四川", "通用", "deciding"),
    Example("dev3-yanyun-writing", "砚云写作模型", "filing", "浙江", "文化", "corrected"),
    Example("dev2-huihe-image", "绘禾图文创作模型", "filing", "上海", "设计", "submitted", stored=False),
    Example("dev4-bantang-companion", "伴糖陪伴应用", "filing", "广东", "社交", "checked"),
)


def present() -> tuple[Example, ...]:
    """The examples whose packages are here: all in a checkout; in a wheel the one it ships, in every stage."""
    here = tuple(e for e in EXAMPLES if package(e.case))
    if len(here) != 1 or here[0] != SHIPPED:
        return here
    stages = [e.stage for e in EXAMPLES if e.stored]
    return tuple(
        Example(SHIPPED.case, f"{SHIPPED.name}（示例{n}）", SHIPPED.route, SHIPPED.province, SHIPPED.sector, stage)
        for n, stage in enumerate(stages, 1)
    )


def folder(*parts: str) -> Path | None:
    """A folder of `eval` in the checkout, or what the wheel has of it; None where neither is there."""
    homes = (
        Path(__file__).resolve().parents[3] / "eval",
        Path(str(resources.files("assist_review"))) / "_data" / "eval",
    )
    return next((h.joinpath(*parts) for h in homes if h.joinpath(*parts).is_dir()), None)


def package(case: str) -> Path | None:
    """The folder of an example package."""
    return folder("cases", case, "package")


def write(home: Path, case: str, review: Review, documents: tuple[Document, ...], pack: Pack) -> None:
    """Stores a review and, apart from it because the pack does not change them, the documents it read."""
    head = {"program": __version__, "pack": pack.sha256, "version": pack.version, "reader": reader_version()}
    _dump(home / f"{case}.review.xz", {**head, "review": review.model_dump(mode="json", by_alias=True)})
    path = home / f"{case}.documents.xz"
    said = {"documents": [d.model_dump(mode="json") for d in documents]}
    if _load(path) != json.loads(json.dumps(said)):
        _dump(path, said)


def _dump(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    data = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(errors="replace")
    path.write_bytes(lzma.compress(data, preset=9 | lzma.PRESET_EXTREME))


def _load(path: Path) -> dict[str, object]:
    try:
        return dict(json.loads(lzma.decompress(path.read_bytes())))
    except (OSError, ValueError, lzma.LZMAError):
        return {}


def stored(example: Example, pack: Pack, files: dict[str, str]) -> Review | str:
    """The review of `files` (path to SHA-256), or why the stored one does not fit."""
    home = folder("examples")
    found = _load(home / f"{example.case}.review.xz") if home else {}
    if not found:
        return "没有存储的审查结果"
    if found["program"] != __version__:
        return f"程序版本不同：{found['program']}，现为 {__version__}"
    if (found["version"], found["pack"]) != (pack.version, pack.sha256):
        return f"规则包不同：{found['version']}，现为 {pack.version}（内容也须相同）"
    try:
        review = Review.model_validate(found["review"])
    except ValidationError as error:
        return f"格式不同：{error.errors()[0]['loc']}"
    if review.manifest.settings != example.settings:
        return "审查设置不同"
    if {f.file: f.sha256 for f in review.filing.files if f.file in files} != files:
        return "材料不同"
    return review


def documents(example: Example) -> tuple[Document, ...]:
    """The documents of the package as they were read; nothing where they are not stored or are of another form."""
    home = folder("examples")
    found = _load(home / f"{example.case}.documents.xz") if home else {}
    try:
        return tuple(Document.model_validate(d) for d in found.get("documents", ()))  # type: ignore[attr-defined]
    except ValidationError:
        return ()


def warm(example: Example, cache: Path) -> bool:
    """Puts the stored documents into a read cache, where today's readers made them; returns whether it did."""
    home = folder("examples")
    found = _load(home / f"{example.case}.review.xz") if home else {}
    if found.get("reader") != reader_version():
        return False
    kept = Cache(cache, ocr=True)
    for document in documents(example):
        plain = document.model_copy(update={"file": "", "role": "other", "role_reason": ""})
        kept.put(document.sha256, document.file, plain.model_dump_json().encode(errors="replace"))
    return True
