"""Quality, time and memory on labelled filings: `python benchmarks/measure.py eval/cases [--details] [case …]`.

Quality comes from one run per case in this process; time and memory from whole `assist-review check` processes:
a first run with an empty cache, a second with nothing changed, and one with one DOCX changed, against merely
extracting the text of the same PDFs and sheets with pypdf and calamine.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from assist_review import packs
from assist_review.evaluate.labels import load
from assist_review.evaluate.score import Score, score
from assist_review.pipeline import run

_PLAIN = """
import sys
from pathlib import Path
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
for path in sorted(Path(sys.argv[1]).rglob("*")):
    if path.suffix == ".pdf":
        for page in PdfReader(path).pages:
            page.extract_text()
    elif path.suffix in (".xlsx", ".xls"):
        book = CalamineWorkbook.from_path(str(path))
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python()
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("cases", nargs="*")
    parser.add_argument("--details", action="store_true", help="list what was missed, wrong and violated")
    parser.add_argument("--time", action="store_true", help="time whole processes as well")
    parser.add_argument("--no-ocr", action="store_true")
    wishes = parser.parse_args()
    cases = [p for p in sorted(wishes.folder.iterdir()) if (p / "labels.json").is_file()]
    cases = [p for p in cases if not wishes.cases or any(c in p.name for c in wishes.cases)]
    scores = [measure(case, ocr=not wishes.no_ocr) for case in cases]
    for s in scores:
        print(line(s))
        if wishes.details:
            details(s)
    print(total(scores))
    if wishes.time:
        for case in cases:
            print(timing(case))


def measure(case: Path, *, ocr: bool) -> Score:
    from assist_review.cli.review import cache_folder
    from assist_review.pipeline import Wishes

    labels = load(case)
    pack = packs.load(packs.find())
    review = run(
        case / "package", pack=pack, as_of=labels.as_of, wishes=Wishes(ocr=ocr), cache=cache_folder() / "files"
    )
    for failure in review.failures:
        print("FAILURE", failure.requirement, failure.reason, file=sys.stderr)
    return score(review, labels)


def line(s: Score) -> str:
    defects = len(s.raised) + len(s.missed)
    facts = s.facts_right + len(s.facts_wrong)
    return (
        f"{s.case}: raised {len(s.raised)}/{defects}, false alarms {len(s.false_alarms)}, hard negatives violated {len(s.violated)}, "
        f"quotes verified {s.quotes_verified}/{s.quotes_shown}, unclear {s.unclear}/{s.assessed}, facts {s.facts_right}/{facts}, "
        f"roles wrong {len(s.roles_wrong)}, profile wrong {len(s.profile_wrong)}, failures {s.failures}"
    )


def total(scores: list[Score]) -> str:
    raised, missed = sum(len(s.raised) for s in scores), sum(len(s.missed) for s in scores)
    return f"ALL: raised {raised}/{raised + missed}, false alarms {sum(len(s.false_alarms) for s in scores)}"


def details(s: Score) -> None:
    for d in s.missed:
        print(f"   missed {d.id} {d.code} {d.requirements} {d.severity} {d.needs} {d.quotes} {d.explanation}")
    for f in s.false_alarms:
        print(
            f"   FALSE  {f.requirement} {f.defect} {f.statement} {[(e.file.rsplit('/', 1)[-1], e.quote[:60]) for e in f.evidence][:3]}"
        )
    for n, f in s.violated:
        print(f"   VIOLATED {n.requirement} {n.code} {n.quote} by {f.requirement}: {f.statement}")
    for fact in s.facts_wrong:
        print(f"   fact   {fact.name} {fact.value} {fact.document} {fact.quote}")
    for text in (*s.roles_wrong, *s.profile_wrong):
        print(f"   {text}")


def timed(*command: str, cache: str | None = None) -> tuple[float, float]:
    """Wall seconds of a process and the largest resident size (MiB) among its children so far."""
    environment = dict(os.environ) | ({"XDG_CACHE_HOME": cache} if cache else {})
    start = time.perf_counter()
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    return time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def timing(case: Path) -> str:
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / "package"
        shutil.copytree(case / "package", package)
        tool = str(Path(sys.executable).parent / "assist-review")
        command = (tool, "check", str(package), "--out", f"{folder}/out", "--format", "json", "--as-of", "2026-11-23")
        plain, _ = timed(sys.executable, "-c", _PLAIN, str(package))
        no_ocr, _ = timed(*command, "--no-ocr", cache=f"{folder}/c1")
        first, memory = timed(*command, cache=f"{folder}/c2")
        changed = next(package.rglob("*.docx"))
        _touch(changed)
        second, _ = timed(*command, cache=f"{folder}/c2")
    return (
        f"{case.name}: plain {plain:.2f} s, without OCR {no_ocr:.2f} s ({no_ocr / plain:.1f}x), first {first:.1f} s, "
        f"after one change {second:.2f} s ({second / first:.0%}), peak {memory:.0f} MiB"
    )


def _touch(path: Path) -> None:
    """Changes the bytes of a DOCX without changing its content: a comment on the ZIP archive."""
    import zipfile

    with zipfile.ZipFile(path, "a") as archive:
        archive.comment = b"changed"


if __name__ == "__main__":
    main()
