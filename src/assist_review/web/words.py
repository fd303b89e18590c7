"""English words of the pages by their Chinese ones, and Chinese words of keys."""

CHINESE: dict[str, str] = {
    "role.applicant": "申请人", "role.reviewer": "审查人", "role.second": "复核人", "role.lead": "负责人", "role.admin": "管理员",
    "role.auditor": "审计员",
    "theme.algorithm-filing": "算法备案", "theme.annotation": "语料标注", "theme.anthropomorphic": "拟人化互动", "theme.assessment": "安全评估",
    "theme.change": "变更", "theme.complaints": "投诉举报", "theme.corpus-content": "语料内容", "theme.corpus-sources": "语料来源",
    "theme.cross-border": "数据出境", "theme.integrity": "材料完整性", "theme.intellectual-property": "知识产权", "theme.keywords": "拦截关键词",
    "theme.labelling": "内容标识", "theme.minors": "未成年人", "theme.model": "模型", "theme.personal-information": "个人信息",
    "theme.question-banks": "测试题库", "theme.safeguards": "安全措施", "theme.subject": "主体与材料", "theme.user-rights": "用户权益", "theme.": "其他",
}  # fmt: skip
ENGLISH: dict[str, str] = {}
