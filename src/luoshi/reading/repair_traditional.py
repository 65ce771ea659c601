"""Traditional characters become simplified ones, where the text really is traditional.

One stray traditional character in a simplified text (a name, a quotation) is left as it stands. The evidence is the
share of characters that only traditional texts use; the converter is imported when there is enough of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from luoshi.reading.late import late
from luoshi.reading.view import Draft, Edit

__all__ = ["mend_traditional"]

_ONLY: Final = frozenset(
    "發業質現關優續統領創規監們個來時會國學這為與對開長說過還進動員經點無從兩實間門問題應當總給線級紅約組織紀繼維護網絡練編緊"
    "紹終縣縮績製見觀覺視覽親訂計訊討訓託記訪設許診證評試詩話該詳認誌誠調談請論諸講謝識譯讀變讓讚財貧貨責貫費貴買貸賀資賽"
    "購贏趕趙車軍輔輕輪轉轄辦邊達遠適選遲郵鄉鄭針鈔銀銷鋼錄錢鎮鏡鐵閉閱隊階際隨險難電靈靜響頁頂項順須預頒頓頭額顏願類顧飛"
    "飯館馬驗體魚鮮齊齡龍黨風廉導廠廣務勞勢勝勵區協單嚴圍圖團園場塊執報壓處夢奪奮奧婦孫寧審寫寶將專尋導層屬島幫幹廳張強彈"
    "後復徑徵態慶憂憑憲懷懸戰戲戶擁擇擔據擴攝攜敗敵數斷舊晝晉曉條極構樓標樂樹橋機歲歷歸殘殺氣決沒況濟減測湯滅滿漢潔濃濕災"
    "燈爭爾牆獎獨獲獻環產畢畫異瘋療盡盤眾碼確禮種稱穩窮競筆節籌簡糧紙純納紛細絕絲綜綠緒緣緩聖聞聯聲職聽脫腦臨舉舞艱藝藥蘭虛"
    "號蟲術衛衝補裝裡複誤課貢賢賴躍軟較載農運違遞遷釋鑒鑽鑰錯鍵陣陽陰陳陸隱雙雜雖雲霧韓韻頻飾養騙騰驅驟鬥鬧鳥鳳鷹麗麥黃齒"
) - frozenset("廉舞")
_HAN: Final = late("[\u4e00-\u9fff]+")
_WHOLE_SHARE: Final = 0.05
_LINE_SHARE: Final = 0.10
_WHOLE_LEAST: Final = 3
_LINE_LEAST: Final = 8
_KEEPS_ZHU: Final = late(
    "(?<=[土编編名原显顯论論专專译譯拙巨遗遺合昭卓新旧舊自撰共])著|著(?=[名作述书書称稱者录錄])|(?<=微知)著"
)
_NEVER: Final = frozenset("么")


def mend_traditional(draft: Draft, present: frozenset[str]) -> int:
    """Make a traditional text, or the traditional lines of a mixed one, simplified; count the characters changed."""
    only = present & _ONLY
    text = draft.text
    found = sum(map(text.count, only))
    if found < _WHOLE_LEAST:
        return 0
    if found >= _WHOLE_SHARE * len(text) or found >= _WHOLE_SHARE * _count_han(text):
        return draft.apply(_edits(text, 0))
    return draft.apply(list(_line_edits(text, only))) if found >= _LINE_LEAST else 0


def _line_edits(text: str, only: frozenset[str]) -> Iterator[Edit]:
    """Yield the edits of the traditional lines of a mixed text."""
    at = 0
    for line in text.split("\n"):
        if len(line) >= _LINE_LEAST and (held := only.intersection(line)):
            found = sum(map(line.count, held))
            if found >= _LINE_LEAST and found >= _LINE_SHARE * _count_han(line):
                yield from _edits(line, at)
        at += len(line) + 1


def _edits(text: str, at: int) -> list[Edit]:
    """Return what makes a text simplified that stands at `at`."""
    pairs = zip(text, _simplify(text), strict=True)
    return [(i, i + 1, new) for i, (old, new) in enumerate(pairs, at) if old != new]


def _count_han(text: str) -> int:
    return sum(map(len, _HAN.findall(text)))


def _simplify(text: str) -> str:
    """Convert a text character for character; phrases decide between readings (乾淨, 乾隆)."""
    new = _converter().convert(text)
    if len(new) != len(text):
        new = "".join(_one(character) for character in text)
    kept = {match.start() for match in _KEEPS_ZHU.finditer(text)}
    if not kept and not _NEVER.intersection(text):
        return str(new)
    return "".join(a if i in kept or a in _NEVER else b for i, (a, b) in enumerate(zip(text, new, strict=True)))


def _one(character: str) -> str:
    new = _converter().convert(character)
    return new if len(new) == 1 else character


@cache
def _converter() -> Any:
    """Return the converter, made once."""
    from opencc import OpenCC  # noqa: PLC0415 — heavy, and not every run needs it

    return OpenCC("tw2s")
