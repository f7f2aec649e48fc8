"""Words that the course room writes into what students get."""

__all__ = ["TEMPLATES", "ZH"]

TEMPLATES: dict[str, str] = {
    "course.stub": "Write your code where it says YOUR CODE HERE, and hand in this file or the notebook, not both.",
    "course.check_cell": "{title}: {points} points.\nRun this cell to check what you have; it is not yours to change.",
    "course.check_all": "All {points} points: the public checks of every part.",
    "course.readme": (
        "# {title}\n"
        "\n"
        'Install once: `pip install "{package}"`\n'
        "\n"
        "Work in `{name}.ipynb` or in `{name}.py`, whichever you like, and hand in that one file.\n"
        "\n"
        "| file | what it is |\n"
        "|---|---|\n"
        "| `{name}.ipynb` | the assignment as a notebook; `{name}.zh.ipynb` is the same in Chinese |\n"
        "| `{name}.py` | the same code as a module, without the text |\n"
        "| `test_public.py` | the checks that you can see; others come on top when you are graded |\n"
        "| `known_mistakes.bin` | lets the checks tell you which known mistake they see |\n"
        "\n"
        "Check your work: run the last cell of the notebook, or `autograder check {name}.py` in a terminal."
    ),
    "course.readme_notebook": (
        "# {title}\n"
        "\n"
        'Install once: `pip install "{package}"`\n'
        "\n"
        "Work in `{name}.ipynb`, and submit the assignment as you always do.\n"
        "\n"
        "| file | what it is |\n"
        "|---|---|\n"
        "| `{name}.ipynb` | the assignment |\n"
        "| `test_public.py` | the checks that you can see; others come on top when you are graded |\n"
        "| `known_mistakes.bin` | lets the checks tell you which known mistake they see |\n"
        "\n"
        "Check your work: run the last cell of the notebook."
    ),
}

ZH: dict[str, str] = {
    "course.stub": "请在标有 YOUR CODE HERE 的地方编写代码，并提交本文件或笔记本，二者选一。",
    "course.check_cell": "{title}：{points} 分。\n运行此单元格即可检查你的代码；请勿修改此单元格。",
    "course.check_all": "共 {points} 分：运行各部分的全部公开测试。",
    "course.readme": (
        "# {title}\n"
        "\n"
        '先安装一次：`pip install "{package}"`\n'
        "\n"
        "在 `{name}.zh.ipynb` 或 `{name}.py` 中作答均可，并只提交该文件。\n"
        "\n"
        "| 文件 | 说明 |\n"
        "|---|---|\n"
        "| `{name}.zh.ipynb` | 作业笔记本；`{name}.ipynb` 是其英文版 |\n"
        "| `{name}.py` | 同样的代码，模块形式，不含讲解 |\n"
        "| `test_public.py` | 你能看到的检查；评分时还有其他检查 |\n"
        "| `known_mistakes.bin` | 检查据此指出你犯的是哪种常见错误 |\n"
        "\n"
        "检查你的代码：运行笔记本的最后一个单元格，或在终端运行 `autograder check {name}.py --lang zh`。"
    ),
    "course.readme_notebook": (
        "# {title}\n"
        "\n"
        '先安装一次：`pip install "{package}"`\n'
        "\n"
        "在 `{name}.ipynb` 中作答，并照常提交作业。\n"
        "\n"
        "| 文件 | 说明 |\n"
        "|---|---|\n"
        "| `{name}.ipynb` | 作业笔记本 |\n"
        "| `test_public.py` | 你能看到的检查；评分时还有其他检查 |\n"
        "| `known_mistakes.bin` | 检查据此指出你犯的是哪种常见错误 |\n"
        "\n"
        "检查你的代码：运行笔记本的最后一个单元格。"
    ),
}
