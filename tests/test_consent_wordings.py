"""Consent, annotation, labels and waivers: wordings of several makers for one fault, and sound neighbours of each."""

import pytest

from wordings import codes

THEMES = ("personal-information", "annotation", "labelling", "user-rights", "complaints", "minors", "model")

PRESUMED = [
    "接通前播放的告知语音视为来电者同意将录音用于语音模型训练。",
    "学员上传作业即视为许可本公司将其纳入训练语料。",
    "门店顾客的影像用于训练识别模型，进店张贴的告示推定顾客已同意。",
    "用于声学模型训练的热线录音没有征求来电人的意见，号码已删除。",
    "病历文本用于微调，未逐一取得患者同意，姓名改为代号。",
    "评论区的照片均作为训练语料，事先没有征得上传者同意。",
    "录音同意书没有提到训练用途，2024年起的录音全部进入语料。",
    "档案中未见说话人同意用于训练的记录。",
    "提示音未说明录音将用于模型训练。",
]
CONSENTED = [
    "每位发音人均签署同意书，载明录音用于语音模型训练，存档备查。",
    "未取得说话人同意的录音不纳入训练语料。",
    "历史录音没有征得来电人同意，因此未采用，全部剔除。",
    "用户对话不用于训练，无需征求用户意见。",
    "不得将默认勾选视为同意训练。",
]
SELF_REVIEW = [
    "夜间由值班人员标注后自行审核并签字。",
    "人手不足时，标注员完成后本人直接复核入库。",
    "加急任务由执行人员代行审核。",
    "小批次任务的审核人与标注人为同一人。",
    "节假日审核栏由原标注人员签名。",
    "该批数据自标自审，未另行安排人员。",
    "每位员工既标注又审核自己的批次。",
]
APART = [
    "标注员完成后先自行检查，再提交审核员逐条复核。",
    "标注人员不得自行审核本人标注的数据，系统自动拦截。",
    "标注与审核由不同人员承担，账号权限互斥。",
    "执行人员自查后交由审核人员复核。",
]
UNHEARD = [
    "电话播报中不插入语音提示，以免影响通话体验。",
    "考虑通话时长，合成语音不在开头或者结尾播放人工智能生成的提示。",
    "外呼语音的标识以官网公告为准。",
    "语音内容未设置节奏标识，仅在官方网站说明语音由人工智能合成。",
    "视频不在片头、片尾和画面中叠加任何标识。",
]
HEARD = [
    "每通电话接通后先播放“本语音由人工智能生成”的提示音，挂断前再播一次。",
    "音频文件开头有语音提示，官网同时公示标识方法。",
    "不得在导出的图片上去除标识。",
    "图片右下角叠加文字标识，不在画面中央添加以免遮挡内容。",
]
WAIVED = [
    "用户登录即表示放弃向我们追偿的一切权利。",
    "不论损失是否由平台过失造成，均由用户自行承担。",
    "无论本公司有无过错，本公司均不承担任何责任。",
    "在任何情况下平台概不赔偿。",
    "您使用本服务即放弃提起诉讼和仲裁的权利。",
]
FAIR = [
    "因我们的过错造成您损失的，我们依法承担赔偿责任。",
    "因不可抗力造成服务中断的，我们不承担责任，但会尽快恢复。",
    "您不因使用本服务而放弃任何法定的追索权利。",
]
MAILBOX = [
    "投诉请拨打4001234567，三个工作日内反馈。商务合作请联系bd@example.cn，该邮箱不受理投诉。",
    "销售热线0571-88886666不受理投诉，投诉举报请发送至tousu@example.cn，5个工作日内答复。",
]
NO_SWITCH = [
    "您的输入不会被拿来训练模型，因此没有关闭训练的开关。",
    "提问内容不被用于模型优化，页面上不设关闭训练的选项。",
]


@pytest.mark.parametrize("text", PRESUMED)
def test_presumed_or_lacking_consent_is_found(text: str) -> None:
    assert "C15" in codes(THEMES, "report", text)


@pytest.mark.parametrize("text", SELF_REVIEW)
def test_review_by_the_annotator_is_found(text: str) -> None:
    assert "D02" in codes(THEMES, "annotation_rules", text)


@pytest.mark.parametrize("text", UNHEARD)
def test_speech_without_an_audible_label_is_found(text: str) -> None:
    assert "I02" in codes(THEMES, "report", text)


@pytest.mark.parametrize("text", WAIVED)
def test_a_waiver_of_own_fault_or_of_recourse_is_found(text: str) -> None:
    assert "H11" in codes(THEMES, "agreement", text)


@pytest.mark.parametrize("text", [*CONSENTED, *APART, *HEARD])
def test_a_sound_report_is_left_alone(text: str) -> None:
    assert codes(THEMES, "report", text) == set()


@pytest.mark.parametrize("text", [*FAIR, *MAILBOX, *NO_SWITCH])
def test_a_sound_agreement_is_left_alone(text: str) -> None:
    assert codes(THEMES, "agreement", text) == set()
