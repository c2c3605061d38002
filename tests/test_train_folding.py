"""One character table folds width, case, accents and traditional forms."""

from __future__ import annotations

import pytest

from train import folding


def _folded(text: str) -> str:
    return "".join(map(folding.fold, text))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＡＢＣ１２３", "abc123"),
        ("Éléphant Straße", "elephant strasse"),
        ("總營收億元", "总营收亿元"),
        ("経済 図書館 発売", "经济 图书馆 发卖"),
        ("予 芸 后", "予 芸 后"),
        ("ёлка Йод", "елка йод"),
        ("أَحْمَد إلى", "احمد الي"),
        ("한국 ガギ", "한국 ガギ"),
        ("a\u00adb\u200bc\u3000d", "abc d"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert _folded(text) == folded


def test_table_holds_what_changes_and_is_stable() -> None:
    table = folding.table()
    assert table["億"] == "亿"
    assert "a" not in table
    assert "한" not in table
    assert all(_folded(to) == to for to in table.values())
