"""Masking of personal and secret values before text leaves the machine, and putting them back into answers.

The same value has the same mask throughout one question, so two documents can still be compared.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

_ID = r"(?<![0-9A-Za-z])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])"
_MOBILE = r"(?<![0-9A-Za-z])(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)"
_LANDLINE = r"(?<!\d)(?:0\d{2,3}[-－ ]\d{7,8}|400[-－ ]?\d{3}[-－ ]?\d{4})(?!\d)"
_MAIL = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
_ACCOUNT = r"(?<![0-9A-Za-z])(?:\d{16}|\d{19}|\d{4}(?:[ -]\d{4}){3}(?:[ -]\d{3})?)(?![0-9A-Za-z])"
_LABELLED_ACCOUNT = r"(?:银行|对公|收款|结算)?(?:账号|帐号|卡号|账户号码)[^\d\n]{0,6}(?P<value>\d[\d -]{8,24}\d)"
_KEY = r"(?<![A-Za-z0-9])(?:sk-[A-Za-z0-9_-]{8,}|AKIA[0-9A-Z]{12,}|LTAI[0-9A-Za-z]{10,}|gh[pousr]_[A-Za-z0-9]{20,}|eyJ[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_.-]+)"
_PASSWORD = r"(?:密码|口令|password|passwd|密钥|api[-_ ]?key|access[-_ ]?key|secret|token)(?:为|是)?\s*[:：=|]?\s*(?P<value>(?=[^\s，。；|]*\d)[A-Za-z0-9@#$%^&*!_.+/=-]{6,})"
_LABELLED_NAME = (
    r"(?:法定代表人|法人代表|负责人|联系人|经办人|承办人|姓名|签字|签名|审核员|标注员|标注人员|委托代理人|委托人|受托人|监看人员)"
    r"(?:（[^）\n]{0,10}）)?\s*(?:[:：|]|为|是)\s*(?P<value>[\u4e00-\u9fff]{2,4}(?:·[\u4e00-\u9fff]{2,8})?)(?=[\s，。；、|（(:：]|$)"
)
_PATTERNS = (
    ("密钥", re.compile(_KEY)),
    ("密码", re.compile(_PASSWORD, re.IGNORECASE)),
    ("邮箱", re.compile(_MAIL)),
    ("身份证号", re.compile(_ID)),
    ("账号", re.compile(_LABELLED_ACCOUNT)),
    ("手机号", re.compile(_MOBILE)),
    ("电话", re.compile(_LANDLINE)),
    ("账号", re.compile(_ACCOUNT)),
    ("姓名", re.compile(_LABELLED_NAME)),
)
# A name that stands next to a masked number, in one line or row: 王某某 ⟦手机号1⟧, 王某某（⟦身份证号1⟧）.
_NEAR = re.compile(
    r"(?<![\u4e00-\u9fff])(?P<value>[赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公][\u4e00-\u9fff]{1,2})"
    r"(?=[\s，、|（(：:]{1,4}(?:电话|手机|邮箱|身份证)?[号码]{0,2}[\s：:]{0,2}⟦(?:手机号|电话|邮箱|身份证号)\d+⟧)"
)


@dataclass
class Masking:
    """The masks of one question: `hide` before sending, `show` on what comes back."""

    masks: dict[str, str] = field(default_factory=dict)  # value -> mask
    counts: Counter[str] = field(default_factory=Counter)

    def hide(self, text: str) -> str:
        """`text` with every value of a known kind replaced."""
        for kind, pattern in _PATTERNS:
            text = self._each(kind, pattern, text)
        text = self._each("姓名", _NEAR, text)
        for value, mask in list(self.masks.items()):
            if mask.startswith("⟦姓名"):  # a name that was labelled once is masked wherever it stands
                text = text.replace(value, mask)
        return text

    def _each(self, kind: str, pattern: re.Pattern[str], text: str) -> str:
        def mask(match: re.Match[str]) -> str:
            value = match["value"] if "value" in match.re.groupindex else match[0]
            if "⟦" in value:
                return match[0]
            return match[0].replace(value, self._mask(kind, value, text))

        return pattern.sub(mask, text)

    def _mask(self, kind: str, value: str, text: str) -> str:
        if value not in self.masks:
            self.counts[kind] += 1
            number = self.counts[kind]
            while f"⟦{kind}{number}⟧" in text and f"⟦{kind}{number}⟧" not in self.masks.values():
                number += 1  # the filing itself writes such a mark
            self.masks[value] = f"⟦{kind}{number}⟧"
        return self.masks[value]

    def show(self, told: Any) -> Any:
        """Strings of a JSON value with the masks turned back."""
        if isinstance(told, str):
            for value, mask in self.masks.items():
                told = told.replace(mask, value)
            return told
        if isinstance(told, list):
            return [self.show(each) for each in told]
        if isinstance(told, dict):
            return {key: self.show(each) for key, each in told.items()}
        return told
