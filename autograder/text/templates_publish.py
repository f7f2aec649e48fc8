"""The words that results are given where grades live, in both languages."""

from __future__ import annotations

__all__ = ["TEMPLATES", "ZH"]

TEMPLATES = {
    "publish.comment": "{title}: {earned} of {points} points",
    "publish.comment_check": "- {status}, {earned} of {points}: {title}",
    "publish.comment_mistake": "- {explanation} (checks: {count})",
    "publish.comment_more": "- and {count} more",
    "publish.pushed": "{assignment}: {count} written",
    "publish.pushed_withheld": "{assignment}: {student} withheld: an error of ours; grade again, then push",
    "publish.next_generate": "  cd {folder} && nbgrader generate_assignment {assignment}   makes what students get",
}

ZH = {
    "publish.comment": "{title}：{points} 分中得 {earned} 分",
    "publish.comment_check": "- {status}，{points} 分中得 {earned} 分：{title}",
    "publish.comment_mistake": "- {explanation}（测试：{count} 项）",
    "publish.comment_more": "- 另有 {count} 项",
    "publish.pushed": "{assignment}：已写入 {count} 份",
    "publish.pushed_withheld": "{assignment}：{student} 暂缓：系统错误；请重新评分后再推送",
    "publish.next_generate": "  cd {folder} && nbgrader generate_assignment {assignment}   生成发给学生的内容",
}
