"""What several test files share."""

from __future__ import annotations

import pytest
from fakes import HashEncoder

from index import Document


@pytest.fixture
def encoder() -> HashEncoder:
    return HashEncoder()


@pytest.fixture
def documents() -> list[Document]:
    """Three short invented articles, two Chinese and one English."""
    return [
        Document(
            "lantern",
            "青灯科技第三季度业绩",
            "青灯科技公布第三季度业绩。总营收为42.7亿元，同比增长9.3%。\n"
            "首席执行官林知秋表示，海外业务首次盈利。研发支出为6.1亿元。",
            "lantern.txt",
            "zh",
        ),
        Document(
            "harbour",
            "港湾造船的新船",
            "港湾造船交付了第十二艘双燃料集装箱船。该船长三百六十六米，可载一万五千箱。\n"
            "船东是挪威的北风航运公司。",
            "harbour.txt",
            "zh",
        ),
        Document(
            "orchard",
            "Orchard report",
            "The orchard sold 3,053 tonnes of apples in 2023. Prices fell by 31.0 percent.\n"
            "Its owner, Maren Holt, plans a cider press.",
            "orchard.txt",
            "en",
        ),
    ]
