"""People: roles that must be separate, staff that must fit the size of the service, work that must be possible."""

import re
from collections.abc import Generator, Iterator

from assist_review.arithmetic import computation
from assist_review.cells import cell_place, row_place
from assist_review.check.context import Context, Say, show
from assist_review.check.rules.agreement import same, unsure_on_scans, value_text
from assist_review.passages import evidence
from assist_review.review import Evidence, Fact, Finding
from assist_review.text import fold


def role_separation(context: Context, say: Say) -> Iterator[Finding]:
    """Annotation and review of one task are done by different people: wording, empty review posts, shared names."""
    problems = 0
    shared = [
        evidence(h) for r in context.reading("report", "annotation_rules", "form")
        for term in context.phrases("shared_roles") for h in r.find(term)
    ]  # fmt: skip
    shared = [e for e in shared if not re.search("不得|严禁|禁止|不能|不允许|避免|拦截|不可", e.quote)]
    if shared:
        problems += 1
        yield say.wrong("标注与审核由同一批人员承担，没有职能分离。", shared[:3])
    for table in context.extraction.tables:
        if table.kind != "annotators":
            continue
        for i in table.rows:
            if re.search("审核|质检|复核", table.cell(i, "role")) and fold(table.cell(i, "count")).rstrip("人名") in (
                "0",
                "-",
                "—",
                "无",
            ):
                problems += 1
                yield say.wrong(
                    "标注人员表中审核人员为0人，没有独立的审核人员。",
                    [
                        Evidence.at(
                            table.file,
                            row_place(table, i, "role"),
                            next(c for c in table.table.rows[i] if c),
                            "标注人员表",
                        )
                    ],
                )
    problems += yield from _same_names(context, say)
    if problems:
        return
    apart = [
        evidence(h) for r in context.reading("annotation_rules", "report")
        for term in ("re:(?:不得|不能|禁止|互斥|分离|分设|不允许|不可)[^.;\\n]{0,20}(?:同时|兼任|兼|两种|两个|审核|标注|同一)", "职能分离", "岗位分离", "权限互斥", "不得由同一人", "re:(?:标注|执行)[^.;\\n]{0,10}(?:与|和)审核[^.;\\n]{0,10}(?:分离|分开|分设)")
        for h in r.find(term)
    ]  # fmt: skip
    if apart:
        yield say.fine("材料写明标注与审核职能分离。", apart[:2])
    else:
        yield say.unclear("没有找到标注与审核职能分离的说明，需要人工核对。")


def _same_names(context: Context, say: Say) -> Generator[Finding, None, int]:
    """The same person named for annotation and for review in one table of people."""
    count = 0
    for table in context.extraction.tables:
        if table.kind not in ("annotators", "persons") or "name" not in table.columns:
            continue
        work: dict[str, set[str]] = {}
        for i in table.rows:
            duty = " ".join(table.cell(i, k) for k in ("role", "duty", "post"))
            for name in re.findall(r"[\u4e00-\u9fff]{2,4}", table.cell(i, "name")):
                kinds = {
                    k
                    for k, p in (("标注", "标注(?!.{0,4}审核)"), ("审核", "标注.{0,4}审核|审核.{0,4}标注"))
                    if re.search(p, duty)
                }
                work.setdefault(name, set()).update(kinds)
        both = [n for n, kinds in work.items() if len(kinds) > 1]
        if both:
            count += 1
            yield say.wrong(
                f"{'、'.join(both[:4])}同时列在标注和审核岗位。",
                [Evidence.at(table.file, table.table.place, both[0], "人员表")],
            )
    count += yield from _same_row(context, say)
    return count


_LABELLING, _REVIEWING = re.compile("^(?:标注|执行|标注执行|初标)"), re.compile("^(?:审核|复核|质检|标注审核|审查)")


def _same_row(context: Context, say: Say) -> Generator[Finding, None, int]:
    """Names that stand under 执行 and under 审核 in one row, as rosters per batch have them."""
    count = 0
    for reading in context.reading("report", "annotation_rules", "evidence"):
        for table in reading.document.tables:
            header = [fold(c) for c in table.rows[0]] if table.rows else []
            one, two = (next((i for i, h in enumerate(header) if p.match(h)), None) for p in (_LABELLING, _REVIEWING))
            if one is None or two is None:
                continue
            for row in range(1, len(table.rows)):
                mine, theirs = (_people(table.rows[row][c]) for c in (one, two))
                both = sorted(mine & theirs)
                if both and len(mine) > 1:
                    count += 1
                    yield say.wrong(
                        f"{'、'.join(both[:4])}在同一批次中既执行标注又承担审核。",
                        [
                            Evidence.at(reading.file, cell_place(table, row, c), table.rows[row][c].strip()[:160], "人员表")
                            for c in (one, two)
                        ],
                        defect="D02",
                    )  # fmt: skip
    return count


def _people(cell: str) -> set[str]:
    names = [n.strip() for n in re.split(r"[、，,；;/\s]+", cell) if n.strip()]
    return set(names) if names and all(re.fullmatch(r"[\u4e00-\u9fff·]{2,4}", n) for n in names) else set()


def same_person(context: Context, say: Say) -> Iterator[Finding]:
    """The person of fact `one` is among those of fact `other`, where both are stated."""
    first, second = (unsure_on_scans(context, list(context.extraction.named(say.params[k]))) for k in ("one", "other"))
    if first and second and not any(same(a, b) for a in first for b in second):
        one, other = say.params["labels"]
        yield say.wrong(
            f"{one}为{first[0].value}，{other}为{second[0].value}，两者不是同一人。", [first[0].evidence, second[0].evidence],
            confidence=0.75,
        )  # fmt: skip


def monitors(context: Context, say: Say) -> Iterator[Finding]:
    """Monitoring staff are there and their number can be believed for the planned users."""
    facts = [f for f in context.extraction.named("monitors.total") if isinstance(f.value, int | float)]
    users = [float(f.value) for f in context.extraction.named("users.planned") if isinstance(f.value, int | float)]
    if not facts:
        yield say.unclear("没有找到监看人员的数量，需要人工核对。")
        return
    told = [f for f in facts if f.role == "report"] or facts  # the report explains, the form repeats
    most = max(told, key=lambda f: float(f.value))
    planned = max(users, default=0.0)
    # A round-the-clock post takes at least four people; services for hundreds of thousands cannot do with fewer.
    too_few = (
        float(most.value) < 1
        or (planned >= 500_000 and float(most.value) < 4)
        or (planned >= 2_000_000 and float(most.value) < 8)
        or (planned >= 100_000 and float(most.value) <= 2 and _part_time(context))
    )
    if too_few:
        scale = f"，而预计用户约{show(planned)}人" if planned else ""
        yield say.wrong(
            f"监看人员{value_text(most)}{scale}，与服务规模不匹配。", [f.evidence for f in facts[:3]], confidence=0.85
        )
    elif float(most.value) < 3 and not planned:
        yield say.unclear(f"监看人员{value_text(most)}，是否与服务规模匹配需要人工判断。", [most.evidence])
    else:
        yield say.fine(f"监看人员{value_text(most)}。", [most.evidence])


def _part_time(context: Context) -> bool:
    """Whether the monitoring is done beside another post."""
    return any(
        r.has("re:监看[^.;\\n]{0,24}(?:兼任|兼职|兼管|兼顾|兼做)") or r.has("re:(?:兼任|兼职|兼管)[^.;\\n]{0,8}监看")
        for r in context.reading("report", "form", "other")
    )


def volume(context: Context, say: Say) -> Iterator[Finding]:
    """Annotated items per person and day stay below `max_per_day`."""
    limit = float(say.params.get("max_per_day", 1500))
    items = _largest(context, "annotation.items")
    people = _largest(context, "annotators.annotate", items) or _largest(context, "annotators.total", items)
    days = _largest(context, "annotation.days", items)
    if not (items and people and days):
        yield say.unclear("材料没有同时写明标注数量、人数和时间，无法测算每人每日标注量。")
        return
    made = computation(
        "人均每日标注量",
        "items / people / days",
        None,
        "条",
        items=float(items.value),
        people=float(people.value),
        days=float(days.value),
    )
    pieces = [items.evidence, people.evidence, days.evidence]
    claimed = _largest(context, "annotation.per_day", items)
    if claimed and claimed.evidence.file == items.evidence.file and made.result > 1.5 * float(claimed.value):
        yield say.wrong(
            f"{value_text(people)}在{value_text(days)}内标注{value_text(items)}，人均每日约{made.result:,.0f}条，材料写为{show(float(claimed.value))}条，算术不成立。",
            [*pieces, claimed.evidence], computations=[made.model_copy(update={"stated": float(claimed.value)})], confidence=0.85,
        )  # fmt: skip
        return
    if made.result > limit:
        yield say.wrong(
            f"{value_text(people)}在{value_text(days)}内标注{value_text(items)}，人均每日约{made.result:,.0f}条，不合情理。",
            pieces, computations=[made], confidence=0.85,
        )  # fmt: skip
    else:
        yield say.fine(f"人均每日标注约{made.result:,.0f}条，在合理范围内。", pieces, [made])


def _largest(context: Context, name: str, beside: Fact | None = None) -> Fact | None:
    facts = [f for f in context.extraction.named(name, "report", "annotation_rules", "form") if float(f.value) > 0]
    same = [f for f in facts if beside and f.evidence.file == beside.evidence.file]
    return max(same or facts, key=lambda f: float(f.value), default=None)
