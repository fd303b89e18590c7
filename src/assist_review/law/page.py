"""Small self-contained web pages: what changed between two versions, and which verdicts flip between two days."""

from collections.abc import Callable
from html import escape

from assist_review.law.diff import Difference
from assist_review.law.flips import Flip, Flips
from assist_review.terms import grade, verdict

_STYLE = (
    "body{font:15px/1.7 system-ui,'Noto Sans CJK SC',sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}"
    "table{border-collapse:collapse;width:100%;margin:1rem 0}td,th{border:1px solid #d0d7de;padding:.4rem .6rem;vertical-align:top;text-align:left}"
    "del{color:#a40e26;background:#ffebe9}ins{color:#116329;background:#dafbe1;text-decoration:none}h2{font-size:1.05rem;margin:1.6rem 0 .3rem}"
    ".kind{color:#57606a;font-weight:normal}pre{white-space:pre-wrap;font:inherit;margin:0}"
    "@media (prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}td,th{border-color:#30363d}del{color:#ff7b72;background:#3d1418}ins{color:#7ee787;background:#12331c}.kind{color:#8b949e}}"
)
_KINDS = {"added": "新增", "removed": "删除", "changed": "修改", "moved": "条号变动", "same": "相同"}


def _page(title: str, body: str) -> str:
    return f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title><style>{_STYLE}</style><h1>{escape(title)}</h1>{body}</html>\n'


def difference_page(difference: Difference) -> str:
    """Two versions side by side in one text: what went is struck, what came is underlaid."""
    return _page(f"{difference.old} → {difference.new}", difference_body(difference))


def difference_body(difference: Difference, say: Callable[[str], str] = str) -> str:
    """The inside of that page, for a page that has a head and a style of its own; `say` puts its words in a language."""
    tags = {"removed": "del", "added": "ins"}
    comma = say("，")
    counts = comma.join(f"{say(_KINDS[k])} {n}" for k, n in difference.counts().items())
    parts = [f"<p>{counts}{comma}{say('未变')} {difference.same}</p>"]
    if difference.touched:
        rows = "".join(
            f"<tr><td>{escape(t.requirement)}<td>{escape(t.statement)}<td>{escape(t.reason)}"
            for t in difference.touched
        )
        head = "".join(f"<th>{say(word)}" for word in ("要求", "内容", "原因"))
        parts.append(f"<h2>{say('受影响的要求')}</h2><table><tr>{head}{rows}</table>")
    for c in difference.changes:
        text = "".join(
            f"<{tags[p.op]}>{escape(p.text)}</{tags[p.op]}>" if p.op in tags else escape(p.text) for p in c.pieces
        )
        numbers = "".join(
            f"<p>{say(name)}{escape('、'.join(v))}</p>"
            for name, v in (("删去数字：", c.figures_removed), ("新出现数字：", c.figures_added))
            if v
        )
        fields = "".join(f"<p>{escape(f)}</p>" for f in c.fields)
        parts.append(
            f'<h2>{escape(c.label or c.new or c.old)} <span class="kind">{say(_KINDS[c.kind])}</span></h2><pre>{text}</pre>{numbers}{fields}'
        )
    return "".join(parts)


def flips_page(flips: Flips) -> str:
    """Verdicts on two days, and why they differ."""
    head = (
        f"<p>规则包 {escape(flips.pack)}。{flips.before}：{grade(flips.grade_before)}；{flips.after}：{grade(flips.grade_after)}。"
        f"结论不同的要求 {len(flips.flips)} 项，结论不变而依据变动的 {len(flips.grounds)} 项。</p>"
    )
    tables = "".join(
        _rows(name, rows, flips)
        for name, rows in (("结论不同", flips.flips), ("结论不变、依据变动", flips.grounds))
        if rows
    )
    return _page(f"{flips.filing}：{flips.before} 与 {flips.after}", head + tables)


def _rows(name: str, rows: tuple[Flip, ...], flips: Flips) -> str:
    body = "".join(
        f"<tr><td>{escape(f.requirement)}<br>{escape(f.statement)}<td><b>{verdict(f.before)}</b><br>{escape(f.said_before)}"
        f"<td><b>{verdict(f.after)}</b><br>{escape(f.said_after)}<td>{escape('；'.join(f.why))}"
        for f in rows
    )
    return f"<h2>{name}</h2><table><tr><th>要求<th>{flips.before}<th>{flips.after}<th>原因{body}</table>"
