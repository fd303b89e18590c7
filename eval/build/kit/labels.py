"""Collects what is known about a built filing, proves it against the written files, writes labels.json."""
# ruff: noqa: PLC0415

import csv
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
_DOMAIN = ROOT.parent / "shared" / "domain"
_PICTURES = {".jpg", ".jpeg", ".png", ".zip", ".rar"}


def text_of(path: Path) -> str:
    """The text of a file: paragraphs and cells of DOCX, text layer of PDF, cells of sheets."""
    kind = path.suffix.lower()
    if kind == ".docx":
        from lxml import etree

        parts = []
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if re.match(r"word/(document|header\d*|footer\d*|footnotes)\.xml", name):
                    tree = etree.fromstring(archive.read(name))
                    ns = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
                    for para in tree.iter(f"{ns}p"):
                        parts.append(
                            "".join(
                                "\n" if n.tag == f"{ns}br" else n.text or "" for n in para.iter(f"{ns}t", f"{ns}br")
                            )
                        )
        return "\n".join(parts)
    if kind == ".pdf":
        import pypdfium2

        pdf = pypdfium2.PdfDocument(path)
        text = "\n".join(pdf[at].get_textpage().get_text_range() for at in range(len(pdf))).replace("\r\n", "\n")
        pdf.close()
        return text
    if kind in {".xlsx", ".xls", ".csv"}:
        return "\n".join(
            str(value) for _, rows in tables_of(path) for row in rows for value in row if value is not None
        )
    if kind in _PICTURES:
        return ""
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValueError(f"读不出 {path}")


def tables_of(path: Path) -> list[tuple[str, list[list[Any]]]]:
    """Sheets of a workbook or a CSV: title and rows."""
    return _tables(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=12)
def _tables(path: Path, _changed: int) -> list[tuple[str, list[list[Any]]]]:
    kind = path.suffix.lower()
    if kind == ".xlsx":
        from openpyxl import load_workbook

        book = load_workbook(path, read_only=True)
        return [(sheet.title, [list(row) for row in sheet.iter_rows(values_only=True)]) for sheet in book]
    if kind == ".xls":
        import xlrd

        book = xlrd.open_workbook(str(path))
        return [(sheet.name, [sheet.row_values(at) for at in range(sheet.nrows)]) for sheet in book.sheets()]
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030")
    return [(path.stem, [list(row) for row in csv.reader(io.StringIO(text))])]


def fold(word: Any) -> str:
    """An entry as it counts: width, case and blanks folded."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", str(word))).casefold()


def column(
    path: Path, name: str, sheets: Iterable[str] | None = None, where: dict[str, str] | None = None
) -> list[str]:
    """The values of the column headed `name` (header within the first six rows), of the sheets named, filtered."""
    out: list[str] = []
    wanted = set(sheets) if sheets is not None else None
    for title, rows in tables_of(path):
        if wanted is not None and title not in wanted:
            continue
        for at, row in enumerate(rows[:6]):
            heads = [str(cell).strip() if cell is not None else "" for cell in row]
            if name in heads:
                for line in rows[at + 1 :]:
                    value = line[heads.index(name)]
                    if value in (None, ""):
                        continue
                    if all(k in heads and str(line[heads.index(k)]) == v for k, v in (where or {}).items()):
                        out.append(str(value))
                break
    return out


def known_ids() -> tuple[set[str], set[str]]:
    """The defect codes and requirement ids that exist (empty sets when the catalogue is not at hand)."""
    codes: set[str] = set()
    ids: set[str] = set()
    try:
        codes = set(re.findall(r"^\| ([A-Z]\d\d) \|", (_DOMAIN / "defects.md").read_text("utf-8"), re.M))
        ids = set(re.findall(r"^\| ([A-Z]{3}-\d\d|PI-\d\d) \|", (_DOMAIN / "requirements.md").read_text("utf-8"), re.M))
    except OSError:
        for path in (ROOT / "regulations").rglob("*"):
            if path.is_file() and path.suffix in {".json", ".yaml", ".yml", ".toml", ".md"}:
                ids |= set(re.findall(r"\b(?:[A-Z]{3}|PI)-\d\d\b", path.read_text("utf-8", "ignore")))
    return codes, ids


class Labels:
    """The labels of one case. Paths are relative to its package folder."""

    def __init__(self, case: str, title: str, profile: str, route: str, as_of: str, service: dict[str, Any]) -> None:
        """`service` as the label format describes."""
        self.root = ROOT / "eval" / "cases" / case
        self.package = self.root / "package"
        self.head = {
            "case": case,
            "title": title,
            "profile": profile,
            "route": route,
            "as_of": as_of,
            "service": service,
        }
        self.documents: list[dict[str, str]] = []
        self.defects: list[dict[str, Any]] = []
        self.negatives: list[dict[str, Any]] = []
        self.arguable: list[dict[str, Any]] = []
        self.facts: list[dict[str, Any]] = []
        self._recounts: list[tuple[str, Callable[[], int], int]] = []
        self._texts: dict[str, str] = {}

    def document(self, file: str, role: str) -> str:
        """Names a file of the package."""
        self.documents.append({"file": file, "role": role})
        return file

    def defect(
        self,
        code: str,
        requirements: Sequence[str],
        severity: str,
        needs: Sequence[str],
        documents: Sequence[str],
        where: str,
        quotes: Sequence[str],
        explanation: str,
        fix: str,
        absent: bool = False,
    ) -> None:
        """A planted defect; its id is its place in the list."""
        self.defects.append(
            {
                "id": f"d{len(self.defects) + 1:02}",
                "code": code,
                "requirements": list(requirements),
                "severity": severity,
                "needs": list(needs),
                "documents": list(documents),
                "where": where,
                "quotes": list(quotes),
                "absent": absent,
                "explanation": explanation,
                "fix": fix,
            }
        )

    def keep(self, requirement: str | None, code: str | None, document: str, quote: str, why: str) -> None:
        """A hard negative: must not be flagged."""
        self.negatives.append(
            {"requirement": requirement, "code": code, "document": document, "quote": quote, "why": why}
        )

    def accept(self, requirement: str | None, code: str | None, why: str) -> None:
        """An arguable remark or a mere consequence of a defect."""
        self.arguable.append({"requirement": requirement, "code": code, "why": why})

    def fact(self, name: str, value: float | str, unit: str | None, document: str, quote: str) -> None:
        """A fact a document states."""
        self.facts.append({"name": name, "value": value, "unit": unit, "document": document, "quote": quote})

    def counted(self, name: str, value: int, unit: str, document: str, quote: str, recount: Callable[[], int]) -> None:
        """A fact that can be counted in the written file; `recount` counts it there."""
        self.fact(name, value, unit, document, quote)
        self._recounts.append((name, recount, value))

    def text(self, file: str) -> str:
        """The text of a file of the package."""
        if file not in self._texts:
            self._texts[file] = text_of(self.package / file)
        return self._texts[file]

    def _fit(self, file: str, quote: str, problems: list[str]) -> str:
        """The quote itself if it stands in the file; in a PDF as it is printed there, the longest part on one line."""
        path = self.package / file
        if not path.is_file():
            problems.append(f"没有文件 {file}")
            return quote
        text = self.text(file)
        if len(text.strip()) < 40:  # a scan
            return quote
        if quote in text:
            return quote
        places = [at for at, char in enumerate(text) if not char.isspace()]
        start = "".join(text[at] for at in places).find(re.sub(r"\s", "", quote))
        if path.suffix.lower() == ".pdf" and start >= 0:
            end = places[start + len(re.sub(r"\s", "", quote)) - 1] + 1
            piece = max(text[places[start] : end].split("\n"), key=len)
            if len(piece) > 3:
                return piece
        problems.append(f"{file} 里没有原文：{quote}")
        return quote

    def finish(self) -> None:
        """Fits the quotes, validates everything, writes labels.json; raises when anything is wrong."""
        problems: list[str] = []
        for entry in self.defects:
            places = list(entry["documents"])
            fitted = []
            for quote in entry["quotes"]:
                homes = [f for f in places if (self.package / f).is_file() and self._has(f, quote)]
                if homes:
                    fitted.append(self._fit(homes[0], quote, problems))
                elif all(len(self.text(f).strip()) < 40 for f in places):
                    fitted.append(quote)
                else:
                    problems.append(f"{entry['id']} 的引文不在任何文件里：{quote}")
            entry["quotes"] = fitted
        for entry in self.negatives + self.facts:
            entry["quote"] = self._fit(entry["document"], entry["quote"], problems)
        data = {
            **self.head,
            "documents": self.documents,
            "defects": self.defects,
            "must_not_flag": self.negatives,
            "facts": self.facts,
            "acceptable": self.arguable,
        }
        problems += self.problems(data)
        if problems:
            raise SystemExit("标注有误：\n" + "\n".join(problems))
        (self.root / "labels.json").write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", "utf-8")
        size = sum(path.stat().st_size for path in self.package.rglob("*") if path.is_file())
        print(
            f"{self.head['case']}：{len(self.documents)} 个文件，{size / 1e6:.2f} MB，缺陷 {len(self.defects)}，不应指出 {len(self.negatives)}，事实 {len(self.facts)}"
        )

    def _has(self, file: str, quote: str) -> bool:
        return re.sub(r"\s", "", quote) in re.sub(r"\s", "", self.text(file))

    def problems(self, data: dict[str, Any]) -> list[str]:
        """What is wrong with the labels."""
        out: list[str] = []
        codes, ids = known_ids()
        files = {entry["file"] for entry in data["documents"]}
        there = {str(p.relative_to(self.package)) for p in self.package.rglob("*") if p.is_file()}
        out += [f"材料包里没有列入的文件：{name}" for name in sorted(there - files)]
        out += [f"列入而没有的文件：{name}" for name in sorted(files - there)]
        for entry in [*data["defects"], *data["must_not_flag"], *data["acceptable"]]:
            if codes and entry.get("code") and entry["code"] not in codes:
                out.append(f"没有缺陷编号 {entry['code']}")
            for row in entry.get("requirements") or ([entry["requirement"]] if entry.get("requirement") else []):
                if ids and row not in ids:
                    out.append(f"没有要求编号 {row}")
        for entry in data["defects"]:
            if not entry["documents"] and not entry["absent"]:
                out.append(f"{entry['id']} 没有文件")
            if not entry["quotes"] and not entry["absent"] and "image" not in entry["needs"]:
                out.append(f"{entry['id']} 没有引文")
            out += [f"{entry['id']} 的文件不存在：{f}" for f in entry["documents"] if f not in files]
            if entry["severity"] not in {"fatal", "major", "minor"}:
                out.append(f"{entry['id']} 的严重程度不对")
        for name, recount, value in self._recounts:
            got = recount()
            if got != value:
                out.append(f"{name} 重数为 {got}，不是 {value}")
        return out


def validate(case: Path) -> list[str]:
    """Checks a written case again: schema, quotes, codes, files."""
    data = json.loads((case / "labels.json").read_text("utf-8"))
    labels = Labels(data["case"], data["title"], data["profile"], data["route"], data["as_of"], data["service"])
    labels.root, labels.package = case, case / "package"
    problems: list[str] = []
    for entry in data["must_not_flag"] + data["facts"]:
        if labels._fit(entry["document"], entry["quote"], problems) != entry["quote"]:
            problems.append(f"{entry['document']} 里的原文跨行：{entry['quote']}")
    for entry in data["defects"]:
        for quote in entry["quotes"]:
            texts = [labels.text(file) for file in entry["documents"]]
            if not any(quote in text for text in texts) and not all(len(text.strip()) < 40 for text in texts):
                problems.append(f"{entry['id']} 的引文不在任何文件里：{quote}")
    return problems + labels.problems(data)
