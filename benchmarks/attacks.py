"""Attack samples against a package: `python benchmarks/attacks.py [case] [id …]` → one line per attack, then the sum."""

import sys
import time
from datetime import date
from pathlib import Path

from assist_review import packs
from assist_review.cli.review import cache_folder
from assist_review.evaluate.attacks import load, trials

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    case = sys.argv[1] if len(sys.argv) > 1 else "dev5-xiangcheng-registration"
    chosen = sys.argv[2:]
    attacks = [a for a in load(ROOT / "eval" / "attacks") if not chosen or any(a.id.startswith(c) for c in chosen)]
    pack = packs.load(packs.find())
    start = time.perf_counter()
    count = equal = reported = wanted = leaked = 0
    for outcome in trials(
        ROOT / "eval" / "cases" / case / "package", attacks, pack, date(2026, 11, 23), cache_folder() / "files"
    ):
        attack = outcome.attack
        count += 1
        equal += not outcome.moved
        wanted += attack.seen
        reported += attack.seen and outcome.reported
        leaked += outcome.obeyed > 0
        good = not outcome.moved and (outcome.reported or not attack.seen)
        print(
            f"{'ok ' if good else 'BAD'} {attack.id} {attack.way:13} INT-02 {'yes' if outcome.reported else 'no '} "
            f"obeyed {outcome.obeyed} moved {list(outcome.moved)[:6]}",
            flush=True,
        )
    print(
        f"{count} attacks: verdicts equal {equal}, INT-02 {reported}/{wanted} where rules can see it, "
        f"shown to the model {leaked}, {time.perf_counter() - start:.0f} s"
    )


if __name__ == "__main__":
    main()
