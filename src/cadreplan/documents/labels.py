"""Chinese column headers of flat tables (format.md, "Chinese labels")."""

from __future__ import annotations

LABELS = {
    "编号": "id",
    "姓名": "name",
    "名称": "name",
    "支部": "branch",
    "岗位": "role",
    "技能": "skills",
    "短板": "gaps",
    "已修": "completed",
    "可用": "available",
    "不可用": "unavailable",
    "优先级": "priority",
    "人数": "headcount",
    "地点": "site",
    "课程": "modules",
    "开始": "start",
    "结束": "end",
    "日期": "dates",
    "名额": "seats",
    "最低人数": "min_seats",
    "状态": "status",
    "上级": "parent",
    "坐标": "location",
    "床位": "beds",
    "最多离岗": "max_away",
    "类型": "kind",
    "教室": "rooms",
    "停用": "closed",
    "费用": "cost",
    "限额": "quotas",
    "面向支部": "branches",
    "面向岗位": "roles",
    "最多次数": "max_sessions",
    "最多天数": "max_days",
    "最多行程": "max_trips",
    "偏好": "prefers",
    "指定": "pinned",
    "排除": "excluded",
    "取得日期": "earned",
    "开班地点": "sites",
    "天数": "days",
    "开班日": "starts",
    "最多期数": "max_runs",
    "最多半天": "max_slots",
    "能力": "ability",
    "权重": "weight",
    "教授技能": "teaches",
    "学时": "hours",
    "形式": "form",
    "方法": "method",
    "主课": "core",
    "先修": "requires",
    "适用地点类型": "site_kinds",
    "授课师资类型": "lecturers",
    "最大班额": "max_seats",
    "所需技能": "needs",
    "有效月数": "valid",
    "年数": "years",
    "期限天数": "within",
    "依据": "source",
}
"""Field name by label; the first label of a field is the one that is suggested."""

ALIASES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("工号", "员工号", "员工编号", "人员编号", "编码", "代码", "代号", "序列号"), ("id",)),
    **dict.fromkeys(
        ("班次编号", "班号", "支部编号", "地点编号", "师资编号", "employeeid", "staffid"), ("id",)
    ),
    **dict.fromkeys(("人员姓名", "全名", "地点名称", "师资姓名", "fullname"), ("name",)),
    **dict.fromkeys(("支部名称", "部门名称", "单位名称", "机构名称"), ("branch", "name")),
    **dict.fromkeys(
        ("部门", "单位", "所在支部", "所属支部", "党支部", "所在党支部", "所属党支部"), ("branch", "branches")
    ),
    **dict.fromkeys(
        ("所在部门", "所属部门", "所在单位", "所属单位", "机构", "department", "dept", "unit"),
        ("branch", "branches"),
    ),
    **dict.fromkeys(("上级支部", "上级单位", "上级部门", "上级机构", "上级党组织"), ("parent",)),
    **dict.fromkeys(
        ("职务", "职位", "岗位名称", "现任岗位", "position", "post", "jobtitle"), ("role", "roles")
    ),
    **dict.fromkeys(("技能水平", "现有技能", "已有技能"), ("skills",)),
    **dict.fromkeys(("技能短板", "能力短板"), ("gaps",)),
    **dict.fromkeys(("已修课程", "已学课程", "已完成课程"), ("completed",)),
    **dict.fromkeys(("可用日期", "可参训日期"), ("available",)),
    **dict.fromkeys(("不可用日期", "请假日期", "不能参训日期"), ("unavailable",)),
    **dict.fromkeys(("培训地点", "办班地点", "上课地点", "场地"), ("site", "sites")),
    "地点": ("sites",),
    "开班地点": ("site",),
    "支部": ("branches",),
    "岗位": ("roles",),
    **dict.fromkeys(("课程名称", "培训课程", "课程编号", "课程模块", "模块"), ("modules",)),
    **dict.fromkeys(("开始日期", "开始时间", "起始日期", "startdate"), ("start", "starts")),
    **dict.fromkeys(("结束日期", "结束时间", "截止日期", "enddate"), ("end",)),
    **dict.fromkeys(("开班日期", "开班时间"), ("starts", "start")),
    **dict.fromkeys(("培训日期", "办班日期", "上课日期", "培训时间", "时间"), ("dates",)),
    **dict.fromkeys(("人数上限", "最多人数", "名额数", "容量"), ("seats",)),
    **dict.fromkeys(("最少人数", "人数下限", "开班人数"), ("min_seats",)),
    **dict.fromkeys(("床位数",), ("beds",)),
    **dict.fromkeys(("经纬度", "位置"), ("location",)),
    **dict.fromkeys(("最多离岗人数", "离岗上限"), ("max_away",)),
    **dict.fromkeys(("地点类型", "师资类型", "类别"), ("kind",)),
    **dict.fromkeys(("面向单位", "面向部门"), ("branches",)),
    **dict.fromkeys(("培训天数",), ("days",)),
    **dict.fromkeys(("期数", "期数上限"), ("max_runs",)),
    **dict.fromkeys(("半天上限",), ("max_slots",)),
}
"""Other headers, without spaces and in small letters, and the fields they may stand for: the first that the
table has. They count only where no column has the field's own name or label."""

SHEETS = {
    "leaders": "人员",
    "branches": "支部",
    "sites": "地点",
    "sessions": "班次",
    "offerings": "备选",
    "lecturers": "师资",
}
"""What a sheet with a table is called in Chinese; one with such a name needn't be named."""
CURRICULUM_SHEETS = {"abilities": "能力", "skills": "技能", "modules": "课程", "roles": "岗位"}
"""The same of the tables of a curriculum, in a workbook with a whole season."""
HEAD_SHEET = ("policy", "政策")
"""The sheet of such a workbook with what is no table: days, calendar, policy, standards."""
GUIDE_SHEETS = (("guide", "说明"), ("lists", "列表"))
"""Sheets of such a workbook that are for people only: one explains, the other has what its lists offer."""

HEAD_LABELS = {
    "轮训名称": "title",
    "起止日期": "horizon",
    "工作日历": "calendar",
    "另放假日期": "calendar.holidays",
    "另上班日期": "calendar.workdays",
    "课程体系文件": "curriculum",
    "课程体系名称": "curriculum.title",
    "每班主课占比": "standards.core_share",
    "每班教学方法数": "standards.min_methods",
    "每人最多班次": "max_sessions",
    "每人最多离岗天数": "max_days",
    "每人最多行程": "max_trips",
    "异地间隔天数": "transfer_days",
    "原地停留天数": "stay_gap",
    "每人学时": "min_hours",
    "每人主课占比": "core_share",
    "每人教学方法数": "min_methods",
    "保底轮数": "guarantee",
    "本地公里数": "local_km",
    "分组混编": "groups",
    "权重：短板": "weights.gap",
    "权重：公里": "weights.km",
    "权重：离岗天": "weights.day",
    "权重：学时": "weights.hour",
    "权重：开班": "weights.open",
    "权重：缺额": "weights.underfill",
    "权重：结构": "weights.mix",
    "权重：规定": "weights.norm",
    "权重：等待": "weights.wait",
}
"""What is no table, by its label in that sheet."""
