"""The regulation pack of this site, loaded once in each process."""

from functools import lru_cache

from django.conf import settings
from markupsafe import Markup

from assist_review import packs
from assist_review.regulation import ExpectedDocument, Pack

PROVINCES = (
    "北京", "天津", "河北", "山西", "内蒙古", "辽宁", "吉林", "黑龙江", "上海", "江苏", "浙江", "安徽", "福建", "江西", "山东", "河南", "湖北",
    "湖南", "广东", "广西", "海南", "重庆", "四川", "贵州", "云南", "西藏", "陕西", "甘肃", "青海", "宁夏", "新疆",
)  # fmt: skip


@lru_cache(maxsize=1)
def pack() -> Pack:
    """The pack named in the settings."""
    return packs.load(packs.find(settings.PACK))


@lru_cache(maxsize=1)
def written() -> Pack:
    """The same pack as it was shipped, without this installation's imports."""
    return packs.load_written(packs.find(settings.PACK))


@lru_cache(maxsize=64)
def expected(route: str, province: str = "") -> tuple[ExpectedDocument, ...]:
    """The documents a route wants, as the province has them where it differs."""
    of_route = [p for p in pack().profiles if p.route == route]
    chosen = [p for p in of_route if province and p.province == province] or [p for p in of_route if p.province is None]
    return chosen[0].documents if chosen else ()


@lru_cache(maxsize=1)
def choices() -> Markup:
    """The requirements as options of a list, made once."""
    return Markup("").join(
        Markup('<option value="{}">{}</option>').format(r.id, r.statement) for r in pack().requirements
    )


@lru_cache(maxsize=1)
def theme_of() -> dict[str, str]:
    """The theme of each requirement."""
    return {r.id: r.theme for r in pack().requirements}
