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
}
"""Field name by label."""

SHEETS = {
    "leaders": "人员",
    "branches": "支部",
    "sites": "地点",
    "sessions": "班次",
    "offerings": "备选",
    "lecturers": "师资",
}
"""What a sheet with a table is called in Chinese; one with such a name needn't be named."""
