"""Workbooks with the energy balances of yearbooks, made as statistics bureaus lay them out.

`PROVINCE` is fictitious: leaves are given, sums follow. `shandong_2005` is printed: yearbook of Shandong 2006,
table 6-9 (tjj.shandong.gov.cn/tjnj/nj2006/NJ06/HTML/0609.htm), in standard coal.
"""

from pathlib import Path
from typing import Any

import openpyxl

COLUMNS = {
    **dict.fromkeys(("原煤", "洗精煤", "焦炭"), "万吨"),
    "焦炉煤气": "亿立方米",
    **dict.fromkeys(("原油", "汽油", "柴油"), "万吨"),
    "天然气": "亿立方米",
    "热力": "百亿千焦",
    "电力": "亿千瓦时",
}
ROWS = [
    ("一、可供本地区消费的能源量", "Total Primary Energy Supply"),
    ("1.一次能源生产量", "Indigenous Production"),
    ("2.外省(区、市)调入量", ""),
    ("3.进口量", "Import"),
    ("4.境内飞机和轮船在境外加油量", ""),
    ("5.本省(区、市)调出量(-)", ""),
    ("6.出口量(-)", "Export (-)"),
    ("7.境外飞机和轮船在境内加油量(-)", ""),
    ("8.库存增(-)、减(+)量", "Stock Change"),
    ("二、加工转换投入(-)产出(+)量", "Input (-) & Output (+) of Transformation"),
    ("1.火力发电", "Thermal Power"),
    ("2.供　热", "Heating Supply"),
    ("3.煤炭洗选", "Coal Washing"),
    ("4.炼　焦", "Coking"),
    ("5.炼油及煤制油", "Petroleum Refineries"),
    ("#油品再投入量(-)", ""),
    ("6.制　气", "Gas Works"),
    ("#焦炭再投入量(-)", ""),
    ("7.天然气液化", ""),
    ("8.煤制品加工", ""),
    ("9.回收能", "Recovery of Energy"),
    ("三、损失量", "Loss"),
    ("#运输和输配损失", ""),
    ("四、终端消费量", "Total Final Consumption"),
    ("(一)第一产业", "Primary Industry"),
    ("1.农、林、牧、渔业", ""),
    ("(二)第二产业", "Secondary Industry"),
    ("1.工　业", "Industry"),
    ("#用作原料、材料", "Non-Energy Use"),
    ("2.建筑业", "Construction"),
    ("(三)第三产业", "Tertiary Industry"),
    ("1.交通运输、仓储和邮政业", ""),
    ("2.批发、零售业和住宿、餐饮业", ""),
    ("3.其　他", "Others"),
    ("(四)生活消费", "Residential Consumption"),
    ("1.城　镇", "Urban"),
    ("2.乡　村", "Rural"),
    ("五、平衡差额(+、-)", "Statistical Difference"),
    ("六、消费量合计", "Total Energy Consumption"),
]
SUMS = {0: range(1, 9), 9: range(10, 21), 24: [25], 26: [27, 29], 30: [31, 32, 33], 34: [35, 36], 23: [24, 26, 30, 34]}
# by column: line (index of ROWS) and figure; sums and the difference follow
LEAVES = """
原煤 1:5200 2:1800 5:-900 8:-50 10:-2600 11:-400 12:-1500 13:-80 16:-20 25:30 27:1350 28:60 29:5 31:4 32:20 \
    33:11 35:8 36:17
洗精煤 2:120.5 5:-300 8:4.5 12:1100 13:-880 27:44
焦炭 2:90 5:-110.25 13:640 17:-2.5 25:0.25 27:612 29:1 36:0.5
焦炉煤气 10:-3 11:-0.5 13:21 16:0.4 21:0.2 27:16.4 35:1.3
原油 1:210 3:400 8:3 14:-610 21:1 27:2
汽油 2:30 5:-60 8:-1 14:190 15:-2 25:3 27:9 29:4 31:70 32:6 33:25 35:30 36:10
柴油 2:45 4:0.5 5:-70 7:-1.5 8:2 10:-0.8 11:-0.2 14:215 25:22 27:21 29:8 31:115 32:5 33:9 35:4 36:6
天然气 1:6 2:28.6 10:-3.2 11:-2.4 21:0.5 27:18.5 28:2.5 31:3.1 32:1.9 33:0.6 35:4.3 36:0.1
热力 11:8800 20:1200 21:90 27:7900 33:310 35:1700
电力 1:96 2:85 5:-31 10:612 20:14 21:42 22:42 25:12 27:540 29:9 31:18 32:27 33:35 35:52 36:41
"""
PROVINCE: dict[str, dict[int, float]] = {
    name: {int(item.partition(":")[0]): float(item.partition(":")[2]) for item in items}
    for name, *items in map(str.split, LEAVES.strip().split("\n"))
}


def balanced(leaves: dict[int, float]) -> dict[int, float]:
    """A column with its sums and its difference."""
    column = dict(leaves)
    for total, parts in SUMS.items():
        column[total] = round(sum(column.get(part, 0) for part in parts), 2)
    column[37] = round(column[0] + column[9] - column.get(21, 0) - column[23], 2)
    return column


def province(path: Path, change: Any = None, sheets: tuple[str, ...] = ("6-8", "6-8续")) -> Path:
    """Two pages on two sheets, heads of three rows merged, both languages, blanks and dashes, a footnote below."""
    book = openpyxl.Workbook()
    for page in book.worksheets:
        book.remove(page)
    names = list(COLUMNS)
    for title, half in zip(sheets, (names[:5], names[5:]), strict=True):
        page = book.create_sheet(title)
        page["A1"] = "6-8 示例省能源平衡表（实物量）"
        page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(half) + 2)
        page["A2"] = "(2020年)"
        page["A3"], page["B3"] = "项　目", "Item"
        for first, last in ((1, 1), (2, 2)):
            page.merge_cells(start_row=3, start_column=first, end_row=5, end_column=last)
        for offset, name in enumerate(half):
            page.cell(3, 3 + offset, "煤品" if name in names[:4] else "油品、天然气、热力和电力")
            page.cell(4, 3 + offset, f"{name[0]}　{name[1:]}" if len(name) == 2 else name)
            page.cell(5, 3 + offset, f"（{COLUMNS[name]}）")
        for index, (zh, en) in enumerate(ROWS):
            page.cell(6 + index, 1, zh)
            page.cell(6 + index, 2, en)
            for offset, name in enumerate(half):
                value = balanced(PROVINCE[name]).get(index)
                page.cell(6 + index, 3 + offset, value if value else ("-", "－", None, "…")[(index + offset) % 4])
        page.cell(6 + len(ROWS), 1, "注：本表按2020年口径。")
    if change:
        change(book)
    book.save(path)
    return path


# Shandong 2005: columns coal total, raw coal, washed coal, other washed coal, coal products, coke
SHANDONG = """一、可供本地区消费的能源量|17799.0 20092.2 -1897.2 -395.9 -0.1 494.7
1.年初库存量|874.2 768.7 103.0 2.2 0.3 30.1
2.一次能源生产量|10021.6 10021.6
3.回收能|
4.外省(区、市)调入量|10831.6 10831.6 . . . 533.3
5.进口量|
6.我轮、机在外国加油量|
7.本省(区、市)调出量(-)|-2084.0 -520.7 -1168.7 -394.7
8.出口量(-)|-720.9 . -720.9
9.外轮、机在我国加油量(-)|
10.年末库存量(-)|-1123.6 -1009.1 -110.6 -3.4 -0.4 -68.7
二、加工转换投入(-)产出(+)量|-11138.1 -13728.2 2170.6 415.3 4.2 1439.2
1.火力发电|-7519.5 -7432.6 -38.0 -48.9 . -0.1
2.供 热|-1533.2 -1530.0 -1.5 -1.7
3.煤炭洗选|-184.7 -4581.9 3931.4 465.9
4.炼 焦|-1836.4 -175.8 -1660.5 . . 1440.8
5.炼 油|
6.制 气|-63.2 -4.0 -59.2
  # 焦炭再投入量(-)|. . . . . -1.4
7.煤制品加工|-1.3 -3.9 -1.6 . 4.2
三、损失量|
 # 运输和输配损失|
四、终端消费量|6734.2 6423.0 273.3 19.2 18.6 1934.0
(一)第一产业|184.3 184.3
  1.农、林、牧、渔业|184.3 184.3
(二)第二产业|5906.4 5602.4 273.3 19.2 11.6 1934.0
  1.工 业|5861.9 5557.8 273.3 19.2 11.6 1934.0
    # 用作原料、材料|
  2.建筑业|44.6 44.6
(三)第三产业|199.9 199.9
  1.交通运输、仓储和邮政业|78.4 78.4
  2.批发、零售业和住宿、餐饮业|70.8 70.8
  3.其 他|50.7 50.7
(四)生活消费|443.5 436.4 . . 7.1
  1.城 镇|159.2 153.6 . . 5.6
  2.乡 村|284.4 282.9 . . 1.5
五、平衡差额(+、-)|-73.3 -59.1 0.1 0.2 -14.6 -0.1
六、消费量合计|"""
SHANDONG_HEADS = ("煤合计", "原 煤", "洗精煤", "其它洗煤", "煤制品", "焦 炭")


def shandong_2005(path: Path, unit: str = "万吨标准煤", beside: bool = False, below: bool = False) -> Path:
    """The printed table; `beside` puts its last columns on a page beside the first, `below` under it."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    rows = [line.partition("|")[::2] for line in SHANDONG.split("\n")]
    places = (
        [(1, 1, range(6))]
        if not (beside or below)
        else [(1, 1, range(3)), (1, 6, range(3, 6)) if beside else (50, 1, range(3, 6))]
    )
    for top, left, held in places:
        page.cell(top, left, "山东 6-9 能源平衡表")
        page.cell(top + 1, left, f"(2005年)   单位:{unit}")
        page.cell(top + 2, left, "类    别")
        for offset, column in enumerate(held):
            page.cell(top + 2, left + 1 + offset, SHANDONG_HEADS[column])
        for index, (label, figures) in enumerate(rows):
            page.cell(top + 3 + index, left, label)
            values = figures.split()
            for offset, column in enumerate(held):
                if column < len(values) and values[column] != ".":
                    page.cell(top + 3 + index, left + 1 + offset, float(values[column]))
    book.save(path)
    return path


def two_calibers(path: Path) -> Path:
    """One page of three fuels, each with physical and standard columns under a merged head; moved out without minus."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = "平衡表"
    page["A1"] = "2021年 示例市 能源平衡表"
    names = ("原煤", "天然气", "电力")
    for offset, (name, unit) in enumerate(zip(names, ("万吨", "亿立方米", "亿千瓦小时"), strict=True)):
        left = 2 + 2 * offset
        page.cell(2, left, name)
        page.merge_cells(start_row=2, start_column=left, end_row=2, end_column=left + 1)
        page.cell(3, left, "实物量")
        page.cell(3, left + 1, "标准量" if name != "电力" else "等价值")
        page.cell(4, left, unit)
        page.cell(4, left + 1, "万吨标准煤")
    figures: dict[str, tuple[float | str | None, ...]] = {
        "可供本地区消费的能源量": (100, 3, 8),
        "一次能源生产量": (130, None, 5),
        "外省（区、市）调入量": (None, "３.0", 6),
        "本省（区、市）调出量（-）": (30, None, 3),
        "加工转换投入（-）产出（+）量": (-60, -1, 20),
        "火力发电": (-60, "－1", 20),
        "损失量": (None, None, 2),
        "终端消费量": (40, 2, 26),
        "工业": (35, 1.5, 20),
        "生活消费": (5, 0.5, 6),
        "平衡差额": (None, None, None),
    }
    for row, (line, values) in enumerate(figures.items(), 5):
        page.cell(row, 1, line)
        for offset, value in enumerate(values):
            page.cell(row, 2 + 2 * offset, value)
            page.cell(row, 3 + 2 * offset, 1)
    book.save(path)
    return path
