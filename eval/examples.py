"""Makes the stored reviews of the example filings again, or says which no longer fit.

    python eval/examples.py            # rebuild eval/examples (about two minutes where nothing is in the read cache)
    python eval/examples.py --check    # 1 where the site would review an example itself instead of showing the stored one

To be run whenever the pack or the program changed and before every release; the site works without, only more slowly
on its first start.
"""

import sys
from datetime import date
from hashlib import sha256
from pathlib import Path

from platformdirs import user_cache_path

from assist_review import packs
from assist_review.pipeline import Wishes, judge, understand
from assist_review.web.examples import EXAMPLES, Example, package, stored, write

HOME = Path(__file__).parent / "examples"


def main() -> int:
    """Rebuilds, or checks."""
    pack = packs.load_written(packs.find("cn-genai"))
    wrong = 0
    for example in (e for e in EXAMPLES if e.stored):
        root = package(example.case)
        assert root is not None
        if "--check" not in sys.argv[1:]:
            _rebuild(example, root, pack)
        files = {
            p.relative_to(root).as_posix(): sha256(p.read_bytes()).hexdigest() for p in root.rglob("*") if p.is_file()
        }
        found = stored(example, pack, files)
        print(f"{example.case}：{found if isinstance(found, str) else found.conclusion.counts}", flush=True)
        wrong += isinstance(found, str)
    print(f"{sum(p.stat().st_size for p in HOME.glob('*.xz')) / 1024:.0f} KB")
    return 1 if wrong else 0


def _rebuild(example: Example, root: Path, pack: packs.Pack) -> None:
    # As the job of the site asks for it.
    wishes = Wishes(route=example.route, service={"province": example.province}, jobs=2)
    filing, extraction = understand(root, pack=pack, wishes=wishes, cache=user_cache_path("assist-review") / "files")
    review = judge(filing, extraction, pack=pack, as_of=date.today(), wishes=wishes)
    write(HOME, example.case, review, filing.documents, pack)


if __name__ == "__main__":
    sys.exit(main())
