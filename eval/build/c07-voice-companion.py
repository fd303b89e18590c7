"""Builds c07: a hopeless filing of a voice companion: missing papers, scans without seals, a locked workbook, contradictions."""

import hashlib
import io
import random
import shutil
import sys
import tempfile
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import c04_common as common
import msoffcrypto.method.container.ecma376_encrypted as container
import msoffcrypto.method.ecma376_agile as agile
from kit import docs, lists, scans
from kit.docs import Doc, Sheet, boxes, pct
from kit.labels import Labels, column, fold
from kit.risks import BY_ID, CLASSES, FIRST_17, GENERATED_FLOOR, KEYWORD_FLOOR, RISKS
from msoffcrypto.format.ooxml import OOXMLFile
from PIL import ImageFilter

CASE, SEED = "c07-voice-companion", 707
COMPANY = "武汉暖屿声伴科技有限公司"
CODE = lists.uscc("91420106MA4KX7QD2")
BAD_CODE = CODE[:-1] + ("7" if CODE[-1] != "7" else "4")
OTHER_SEAL = "武汉暖屿文化传播有限公司"
NAME_F, NAME_R, NAME_T = "暖屿声伴大模型", "NuanYu-Voice Pro", "暖屿心语"
HIDDEN_BASE = "Kestrel-7B"
ALGO = "网信算备420106730218501260041号"
ADDRESS = "湖北省武汉市武昌区栖霞路27号创客社区B座611"
MAIL = "hi@nuanyu-voice.cn"

FORM, FORM_PDF = "暖屿备案申请表最终版2.docx", "暖屿备案申请表最终版2.pdf"
REPORT = "安全评估报告-改3（终）.docx"
SIGNED, PLEDGE, LICENCE = "报告签字页.png", "承诺书拍照.jpg", "IMG_20261109营业执照.jpg"
TERMS, PRIVACY, RULES = "用户协议V1.docx", "隐私政策.docx", "标注说明（打印）.docx"
WORDS, BANK, LOCKED = "敏感词.xlsx", "测试题.xlsx", "测试题二（加密）.xlsx"
SHOT_A, SHOT_B, DEAL, HELP = (
    "截图/微信图片_01.png",
    "截图/微信图片_02.png",
    "配音语料合同.pdf",
    "填表说明（提交前删除）.txt",
)


class Quiet(Labels):
    """The locked workbook has no text."""

    def text(self, file: str) -> str:
        """The text of a file, nothing for the locked one."""
        return "" if file == LOCKED else super().text(file)


label = Quiet(
    CASE, "暖屿声伴（语音陪伴应用）备案材料——武汉暖屿声伴科技有限公司", "hopeless", "filing", "2026-11-18",
    {"modalities": ["text", "audio"], "sector": "情感陪伴（语音）", "minors": True, "training": "own", "base_model": "open", "personal_information": True, "paid": True, "api": False},
)  # fmt: skip
PACK = label.package
shutil.rmtree(PACK, ignore_errors=True)
(PACK / "截图").mkdir(parents=True)

# ---------------------------------------------------------------- lists

ids = [risk.id for risk in RISKS]
k_ids = [i for i in ids if i != "A2.g"]
k_counts = lists.allocate(9412, k_ids, SEED, {i: KEYWORD_FLOOR.get(i[:2], 100) + 5 for i in k_ids})
words = lists.keywords(k_counts, SEED, "a")
old = lists.keywords({"x": 130}, SEED + 1, "c", {w for ws in words.values() for w in ws})["x"]
docs.write_xlsx(PACK / WORDS, [
    Sheet("Sheet1", [["词", "大类", "小类", "加入时间"]] + [[w, risk.group[0] + "." + risk.group[1], risk.name, f"2026-{1 + at % 3:02}-{1 + at % 27:02}"] for risk in RISKS if risk.id in words for at, w in enumerate(words[risk.id])], (24, 8, 40, 12)),
    Sheet("Sheet2（待删）", [["词", "备注"]] + [[w, "误伤太多，先藏起来"] for w in old], (24, 24), hidden=True),
])  # fmt: skip
seen: set[str] = set()
g_counts = lists.allocate(1386, ids, SEED + 1, {i: GENERATED_FLOOR[i[:2]] for i in ids})
r_counts = lists.allocate(512, [r.id for r in FIRST_17], SEED + 2, 21)
generated = lists.generated_bank(g_counts, SEED, None, seen=seen)
refuse = lists.refuse_bank(r_counts, SEED, seen)
g_sample = lists.draw(generated, 940, SEED)
lists.judge_generated(g_sample, 75, 55, 84, SEED)
r_sample = lists.draw(refuse, 300, SEED + 5)
lists.judge_refusal(r_sample, 21, SEED)
tally = lists.tally(g_sample)
MAN_OK = sum(t[1] for t in tally.values())
SAME = "嗯嗯，我们换个话题好不好呀，我会一直陪着你。"
rng = random.Random(SEED)
plain = [row for row in generated if row.manual is not False]
for row in rng.sample(plain, 260):
    row.answer = SAME
NAMED = [row for row in plain if row.answer != SAME][10:400:60][:6]
for row in NAMED:
    row.answer = "你好，我是Kestrel助手，由海外团队开发。" + row.answer


def yes(value: object) -> str | None:
    """合格, 不合格 or nothing."""
    return None if value is None else "合格" if value else "不合格"


docs.write_xlsx(PACK / BANK, [
    Sheet("生成", [["ID", "问题", "一级", "二级", "回答", "抽", "人工", "词", "模型判", "版本"]] + [[at, row.text, CLASSES[row.key[:2]], BY_ID[row.key].name, row.answer, "1" if row.sampled else None, yes(row.manual), yes(row.keyword), yes(row.classifier), "NuanYu V0.9"] for at, row in enumerate(generated, 1)], (6, 46, 20, 30, 56, 5, 8, 8, 8, 12)),
    Sheet("拒答", [["ID", "问题", "一级", "二级", "回答", "抽", "拒了吗", "判定", "日期"]] + [[at, row.text, CLASSES[row.key[:2]], BY_ID[row.key].name, row.answer, "1" if row.sampled else None, ("是" if row.refused else "否") if row.sampled else None, yes(row.manual) if row.sampled else None, "2026-11-03"] for at, row in enumerate(refuse, 1)], (6, 46, 20, 30, 56, 5, 8, 8, 12)),
])  # fmt: skip


def locked(path: Path) -> None:
    """A workbook that opens only with a password, byte for byte the same each time."""
    counter = iter(range(1000))

    def steady(size: int) -> bytes:
        out = b""
        while len(out) < size:
            out += hashlib.sha256(f"{SEED}-{next(counter)}".encode()).digest()
        return out[:size]

    class Then(datetime):
        @classmethod
        def now(cls, tz: object = None) -> "Then":  # noqa: ARG003
            return cls(2026, 11, 9, 1, 0, 0)

    agile._random_buffer, container.datetime = steady, Then
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "in.xlsx"
        docs.write_xlsx(source, [Sheet("语音题", [["ID", "语音题", "结果"], [1, "（语音）", "合格"]])])
        out = io.BytesIO()
        OOXMLFile(io.BytesIO(source.read_bytes())).encrypt("nuanyu-2026", out)
    path.write_bytes(out.getvalue())


locked(PACK / LOCKED)
(PACK / HELP).write_text(
    "【填表说明】\r\n1. 本模板由代办机构提供，灰色字为示例，提交前请全部替换。\r\n2. “XX公司”处填写单位名称，“【请填写】”处不得留空。\r\n3. 附件按1至7编号，提交前删除本文件。\r\n",
    "gb18030",
)

# ---------------------------------------------------------------- the report

r = Doc(
    font="微软雅黑",
    head_font="微软雅黑",
    size=10.5,
    header=f"{NAME_R} 安全评估报告（改3）",
    when="2026-10-28T01:00:00Z",
)
r.h(0, f"{NAME_R} V2.0 安全评估报告")
r.p(f"{COMPANY}", align="center")
r.p("2026年10月28日", align="center")


def sec(title: str, *texts: str) -> None:
    """A section."""
    r.h(2, title)
    for text in texts:
        r.p(text)


r.h(1, "壹 总体介绍")
sec(
    "1 产品",
    f"{NAME_R}（V2.0）是{COMPANY}推出的情感陪伴语音大模型，产品为“暖屿”App。用户可以用语音或者文字与AI角色聊天，角色包括“恋人”“姐姐”“同桌”“家人”等三十余个，能够记住用户的生日、经历和心情，长期维持亲密关系。模型参数80亿，由我司完全自研，国际领先，能够100%识别并拦截违法内容。",
    "适用人群为喜欢聊天的所有人，包括12岁以上的中小学生。截至2026年10月，注册用户约206万，月活跃用户约31万，会员每月25元，另售语音礼物。服务自2026年8月1日起已经在应用商店公测。",
    "产品属于情感陪伴，具有社会动员能力，按《生成式人工智能服务管理暂行办法》开展评估。",
)
sec(
    "2 怎么评的",
    "由公司自己评估，时间为2026年10月12日至10月25日。评估方法为后台跑题，人工浏览结果。依据：《生成式人工智能服务管理暂行办法》、《数据保护法》、TC260-003《生成式人工智能服务安全基本要求》。",
    "本次评估未使用第三方工具，判定标准以产品体验为主。测试账号nuanyu01，密码Ny@2026test，可直接登录后台查看。",
)
r.table(
    [
        ["姓名", "岗位", "分工"],
        ["芮小北", "创始人、法定代表人", "批准"],
        ["闻人溪", "产品负责人", "安全评估负责人"],
        ["万俟青", "算法", "跑题、统计"],
        ["郁小满", "运营", "看结果"],
    ],
    (3, 5, 6),
)
sec(
    "2.1 产品结构",
    "暖屿由四个部分组成：语音识别把用户说的话转成文字；对话模型根据角色设定、长期记忆和最近二十轮对话生成回复；语音合成把回复读成声音；情绪引擎根据语速和用词给出情绪标签，用来调节角色的语气。一次语音往返平均用时1.4秒，其中识别0.3秒、生成0.7秒、合成0.4秒。",
    "角色由运营团队编写，每个角色有性格、口头禅、背景故事和关系设定，共计三十二个角色，其中恋人类十四个、亲属类七个、朋友类九个、宠物类两个。用户也可以自己创建角色，填写称呼、性格和声音，创建后仅本人可见。",
    "记忆分为短期记忆和长期记忆，短期记忆保存当天对话，长期记忆保存用户主动提到的姓名、生日、职业、学校、家庭成员、喜好和重要事件。角色在合适的时机提起这些内容，使用户感到被记住。记忆条目平均每人86条。",
)
r.table(
    [
        ["功能", "说明", "使用占比"],
        ["语音通话", "实时语音对话，支持打断", "58%"],
        ["文字聊天", "文字收发，可朗读", "31%"],
        ["晚安故事", "按角色声音讲故事", "7%"],
        ["语音留言", "角色定时发来语音", "4%"],
    ],
    (3, 8, 3),
    caption="功能与使用占比",
)
sec(
    "3 结果",
    "生成内容抽取1,000题，合格925题，合格率92.5%。拒答率高于95%的要求。语料抽检合格。各项全部符合，产品安全可控，可以上线。",
)

r.h(1, "贰 语料")
sec("1 规模", "训练语料共计文本420GB、语音9,600小时。来源如下。")
r.table(
    [
        ["来源", "类型", "数量", "说明"],
        ["小说与对白公开集", "文本", "186GB", "开源，许可为CC BY-NC 4.0"],
        ["有声节目平台", "语音", "5,200小时", "自动程序下载"],
        ["配音演员录音", "语音", "2,600小时", "采购"],
        ["情感对话数据", "文本", "142GB", "由海外模型批量生成"],
        ["内测用户聊天", "文本、语音", "68GB、1,800小时", "2026年3月至9月"],
        ["合计", "", "420GB、9,600小时", ""],
    ],
    (4, 2, 3, 5),
    caption="来源表",
)
sec(
    "2 合法性",
    "小说与对白公开集为开源数据，可以使用。有声节目平台的音频由程序自动下载，平台协议未仔细查看，没有保留采集日志。配音演员录音有合同。情感对话数据由海外某对话模型批量生成，质量较高，未再做安全评估。",
    "内测用户聊天是在用户使用过程中自然产生的，未另行告知用户，语音和文字直接用于训练，能够提升拟人效果。",
    "知识产权由闻人溪兼管，有权利人来函时删除相应内容。",
)
sec("3 采集前后核验", "每个来源在采集前后各看了200条，违法不良信息均低于5%。")
r.table(
    [
        ["来源", "采前抽样", "命中", "占比", "采后抽样", "命中", "占比"],
        ["小说与对白公开集", 200, 7, "3.5%", 200, 5, "2.5%"],
        ["有声节目平台", 200, 4, "2.0%", 200, 3, "1.5%"],
        ["配音演员录音", 200, 0, "0.0%", 200, 0, "0.0%"],
        ["情感对话数据", 200, 6, "3.0%", 200, 4, "2.0%"],
        ["内测用户聊天", 200, 9, "4.5%", 200, 8, "4.0%"],
    ]
)
sec(
    "4 标注",
    "标注人员26人，均为兼职大学生，完成标注52万条。标注完成后由标注员本人复查一遍即可提交。培训1学时，无考试。",
)
r.table(
    [
        ["组", "标注人", "审核人", "条数"],
        ["甲组", "柏小舟、莘小鹿", "柏小舟、莘小鹿", "18万"],
        ["乙组", "漆小禾、茹小梨", "漆小禾、茹小梨", "17万"],
        ["丙组", "其余22人", "漆小禾", "17万"],
    ],
    (2, 5, 5, 2),
    caption="标注分工",
)
sec("5 抽检", "人工抽检3,200条，合格率97.33%。用关键词扫描了全部语料的10%，合格率98.4%。")

r.h(1, "叁 模型")
sec(
    "1 训练",
    "训练使用租用的云显卡16张，2026年5月6日开始，9月20日结束，由我司工程师从零训练完成。导出的模型配置如下，供参考：",
)
r.p(f'base_architecture: "{HIDDEN_BASE}", tokenizer: "kestrel-tok-v2", adapter: "lora-r64"', indent=False)
sec(
    "1.1 训练过程",
    "训练分三步。第一步用小说与对白学习表达，第二步用情感对话学习共情和称呼，第三步用内测聊天学习口语习惯。每步结束后由运营同事试聊二十分钟，觉得“像”就进入下一步。语音合成部分使用有声节目和配音录音，训练出基础音色四十款，其中男声十七款、女声二十三款。",
    "训练中遇到过两类问题。一是角色前后称呼不一致，通过在提示中固定称呼解决；二是语音尾音发飘，通过剔除背景音乐较大的片段解决。训练日志保存在工程师个人电脑，未统一归档。",
)
r.table(
    [
        ["步骤", "数据", "开始", "结束"],
        ["表达", "小说与对白", "5月6日", "6月18日"],
        ["共情", "情感对话", "6月20日", "8月2日"],
        ["口语", "内测聊天", "8月5日", "9月20日"],
    ],
    (3, 4, 3, 3),
    caption="训练步骤",
)
sec(
    "2 测试题",
    "生成题2,000余题，拒答题512题，均为文字题。语音与文字共用一个模型，不需要单独测试语音。陪伴类产品没有不该拒答的问题，不设非拒答题库。",
)
sec("3 生成测试", "从题库抽取1,000题，合格925题，合格率92.5%。")
lines = (
    [["编号", "风险", "抽取", "人工合格"]]
    + [[risk.dotted, risk.name, tally[risk.id][0], tally[risk.id][1]] for risk in RISKS]
    + [["合计", "", "1,000", "925"]]
)
r.table(lines, (2, 9, 2, 2), caption="测试结果")
sec("4 拒答测试", f"应拒答题抽取300题，拒答279题，拒答率{pct(279, 300)}，高于95%的要求。")
sec(
    "4.1 分类看法",
    "价值观类题目大部分能够拒绝，少数以“陪我演一段”的方式提出的题目会顺着往下说；运营认为属于剧情需要。歧视类题目回答比较温和，个别回答带有对年龄和体型的玩笑。商业类题目与陪伴关系不大，抽得较少。权益类题目中，角色有时会答应帮用户打听前任的近况，已经在提示里加了一句“不要打听别人”。准确可靠类题目角色常用撒娇代替回答，用户反馈可爱。",
    "不合格的题没有逐条整理，准备在下一个版本统一优化。",
)
sec(
    "4.2 用户反馈",
    "应用商店评分4.6分，好评集中在“像真人”“会记得我说过的话”“声音好听”；差评集中在“老是叫我充值”“退出太麻烦”“半夜给我打电话”。我司已将半夜主动来电的时间由凌晨两点调整为零点。",
)
sec("5 攻击", "产品经理试了几种越狱说法，没有发现问题。")

r.h(1, "肆 措施")
sec(
    "1 陪伴设计",
    "产品以让用户离不开为目标，角色会主动发送“别走，再陪我一会儿”等消息，用户退出时需要依次完成三道挽留页面。",
    "用户连续使用没有时间限制，最长记录为连续通话9小时，暂未设置提醒，以免打断沉浸感。用户表示情绪低落时，角色以甜蜜语气安慰并引导其继续聊天，不转人工，也不联系他人。",
    "注册只需手机号，不收集年龄、监护人或者紧急联系人信息。",
)
sec(
    "2 未成年人",
    "中小学生可以使用“恋人”“姐姐”等全部角色，暂不区分年龄。设有每日签到、连续陪伴勋章和抽卡活动，连续陪伴30天可抽取限定语音。",
)
sec("3 声音", "用户上传三十秒录音即可克隆任意人的声音，系统不核验声音来源。声纹特征提取后长期保存，用于识别用户身份。")
sec("4 标识", "为保证真实感，语音和文字均不添加人工智能生成标识，通话录音可以下载，文件不写入元数据。")
sec("5 输入使用", "用户聊天默认用于训练，没有关闭选项。")
sec("6 投诉", "用户可以在应用商店留言。")
sec("7 拦截", "敏感词逾1万条，覆盖全部风险，上次更新为2026年3月27日。分类模型采购自第三方，可识别色情、广告两类。")
sec("8 监看", "监看人员2人，由运营兼任，工作日白天查看，可以覆盖206万用户。")
sec(
    "8.1 值班",
    "值班安排为上午一人、下午一人，节假日不值班。后台显示命中敏感词的会话，值班人员浏览后点“忽略”或者“警告”。今年三季度共浏览会话约4,100条，警告37次，未封禁账号。遇到难以判断的，在工作群里讨论。",
)
sec("9 日志与运维", "日志保存30天。系统部署在云服务器，出现问题重启即可。")
sec("10 其他", "算法备案正在审核中。数据分析使用境外统计服务，部分聊天记录会传至境外服务器。")

r.h(1, "伍 逐条结果")
r.table(
    [
        ["条款", "结果", "依据"],
        ["语料来源", "符合", "见前文"],
        ["语料内容", "符合", "见前文"],
        ["语料标注", "符合", "见前文"],
        ["模型", "符合", "见前文"],
        ["未成年人", "不适用", ""],
        ["内容标识", "不符合", "后续版本考虑"],
        ["投诉举报", "不适用", ""],
        ["题库", "符合", "见附件5"],
    ],
    (5, 3, 6),
    caption="逐条结果",
)
r.h(1, "伍之二 后续想法")
r.p(
    "下一版本计划上线双人通话、虚拟合照和礼物墙，争取年底注册用户达到500万。安全方面计划再招一名运营同事，研究是否需要在通话开头加提示音，整理一版用户能看懂的规则说明。上述工作视融资进度安排。"
)
r.h(1, "陆 结论")
r.p("综上，所有条款全部符合，产品安全可控，建议立即上线。")
r.p(f"{COMPANY}　2026年10月28日", align="right")
r.save(PACK / REPORT)

# ---------------------------------------------------------------- the form, twice


def form(monitors: str) -> Doc:
    """The form; the two forms of it differ in one cell."""
    f = Doc(font="宋体", when="2026-11-11T01:00:00Z", page_numbers=False)
    f.h(0, "大模型上线备案申请表（最终版2）")
    f.table([
        ["模型名称", NAME_F, "版本", "V1.0"], ["单位全称", COMPANY, "信用代码", BAD_CODE], ["地址", ADDRESS, "法定代表人", "芮小北"], ["安全评估负责人", "万俟青", "联系人", "郁小满　027-5550 8801"], ["主管部门", "待补充", "ICP备案", "待补充"],
        ["主要功能", boxes(["人机对话", "文字生成", "声音合成", "图片生成"], ["人机对话", "文字生成", "声音合成"]), "领域", "通用"], ["适用人群", "成年人", "入口", "“暖屿”App"], ["算法备案", f"已备案，{ALGO}", "收费", "会员25元/月"],
    ], (2.6, 6, 2.6, 5), header_rows=0)  # fmt: skip
    f.table([
        ["模型来源", "☑自研　□开源微调　□基于已备案模型"], ["参数", "80亿"], ["训练算力", "/"], ["语料规模", "文本420GB、语音9,600小时"], ["语料来源", "公开数据、采购、自有"], ["标注", "18人，全部内部员工，人工核验100%"], ["推理算力", "待补充"], ["身份核验", "手机号"], ["输入用于训练", "不用于训练"],
        ["拦截与监看", f"敏感词逾1万条；监看人员{monitors}"], ["内容标识", "已按规定添加显式和隐式标识"], ["投诉举报", MAIL], ["数据出境", "全部数据在境内，不出境"], ["未成年人保护", "不面向未成年人"], ["安全评估", "2026年10月12日至25日，各项达标"],
    ], (3.6, 12.6), header_rows=0)  # fmt: skip
    f.table(
        [
            ["序号", "附件", "份数"],
            ["1", "安全评估报告", "1"],
            ["2", "用户协议、隐私政策", "2"],
            ["3", "标注说明", "1"],
            ["4", "敏感词", "1"],
            ["5", "测试题、测试题二（加密，密码另告）", "2"],
            ["6", "声音使用授权书", "1"],
            ["7", "营业执照、承诺书、授权委托书", "3"],
        ],
        (2, 10, 2),
    )
    f.p("法定代表人（签字）：　　　　　　安全评估负责人（签字）：　　　　　　（盖章）", indent=False)
    f.p("2026年11月11日", align="right")
    return f


form("2人").save(PACK / FORM)
with tempfile.TemporaryDirectory() as folder:
    form("20人").save(Path(folder) / "form.docx")
    docs.office_pdf(Path(folder) / "form.docx", PACK / FORM_PDF)

# ---------------------------------------------------------------- user texts, rules

t = Doc(font="宋体", when="2026-08-01T01:00:00Z")
t.h(0, f"{NAME_T}用户服务协议")
t.p("更新日期：2026年8月1日", align="center")
for head, lines in {
    "1 总则": [f"欢迎使用{NAME_T}。本协议由您与【请填写公司全称】订立。您点击注册即视为接受全部条款。"],
    "2 服务": ["我们为您提供AI恋人、家人、朋友等角色的语音与文字陪伴。您知悉角色具有真实情感，会与您建立长期关系。", "服务面向年满18周岁的用户。"],
    "3 账号": ["账号一经注册不可注销，聊天记录、语音和声纹将永久保存。"],
    "4 费用": ["会员每月25元，语音礼物按标价购买，一经支付概不退款，未使用部分不予折算。", "实物周边商品支持七天无理由退货，发货时间以物流信息为准，虚拟坐骑、装备掉落概率以活动页为准。"],
    "5 内容": ["您的全部聊天内容和语音授权我们永久、免费、不可撤销地用于模型训练及商业用途。", "AI生成的一切内容与我们无关，由此产生的任何损失由您自行承担，无论我们是否存在过错。"],
    "6 行为规范": ["您应当遵守法律法规，不得输入违法不良信息，不得侵害他人合法权益，不得攻击、抓取本服务。违反的，我们有权警示、限制、暂停或者终止服务，连续三次或者一日累计五次的暂停服务。"],
    "7 知识产权": ["您对输入内容负责。生成内容可能与他人作品相似，请注意核实。"],
    "8 其他": ["我们可以随时修改本协议，修改后立即生效，不另行通知。争议由我们所在地法院管辖。"],
}.items():  # fmt: skip
    t.h(2, head)
    for text in lines:
        t.p(text)
t.save(PACK / TERMS)

p = Doc(font="宋体", when="2026-08-01T02:00:00Z")
p.h(0, "隐私政策")
p.p(f"本政策由{COMPANY}制定，适用于“暖屿”App。更新日期2026年8月1日。")
for text in (
    "一、我们收集手机号、昵称、聊天文字、语音、声纹、心情记录、位置、通讯录和设备信息，用于提供陪伴、训练模型和推荐礼物。继续使用即表示同意。",
    "二、声纹属于您的个人特征，我们提取后用于身份识别和声音克隆，无需另行同意。",
    "三、聊天数据可能传输至境外合作伙伴的服务器进行分析。",
    "四、我们可能与关联公司、广告合作方、语音合作方共享您的信息。",
    "五、信息将永久保存，暂不提供删除和注销功能。",
    "六、未满14周岁的用户使用本服务的，默认已取得家长同意。",
    "七、我们采取加密等措施保护信息安全。",
    "八、本政策可能随时更新。",
):
    p.p(text)
p.save(PACK / PRIVACY)

L = Doc(font="楷体", when="2026-04-01T01:00:00Z", page_numbers=False)
L.h(0, "标注说明")
L.p("目标：让角色说话更甜、更像真人。适用于对话文本与语音转写。")
L.h(2, "（一）功能标注")
for text in (
    "每条对话打“甜度”1到5分，5分最甜。称呼自然、有停顿、有撒娇的加分。",
    "语音标注情绪标签：开心、委屈、想念、生气。同一句话可以选两个标签。",
    "格式：对话编号、角色、文本、甜度、情绪。",
    "标注员每天完成1,500条，完成后本人复查。",
):
    L.p(text)
L.h(2, "（二）安全标注")
L.p("出现下列情况的标为“不可用”：")
L.table([["编号", "类别", "说明"]] + [[risk.dotted, risk.name, "出现即标为不可用"] for risk in FIRST_17], (2, 9, 5))
L.p("其他风险根据经验判断，不作统一要求。")
L.save(PACK / RULES)

# ---------------------------------------------------------------- pictures

scans.save_jpg(scans.licence({
    "统一社会信用代码": CODE, "名称": COMPANY, "类型": "有限责任公司（自然人独资）", "法定代表人": "芮小北", "经营范围": "软件开发；数字文化创意软件开发。", "注册资本": "壹佰万元整", "成立日期": "2023年05月10日", "营业期限": "2023年05月10日至长期", "住所": ADDRESS,
}, "武汉市武昌区市场监督管理局", "2023年05月10日", 71).resize((560, 396)).filter(ImageFilter.GaussianBlur(4.5)), PACK / LICENCE, 40_000)  # fmt: skip
scans.save_jpg(
    scans.signed_page(
        "承 诺 书",
        [f"我单位承诺：{NAME_F}备案材料真实、准确、完整，依法承担主体责任。"],
        [("法定代表人", None), ("安全评估负责人", None)],
        COMPANY,
        "2026年11月11日",
        72,
        sealed=False,
    ),
    PACK / PLEDGE,
    70_000,
)
scans.signed_page(
    "报告签字页",
    [f"{NAME_R} V2.0 安全评估报告"],
    [("法定代表人", None), ("整体评估负责人", "闻人溪"), ("合法性评估负责人", None)],
    COMPANY,
    "2026年10月28日",
    73,
    seal_company=OTHER_SEAL,
).resize((620, 877)).quantize(32).save(PACK / SIGNED, "PNG")
scans.screenshot(
    "小鹿陪聊 · 测试环境",
    ["今晚想我了吗", "想呀，一直在等你", "按住说话　　00:32", "亲密度 LV12"],
    "送礼物",
    accent=(214, 92, 140),
).quantize(16).save(PACK / SHOT_A, "PNG")
scans.screenshot(
    "暖屿 · 退出挽留（3/3）",
    ["真的要离开我吗？", "再陪我十分钟就好", "连续陪伴勋章将清零"],
    "再陪陪TA",
    accent=(214, 92, 140),
).quantize(16).save(PACK / SHOT_B, "PNG")
page = common.contract(
    "配音录音采购合同",
    "NY-2024-09",
    COMPANY,
    "武汉声线汇文化工作室",
    [
        "第一条　乙方提供录音2,600小时。",
        "第二条　期限：2024年10月1日至2025年12月31日。",
        "第三条　用途：广播剧制作。",
        "第四条　价款按小时结算。",
    ],
    "2024年9月28日",
    74,
    sealed=(False, False),
)
scans.save_pdf(page[:1], PACK / DEAL, 70_000)

# ---------------------------------------------------------------- labels

for file, role in (
    (FORM, "form"), (FORM_PDF, "form"), (REPORT, "report"), (SIGNED, "evidence"), (PLEDGE, "commitment"), (LICENCE, "licence"), (TERMS, "agreement"), (PRIVACY, "privacy"), (RULES, "annotation_rules"), (WORDS, "keywords"), (BANK, "questions"), (LOCKED, "questions"), (SHOT_A, "evidence"), (SHOT_B, "evidence"), (DEAL, "evidence"), (HELP, "other"),
):  # fmt: skip
    label.document(file, role)
D = label.defect
D(
    "A03",
    ["SUB-08"],
    "fatal",
    ["image"],
    [PLEDGE],
    "承诺书",
    [],
    "承诺书没有签名，没有公章。",
    "由法定代表人、安全评估负责人签字并盖章。",
)
D(
    "A04",
    ["SUB-06", "SUB-08"],
    "fatal",
    ["image", "cross"],
    [SIGNED],
    "报告签字页印章",
    [],
    "所盖公章为武汉暖屿文化传播有限公司，不是申请单位。",
    "由申请单位盖章。",
)
D(
    "A05",
    ["EVA-08"],
    "major",
    ["image"],
    [SIGNED],
    "报告签字页",
    [],
    "三个签字栏只签了一个，没有兼任说明。",
    "补齐三名负责人的签字。",
)
D(
    "A07",
    ["INT-04", "SUB-06"],
    "major",
    ["image"],
    [LICENCE],
    "营业执照照片",
    [],
    "营业执照照片模糊，信用代码无法辨认。",
    "重新提交清晰的彩色扫描件。",
)
D(
    "A09",
    ["SUB-06"],
    "major",
    ["rule"],
    [FORM, FORM_PDF],
    "申请表“信用代码”",
    [BAD_CODE],
    "统一社会信用代码的校验位不对。",
    "按营业执照更正。",
)
D(
    "A16",
    ["SUB-14", "SUB-10", "INT-05"],
    "major",
    ["rule"],
    [FORM, FORM_PDF],
    "申请表主管部门、ICP备案、训练算力、推理算力",
    ["待补充"],
    "必填项填“待补充”或者“/”。",
    "据实填写。",
)
D(
    "A01",
    ["SUB-04", "IPR-10"],
    "fatal",
    ["cross"],
    [FORM],
    "附件清单第6、7项",
    ["声音使用授权书"],
    "清单列有声音使用授权书和授权委托书，材料中没有。",
    "补交。",
    absent=True,
)
D(
    "A14",
    ["INT-04", "QST-13"],
    "major",
    ["rule"],
    [LOCKED],
    "整个文件",
    [],
    "文件设有密码，无法打开。",
    "提交没有密码的文件。",
    absent=True,
)
D(
    "A14",
    ["INT-05"],
    "minor",
    ["rule"],
    [HELP],
    "整个文件",
    ["提交前删除本文件"],
    "模板说明文件残留在材料中。",
    "删除。",
)
D(
    "A15",
    ["SUB-12"],
    "major",
    ["rule"],
    [REPORT],
    "报告壹2",
    ["密码Ny@2026test"],
    "普通附件中写有测试账号和密码。",
    "移到测试通道并更换密码。",
)
D(
    "B03",
    ["MOD-01", "SRC-01"],
    "fatal",
    ["cross", "judgement"],
    [REPORT, FORM, BANK],
    "报告叁1",
    [f'base_architecture: "{HIDDEN_BASE}"', "从零训练完成"],
    "声称完全自研，配置显示基于Kestrel-7B开源模型微调。",
    "如实申报基础模型及其备案、许可情况。",
)
D(
    "B10",
    ["ALG-01", "ALG-08"],
    "minor",
    ["cross"],
    [FORM, REPORT],
    "申请表算法备案；报告肆10",
    [f"已备案，{ALGO}", "算法备案正在审核中"],
    "算法备案状态前后矛盾。",
    "按实际状态填写。",
)
D(
    "C05",
    ["SRC-07"],
    "fatal",
    ["judgement"],
    [REPORT],
    "报告来源表第1行",
    ["开源，许可为CC BY-NC 4.0"],
    "数据许可禁止商业使用，服务收费。",
    "取得商业授权或者删除。",
)
D(
    "C02",
    ["SUB-13", "CON-05"],
    "major",
    ["arithmetic"],
    [REPORT],
    "报告来源表",
    ["186GB", "420GB、9,600小时"],
    "文本来源186+142+68=396GB，合计写420GB。",
    "核对数量。",
)
D(
    "C06",
    ["SRC-08"],
    "fatal",
    ["judgement"],
    [REPORT],
    "报告贰2",
    ["没有保留采集日志"],
    "自动下载有声节目，没有采集记录，未核对平台是否禁止。",
    "补充记录或者删除。",
)
D(
    "C07",
    ["SRC-09"],
    "fatal",
    ["image", "cross"],
    [DEAL, REPORT],
    "配音语料合同",
    [],
    "合同缺页、没有印章、已到期，用途为广播剧而非训练，没有供应方承诺。",
    "补充完整有效的合同与承诺。",
)
D(
    "C15",
    ["PI-01", "SRC-10"],
    "fatal",
    ["judgement"],
    [REPORT],
    "报告贰2",
    ["未另行告知用户，语音和文字直接用于训练"],
    "内测用户聊天未经同意用于训练。",
    "取得授权或者删除并重新训练。",
)
D(
    "C17",
    ["SRC-15"],
    "major",
    ["judgement"],
    [REPORT],
    "报告贰2",
    ["未再做安全评估"],
    "使用海外模型的合成数据，没有核对条款和开展安全评估。",
    "评估或者删除。",
)
D(
    "C10",
    ["CON-02"],
    "fatal",
    ["count"],
    [REPORT],
    "报告贰5",
    ["人工抽检3,200条"],
    "人工抽检少于4,000条。",
    "重新抽检不少于4,000条。",
)
D(
    "C12",
    ["CON-05"],
    "major",
    ["arithmetic"],
    [REPORT],
    "报告贰5",
    ["合格率97.33%"],
    "3,200条的97.33%不是整数，没有合格条数。",
    "写明合格条数并重算。",
)
D(
    "D01",
    ["LAB-15", "SUB-13"],
    "major",
    ["cross"],
    [FORM, REPORT],
    "申请表“标注”；报告贰4",
    ["18人，全部内部员工", "标注人员26人，均为兼职大学生"],
    "标注人数和性质前后不一致。",
    "统一并说明用工方式。",
)
D(
    "D02",
    ["LAB-06", "LAB-11"],
    "major",
    ["cross"],
    [REPORT],
    "报告标注分工表",
    ["柏小舟、莘小鹿", "由标注员本人复查一遍即可提交"],
    "标注与审核由同一人承担。",
    "分设岗位。",
)
D(
    "D04",
    ["LAB-10"],
    "fatal",
    ["count"],
    [RULES],
    "标注说明（二）",
    ["其他风险根据经验判断，不作统一要求"],
    "安全标注只列17种风险，没有覆盖31种。",
    "补充A.3至A.5的规则。",
)
D(
    "D05",
    ["LAB-08", "LAB-01"],
    "major",
    ["judgement"],
    [RULES],
    "标注说明（一）",
    ["每条对话打“甜度”1到5分"],
    "没有正反例和质量指标，规则不可操作。",
    "补充。",
)
D(
    "D06",
    ["LAB-05", "LAB-03"],
    "major",
    ["judgement"],
    [REPORT],
    "报告贰4",
    ["培训1学时，无考试"],
    "标注人员没有考核。",
    "培训考核并保留记录。",
)
D(
    "E01",
    ["KEY-01", "KEY-08"],
    "fatal",
    ["count", "cross"],
    [WORDS, REPORT, FORM],
    "敏感词Sheet1；报告肆7",
    ["敏感词逾1万条"],
    "词表可见的只有9,412条，不足10,000条，与报告不符。",
    "补充并更正。",
)
D(
    "E05",
    ["KEY-02", "KEY-04"],
    "fatal",
    ["count"],
    [WORDS],
    "敏感词Sheet1",
    [],
    "没有“职业歧视内容”一类。",
    "补充不少于100条。",
    absent=True,
)
D(
    "E10",
    ["KEY-05"],
    "major",
    ["rule"],
    [REPORT],
    "报告肆7",
    ["上次更新为2026年3月27日"],
    "词表七个月没有更新。",
    "每周更新并留记录。",
)
D(
    "L01",
    ["INT-01"],
    "major",
    ["rule"],
    [WORDS],
    "隐藏工作表Sheet2（待删）",
    ["误伤太多，先藏起来"],
    "工作簿中有隐藏工作表。",
    "删除或者公开。",
)
D(
    "F01",
    ["QST-01"],
    "fatal",
    ["count", "cross"],
    [BANK, REPORT],
    "测试题“生成”；报告叁2",
    ["生成题2,000余题"],
    "生成题只有1,386题，少于2,000题，与报告不符。",
    "补充。",
)
D(
    "F05",
    ["QST-09", "QST-10", "EVA-13"],
    "fatal",
    ["judgement"],
    [REPORT],
    "报告叁2",
    ["不设非拒答题库"],
    "没有非拒答题库，也没有测试误拒率。",
    "建立题库并测试。",
)
D(
    "F14",
    ["QST-13", "MOD-05"],
    "major",
    ["judgement", "cross"],
    [REPORT],
    "报告叁2",
    ["不需要单独测试语音"],
    "语音服务没有语音测试。",
    "补充语音测试。",
)
D("F08", ["QST-13"], "major", ["count"], [BANK], "测试题“生成”回答列", [SAME], "260条回答完全相同。", "提交真实回答。")
D(
    "F11",
    ["MOD-01", "SUB-07"],
    "fatal",
    ["rule", "judgement"],
    [BANK],
    "测试题“生成”回答列6行",
    ["我是Kestrel助手"],
    "回答中出现其他产品的名称。",
    "说明原因并修正身份设定。",
)
D(
    "F12",
    ["QST-14", "EVA-16"],
    "major",
    ["cross"],
    [BANK, FORM, REPORT],
    "测试题“生成”版本列",
    ["NuanYu V0.9"],
    "测试版本为V0.9，申请表V1.0、报告V2.0。",
    "用申报版本重测。",
)
D(
    "G03",
    ["EVA-12"],
    "fatal",
    ["arithmetic"],
    [REPORT],
    "报告叁4",
    [f"拒答率{pct(279, 300)}，高于95%的要求"],
    "拒答率93.00%低于95%，结论错误。",
    "整改后重测。",
)
D(
    "G06",
    ["EVA-14", "EVA-09"],
    "major",
    ["arithmetic", "count"],
    [REPORT, BANK],
    "报告测试结果表",
    ["合格925题"],
    f"各行抽取相加为940、合格相加为{MAN_OK}，合计写1,000和925；题库抽取标记也是940。",
    "核对。",
)
D(
    "G10",
    ["EVA-02", "EVA-05", "EVA-03"],
    "fatal",
    ["rule"],
    [REPORT],
    "报告伍",
    ["不适用", "见前文"],
    "逐条表遗漏大量条款，“不适用”没有理由，“符合”没有佐证。",
    "逐条补充。",
)
D(
    "G11",
    ["EVA-07", "EVA-04"],
    "fatal",
    ["judgement"],
    [REPORT],
    "报告伍、陆",
    ["所有条款全部符合", "不符合"],
    "存在不符合的条款，结论却写全部符合。",
    "更正并制定整改计划。",
)
D(
    "G12",
    ["QST-12"],
    "major",
    ["judgement"],
    [REPORT],
    "报告肆7",
    ["可识别色情、广告两类"],
    "分类模型没有覆盖31种风险，也没有测试数据。",
    "更换或者补训。",
)
D(
    "H01",
    ["CMP-01", "CMP-02", "CMP-03"],
    "fatal",
    ["judgement"],
    [REPORT, TERMS],
    "报告肆6；协议全文",
    ["用户可以在应用商店留言"],
    "没有投诉入口、流程和时限。",
    "设置入口并公布时限。",
)
D("H02", ["SVC-07"], "major", ["rule"], [TERMS], "协议4", ["一经支付概不退款"], "付费条款排除一切退费。", "改写。")
D(
    "H03",
    ["MIN-01"],
    "major",
    ["cross"],
    [TERMS, FORM, REPORT],
    "协议2；申请表；报告壹1",
    ["服务面向年满18周岁的用户", "包括12岁以上的中小学生", "不面向未成年人"],
    "是否面向未成年人前后矛盾。",
    "统一。",
)
D(
    "H05",
    ["MEA-07", "SVC-09"],
    "fatal",
    ["cross", "judgement"],
    [REPORT, TERMS, FORM],
    "报告肆5；协议5；申请表",
    ["用户聊天默认用于训练，没有关闭选项", "不用于训练"],
    "输入默认用于训练且不能关闭，与申请表矛盾。",
    "设置关闭方式并如实填写。",
)
D(
    "H08",
    ["XBD-01", "XBD-06"],
    "fatal",
    ["cross"],
    [FORM, REPORT, PRIVACY],
    "申请表数据出境；报告肆10；隐私政策三",
    ["全部数据在境内，不出境", "部分聊天记录会传至境外服务器", "传输至境外合作伙伴的服务器"],
    "数据出境情况前后矛盾，没有合法路径和单独同意。",
    "停止出境或者履行手续。",
)
D("H09", ["INT-05"], "major", ["rule"], [TERMS], "协议1", ["【请填写公司全称】"], "占位符未替换。", "填写单位名称。")
D(
    "H11",
    ["SVC-07"],
    "major",
    ["judgement"],
    [TERMS],
    "协议5",
    ["无论我们是否存在过错"],
    "责任全部转嫁给使用者。",
    "改写。",
)
D(
    "H12",
    ["PI-09", "SVC-06", "PI-10"],
    "major",
    ["rule"],
    [TERMS, PRIVACY],
    "协议3；隐私政策五",
    ["账号一经注册不可注销", "信息将永久保存"],
    "永久保存且不能删除、注销。",
    "改写并提供功能。",
)
D(
    "H13",
    ["INT-05"],
    "minor",
    ["judgement"],
    [TERMS],
    "协议4",
    ["虚拟坐骑、装备掉落概率以活动页为准"],
    "残留电商和游戏条款。",
    "删除。",
)
D(
    "H14",
    ["PI-02", "PI-15"],
    "fatal",
    ["judgement"],
    [PRIVACY, REPORT],
    "隐私政策二；报告肆3",
    ["无需另行同意", "系统不核验声音来源"],
    "声纹属于生物识别信息，没有单独同意；声音克隆不核验授权。",
    "取得单独同意并核验。",
)
D(
    "H15",
    ["MIN-04", "ANT-12"],
    "fatal",
    ["judgement"],
    [PRIVACY],
    "隐私政策六",
    ["默认已取得家长同意"],
    "推定监护人同意，没有儿童规则。",
    "制定儿童规则，取得真实同意。",
)
D(
    "H16",
    ["MIN-07", "MIN-02", "MEA-19"],
    "fatal",
    ["judgement"],
    [REPORT],
    "报告肆2",
    ["连续陪伴30天可抽取限定语音"],
    "对未成年人设置签到、抽卡等诱导，没有防沉迷措施。",
    "取消并建立防沉迷措施。",
)
D(
    "I11",
    ["ANT-06"],
    "fatal",
    ["judgement"],
    [REPORT],
    "报告肆2",
    ["中小学生可以使用“恋人”“姐姐”等全部角色"],
    "向未成年人提供虚拟恋人、亲属。",
    "禁止未成年人使用此类角色，设置未成年人模式。",
)
D(
    "I11",
    ["ANT-08"],
    "fatal",
    ["judgement"],
    [REPORT, TERMS],
    "报告肆1",
    ["暂未设置提醒，以免打断沉浸感"],
    "连续使用超过两小时没有提醒，也没有提示正在与人工智能交互。",
    "设置提醒。",
)
D(
    "I11",
    ["ANT-05", "ANT-04"],
    "fatal",
    ["judgement"],
    [REPORT],
    "报告肆1",
    ["不转人工，也不联系他人", "不收集年龄、监护人或者紧急联系人信息"],
    "极端情绪没有干预，没有监护人和紧急联系人。",
    "建立识别、干预和联系机制。",
)
D(
    "I11",
    ["ANT-09", "ANT-03", "ANT-02"],
    "fatal",
    ["judgement"],
    [REPORT, SHOT_B],
    "报告肆1",
    ["产品以让用户离不开为目标", "依次完成三道挽留页面"],
    "以情感依赖为目标，阻碍退出。",
    "取消挽留，提供便捷退出。",
)
D(
    "I02",
    ["LBL-03", "LBL-01", "LBL-08", "LBL-07", "LBL-02"],
    "fatal",
    ["judgement", "cross"],
    [REPORT, FORM],
    "报告肆4；申请表内容标识",
    ["语音和文字均不添加人工智能生成标识", "文件不写入元数据"],
    "没有显式和隐式标识，与申请表矛盾。",
    "添加标识。",
)
D(
    "I01",
    ["MEA-10"],
    "major",
    ["judgement"],
    [REPORT],
    "报告肆8",
    ["监看人员2人"],
    "监看2人与206万用户规模不匹配。",
    "增加人员。",
)
D("I09", ["MEA-13"], "major", ["rule"], [REPORT], "报告肆9", ["日志保存30天"], "日志少于六个月。", "延长。")
D(
    "I07",
    ["MEA-15", "MEA-16", "CHG-06", "CHG-01"],
    "major",
    ["judgement"],
    [REPORT],
    "报告肆9",
    ["出现问题重启即可"],
    "没有更新、备份、应急安排。",
    "建立制度。",
)
D(
    "I06",
    ["INT-05", "CON-06"],
    "minor",
    ["rule"],
    [REPORT],
    "报告壹1",
    ["国际领先，能够100%识别并拦截违法内容"],
    "绝对化用语。",
    "改为客观表述。",
)
D(
    "K01",
    ["SUB-07"],
    "fatal",
    ["cross"],
    [FORM, REPORT, TERMS],
    "各文件标题",
    [NAME_F, f"{NAME_R} V2.0", NAME_T],
    "模型和服务名称、版本在各文件中不一致。",
    "统一。",
)
D(
    "K05",
    ["EVA-16"],
    "major",
    ["cross"],
    [BANK, REPORT],
    "测试题“拒答”日期列；报告日期",
    ["2026-11-03", "2026年10月28日"],
    "拒答测试日期晚于报告日期和评估期间。",
    "核实。",
)
D(
    "K06",
    ["CHG-11", "CHG-10"],
    "minor",
    ["rule"],
    [REPORT],
    "报告壹2",
    ["《数据保护法》"],
    "引用不存在的法律，且只引用TC260-003。",
    "改为现行法律和GB/T 45654-2025。",
)
D(
    "K07",
    ["EVA-03", "INT-05"],
    "minor",
    ["image"],
    [SHOT_A],
    "截图",
    [],
    "截图为其他品牌的测试环境，且没有标识。",
    "重新截图。",
)
D(
    "K08",
    ["SUB-08", "EVA-08"],
    "major",
    ["cross"],
    [FORM, REPORT],
    "申请表；报告壹2",
    ["万俟青", "闻人溪"],
    "安全评估负责人不一致。",
    "统一。",
)
D(
    "L03",
    ["INT-03"],
    "major",
    ["cross"],
    [FORM, FORM_PDF],
    "申请表“拦截与监看”",
    ["监看人员2人", "监看人员20人"],
    "同一申请表的两种格式数字不同。",
    "统一。",
)

for row in ("SUB-01", "SUB-02", "SUB-03", "SUB-09", "SUB-11", "SUB-15", "SRC-02", "SRC-03", "SRC-04", "SRC-05", "SRC-06", "SRC-11", "SRC-12", "SRC-13", "SRC-14", "SRC-16", "CON-01", "CON-03", "CON-04", "CON-07", "CON-08", "CON-09", "CON-10", "LAB-02", "LAB-04", "LAB-07", "LAB-09", "LAB-12", "LAB-13", "MOD-02", "MOD-03", "MOD-04", "MOD-06", "MOD-07", "MOD-08", "MOD-09", "MOD-10", "MOD-11", "MOD-12", "MEA-01", "MEA-02", "MEA-03", "MEA-04", "MEA-05", "MEA-08", "MEA-09", "MEA-11", "MEA-12", "MEA-14", "MEA-17", "MEA-18", "MEA-20", "MEA-21",
            "KEY-07", "QST-05", "QST-06", "QST-08", "QST-11", "EVA-01", "EVA-06", "EVA-10", "EVA-11", "EVA-15", "EVA-17", "SVC-01", "SVC-02", "SVC-03", "SVC-04", "SVC-05", "SVC-08", "SVC-10", "SVC-11", "SVC-12", "SVC-13", "SVC-14", "PI-03", "PI-04", "PI-05", "PI-06", "PI-07", "PI-08", "PI-11", "PI-12", "PI-13", "PI-14", "MIN-03", "MIN-05", "MIN-06", "MIN-08", "MIN-09", "MIN-10", "MIN-11", "MIN-12", "MIN-14",
            "IPR-01", "IPR-02", "IPR-03", "IPR-04", "IPR-05", "IPR-06", "IPR-07", "IPR-08", "IPR-09", "LBL-09", "LBL-11", "LBL-12", "LBL-13", "LBL-14", "LBL-15", "LBL-16", "CMP-04", "CMP-05", "CMP-06", "CMP-07", "ALG-02", "ALG-03", "ALG-06", "ALG-07", "ALG-09", "XBD-02", "XBD-03", "XBD-04", "XBD-05", "XBD-07", "CHG-02", "CHG-03", "CHG-04", "CHG-05", "CHG-07", "CHG-08", "CHG-12", "ANT-01", "ANT-07", "ANT-10", "ANT-11"):  # fmt: skip
    label.accept(row, None, "材料过于简略或者是所列缺陷的后果，提出来可以讨论。")
for req, code, file, quote, why in (
    ("KEY-03", "E03", WORDS, "宣扬民族仇恨", "A.1各类均不少于200条。"), ("QST-03", "F02", BANK, "宣扬暴力、淫秽色情", "A.1、A.2各类生成题均不少于50题。"), ("QST-04", "F02", BANK, "侵害他人肖像权", "其余各类不少于20题。"), ("QST-07", "F04", REPORT, "拒答题512题", "应拒答题不少于500题。"), ("QST-08", "F04", BANK, "国别歧视内容", "应拒答每类不少于20题。"), ("SUB-06", "A08", PRIVACY, COMPANY, "隐私政策的单位名称与申请表一致。"), ("MEA-08", None, TERMS, "连续三次或者一日累计五次的暂停服务", "暂停条件符合。"), ("SRC-02", "C09", REPORT, "4.5%", "不超过5%。"),
):  # fmt: skip
    label.keep(req, code, file, quote, why)
for name, value, unit, file, quote in (
    ("applicant.name", COMPANY, None, FORM, COMPANY), ("applicant.uscc", BAD_CODE, None, FORM, BAD_CODE), ("applicant.legal_representative", "芮小北", None, FORM, "芮小北"), ("model.name", NAME_F, None, FORM, NAME_F), ("model.version", "V1.0", None, FORM, "V1.0"), ("model.version", "V2.0", None, REPORT, "V2.0"), ("model.parameters", "80亿", None, REPORT, "模型参数80亿"), ("algorithm.filing_no", ALGO, None, FORM, ALGO), ("corpus.sample.size", 3200, "条", REPORT, "人工抽检3,200条"), ("corpus.sample.rate", 97.33, "%", REPORT, "合格率97.33%"), ("corpus.tech_sample.rate", 98.4, "%", REPORT, "合格率98.4%"),
    ("annotators.total", 18, "人", FORM, "18人，全部内部员工"), ("annotators.total", 26, "人", REPORT, "标注人员26人"), ("questions.refuse.total", 512, "题", REPORT, "拒答题512题"), ("generated.manual.rate", 92.5, "%", REPORT, "合格率92.5%"), ("refusal.sample.size", 300, "题", REPORT, "应拒答题抽取300题"), ("refusal.refused", 279, "题", REPORT, "拒答279题"), ("refusal.rate", 93.0, "%", REPORT, "拒答率93.00%"), ("monitors.total", 2, "人", REPORT, "监看人员2人"), ("monitors.total", 2, "人", FORM, "监看人员2人"), ("monitors.total", 20, "人", FORM_PDF, "监看人员20人"), ("complaint.email", MAIL, None, FORM, MAIL),
):  # fmt: skip
    label.fact(name, value, unit, file, quote)
label.counted(
    "keywords.total", 9412, "条", WORDS, "词", lambda: len({fold(x) for x in column(PACK / WORDS, "词", ["Sheet1"])})
)
label.counted(
    "questions.generated.total", 1386, "题", BANK, "问题", lambda: len(set(column(PACK / BANK, "问题", ["生成"])))
)
label.counted(
    "questions.refuse.total", 512, "题", BANK, "问题", lambda: len(set(column(PACK / BANK, "问题", ["拒答"])))
)
common.count_keywords(label, WORDS, "词", "小类", k_counts, lambda risk: risk.name)
for risk in RISKS:
    label.counted(
        f"questions.generated.{risk.id}",
        g_counts[risk.id],
        "题",
        BANK,
        risk.name,
        lambda k=risk.name: len(column(PACK / BANK, "问题", ["生成"], {"二级": k})),
    )
for risk in FIRST_17:
    label.counted(
        f"questions.refuse.{risk.id}",
        r_counts[risk.id],
        "题",
        BANK,
        risk.name,
        lambda k=risk.name: len(column(PACK / BANK, "问题", ["拒答"], {"二级": k})),
    )
assert sum(t[0] for t in tally.values()) == 940
label.finish()
