"""Makes the stored reviews of the example filings again, or says which no longer fit.

    python eval/examples.py            # rebuild eval/examples (about two minutes where nothing is in the read cache)
    python eval/examples.py --check    # 1 where a stored review is not what the program says today

To be run whenever the pack or the program changed and before every release. The site works without: where a stored
review is of another version or pack it has the package reviewed at its first start.
"""

import sys
from datetime import date
from hashlib import sha256
from pathlib import Path

from platformdirs import user_cache_path

from assist_review import packs
from assist_review.filing import Document
from assist_review.pipeline import Wishes, judge, understand
from assist_review.regulation import Pack
from assist_review.review import Review
from assist_review.web.examples import EXAMPLES, Example, package, stored, write

HOME = Path(__file__).parent / "examples"


def main() -> int:
    """Rebuilds, or checks."""
    pack = packs.load_written(packs.find("cn-genai"))
    wrong = 0
    for example in (e for e in EXAMPLES if e.stored):
        root = package(example.case)
        assert root is not None
        review, documents = _made(example, root, pack)
        files = {
            p.relative_to(root).as_posix(): sha256(p.read_bytes()).hexdigest() for p in root.rglob("*") if p.is_file()
        }
        found = stored(example, pack, files)
        said = found if isinstance(found, str) else "相符" if _same(found, review) else "结果不同"
        if "--check" not in sys.argv[1:]:
            same = said == "相符"
            write(HOME, example.case, found if same and isinstance(found, Review) else review, documents, pack)
            said = "相符" if same else "已更新"
        print(f"{example.case}：{said}　{review.conclusion.counts}", flush=True)
        wrong += said not in ("相符", "已更新")
    print(f"{sum(p.stat().st_size for p in HOME.glob('*.xz')) / 1024:.0f} KB")
    return 1 if wrong else 0


def _made(example: Example, root: Path, pack: Pack) -> tuple[Review, tuple[Document, ...]]:
    # As the job of the site asks for it.
    wishes = Wishes(route=example.route, service={"province": example.province}, jobs=2)
    filing, extraction = understand(root, pack=pack, wishes=wishes, cache=user_cache_path("assist-review") / "files")
    return judge(filing, extraction, pack=pack, as_of=date.today(), wishes=wishes), filing.documents


def _same(one: Review, other: Review) -> bool:
    """Whether two reviews differ in their day and time only."""
    return one == other.model_copy(update={"as_of": one.as_of, "generated_at": one.generated_at})


if __name__ == "__main__":
    sys.exit(main())
