"""The fixed part of every generated roster: provinces, sites, skills, modules and roles. No chance in here.

Latitudes and longitudes are those of the provincial capitals and of the towns the bases lie in, in degrees.
"""

from __future__ import annotations

from cadreplan.instance import Ability, Location, Module, Role, Skill

PROVINCES: tuple[tuple[str, str, Location], ...] = (
    ("BJ", "北京", (39.90, 116.41)),
    ("GD", "广东", (23.13, 113.26)),
    ("JS", "江苏", (32.06, 118.80)),
    ("SC", "四川", (30.57, 104.07)),
    ("HL", "黑龙江", (45.80, 126.53)),
    ("SN", "陕西", (34.34, 108.94)),
    ("HB", "湖北", (30.59, 114.31)),
    ("ZJ", "浙江", (30.27, 120.15)),
    ("SD", "山东", (36.65, 117.12)),
    ("HA", "河南", (34.75, 113.62)),
    ("YN", "云南", (25.04, 102.71)),
    ("JX", "江西", (28.68, 115.86)),
    ("HE", "河北", (38.04, 114.51)),
    ("LN", "辽宁", (41.80, 123.43)),
    ("SH", "上海", (31.23, 121.47)),
    ("FJ", "福建", (26.07, 119.30)),
    ("HN", "湖南", (28.23, 112.94)),
    ("AH", "安徽", (31.82, 117.23)),
    ("GX", "广西", (22.82, 108.37)),
    ("CQ", "重庆", (29.56, 106.55)),
    ("GZ", "贵州", (26.65, 106.63)),
    ("SX", "山西", (37.87, 112.55)),
    ("JL", "吉林", (43.82, 125.32)),
    ("TJ", "天津", (39.08, 117.20)),
    ("GS", "甘肃", (36.06, 103.83)),
    ("NM", "内蒙古", (40.84, 111.75)),
    ("XJ", "新疆", (43.83, 87.62)),
    ("HI", "海南", (20.04, 110.20)),
    ("NX", "宁夏", (38.49, 106.23)),
    ("QH", "青海", (36.62, 101.78)),
    ("XZ", "西藏", (29.65, 91.14)),
)
"""(id, name, capital) of the 31 provinces, in an order in which any prefix is spread over the country."""

PROVINCE_SIZES = dict(
    zip(
        (province[0] for province in PROVINCES),
        (8, 9, 8, 7, 5, 5, 6, 7, 8, 8, 4, 4, 6, 5, 5, 4, 6, 5, 4, 4, 3, 4, 3, 3, 3, 3, 3, 2, 1, 1, 1),
        strict=True,
    )
)
"""Relative number of leaders."""

NATIONAL_SITES: tuple[tuple[str, str, str, Location], ...] = (
    ("school-beijing", "总行党校", "party-school", (40.01, 116.28)),
    ("school-wuhan", "总行党校武汉分校", "party-school", (30.52, 114.36)),
    ("university-shenzhen", "企业大学", "enterprise-university", (22.54, 114.06)),
    ("base-jinggangshan", "井冈山教育基地", "education-base", (26.57, 114.17)),
    ("base-yanan", "延安教育基地", "education-base", (36.59, 109.49)),
    ("base-xibaipo", "西柏坡教育基地", "education-base", (38.35, 113.94)),
    ("base-zunyi", "遵义教育基地", "education-base", (27.73, 106.93)),
    ("practice-xiongan", "雄安实践基地", "practice-base", (39.05, 115.93)),
)

ABILITIES = (
    Ability("political", "政治能力"),
    Ability("duty", "履职能力"),
    Ability("innovation", "创新能力"),
    Ability("development", "发展能力"),
)

_SKILLS: tuple[tuple[str, str, int, int], ...] = (
    ("theory", "理论学习", 0, 3),
    ("classics", "原著研读", 0, 1),
    ("standpoint", "立场方法", 0, 2),
    ("study-to-action", "学用结合", 0, 2),
    ("convictions", "理想信念", 0, 3),
    ("discipline", "纪律规矩", 0, 2),
    ("three-meetings", "三会一课", 1, 3),
    ("admitting-members", "发展党员", 1, 2),
    ("member-review", "民主评议", 1, 1),
    ("organised-life", "组织生活", 1, 2),
    ("ideological-work", "思想工作", 1, 2),
    ("talks", "谈心谈话", 1, 1),
    ("case-work", "案例研讨", 2, 1),
    ("new-media", "新媒体宣传", 2, 1),
    ("brand", "品牌创建", 2, 1),
    ("problem-solving", "问题攻关", 2, 2),
    ("digital-party-work", "智慧党建", 2, 1),
    ("young-people", "青年培养", 2, 2),
    ("real-economy", "服务实体经济", 3, 3),
    ("risk", "防范金融风险", 3, 3),
    ("mass-line", "群众路线", 3, 2),
    ("caring", "关爱员工", 3, 1),
    ("hard-regions", "艰苦地区带队", 3, 2),
    ("rural", "乡村振兴", 3, 2),
)
"""(id, name, ability, weight)."""

SKILLS = tuple(Skill(*row) for row in _SKILLS)

METHODS = ("lecture", "seminar", "experiential", "simulation")
_FORMS = ("lecture", "tutorial", "exchange")
_LECTURERS = (("school-lecturer",), ("committee-secretary", "school-lecturer"), ("organization-head",), ())


def modules(*, prerequisites: bool) -> tuple[Module, ...]:
    """A basic module for every skill (up to level 2) and an advanced one (level 3) for two skills in three.

    An advanced module reaches level 1 or 2 of the next skill as well; every second one requires the basic
    module of its skill where `prerequisites`.
    """
    basic: list[Module] = []
    advanced: list[Module] = []
    for k, skill in enumerate(SKILLS):
        teaches = {k: 2} if k % 3 else {k: 2, (k + 5) % len(SKILLS): 1}
        basic.append(_module(f"{skill.id}-1", f"{skill.name}基础", k, 4 + 4 * (k % 2), teaches, ()))
    for k, skill in enumerate(SKILLS):
        if k % 3 == 2:
            continue
        teaches = {k: 3, (k + 1) % len(SKILLS): 1 + k % 2}
        requires = ((k,),) if prerequisites and k % 2 else ()
        advanced.append(
            _module(f"{skill.id}-2", f"{skill.name}提高", k + 3, 4 + 4 * (k % 3 == 0), teaches, requires)
        )
    return (*basic, *advanced)


def _module(
    id_: str, name: str, turn: int, hours: int, teaches: dict[int, int], requires: tuple[tuple[int, ...], ...]
) -> Module:
    return Module(
        id=id_,
        name=name,
        hours=hours,
        form=_FORMS[turn % len(_FORMS)],
        method=METHODS[turn % len(METHODS)],
        core=turn % 9 not in (2, 4, 6, 8),
        teaches=tuple(sorted(teaches.items())),
        requires=requires,
        lecturers=_LECTURERS[turn % len(_LECTURERS)],
    )


_ROLES = (
    ("outlet-secretary", "网点支部书记"),
    ("sub-branch-secretary", "支行支部书记"),
    ("department-secretary", "部门支部书记"),
    ("hard-region-secretary", "艰苦地区支部书记"),
    ("new-secretary", "新任支部书记"),
    ("committee-member", "支部委员"),
    ("party-worker", "党务干部"),
    ("young-cadre", "青年干部"),
)


def roles() -> tuple[Role, ...]:
    """Eight roles, each needing nine skills at levels that some module reaches; together they need all."""
    drawn: list[Role] = []
    for r, (id_, name) in enumerate(_ROLES):
        needs: dict[int, int] = {}
        for j in range(9):
            skill = (3 * r + 5 * j) % len(SKILLS)
            level = (1, 2, 2, 3)[(r + j) % 4]
            needs[skill] = min(level, 2) if skill % 3 == 2 else level
        drawn.append(Role(id_, name, tuple(sorted(needs.items()))))
    return tuple(drawn)


SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉红建文辉力国庆云海波宁春燕雪梅东晨宇佳"
