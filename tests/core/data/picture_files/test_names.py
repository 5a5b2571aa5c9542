"""Names without an encoding come back in the language that they were written in."""

import pytest

from core.data.picture_files.names import decoded, shown

WORDS = {
    "cp437": ["Bär", "größe", "été", "Katze", "naïve", "señor", "Ärger", "Übung", "ü"],
    "cp850": ["Bär", "größe", "Århus", "São", "Ørsted"],
    "cp1252": ["Bär", "größe", "été", "Ärger", "São", "Øre"],
    "cp932": ["猫", "犬", "ネコ", "ドッグ", "表", "ひらがな", "日本語", "テスト画像", "ソース"],
    "gbk": ["猫", "狗", "中文", "图片", "苹果", "香蕉", "新建文件夹", "数字1"],
    "cp949": ["고양이", "강아지", "한글", "사진", "새 폴더", "자동차"],
    "big5": ["貓", "狗", "圖片", "蘋果", "新增資料夾"],
    "cp866": ["кошка", "собака", "Фото", "Новая папка", "Ёж"],
    "cp1251": ["кошка", "собака", "Фото"],
}


@pytest.mark.parametrize("page", WORDS)
def test_names_that_belong_together_tell_their_code_page(page: str) -> None:
    words = WORDS[page]
    texts, title = decoded([f"{word}/1.png".encode(page) for word in words])
    assert texts == [f"{word}/1.png" for word in words]
    assert title is not None and page in title


@pytest.mark.parametrize(
    ("word", "page"),
    [("Bär", "cp437"), ("Bär", "cp1252"), ("表", "cp932"), ("ソース", "cp932"), ("猫", "cp932"),
     ("中文", "gbk"), ("고양이", "cp949"), ("кошка", "cp866")],
)  # fmt: skip
def test_one_name_is_enough_where_it_is_like_no_other(word: str, page: str) -> None:
    assert decoded([word.encode(page), b"plain"])[0] == [word, "plain"]


def test_utf_8_is_taken_where_it_is_valid_and_nothing_is_said() -> None:
    assert decoded(["猫".encode(), b"cat"]) == (["猫", "cat"], None)
    assert decoded([]) == ([], None)


def test_bytes_that_are_text_in_no_code_page_do_not_break() -> None:
    [text], title = decoded([bytes(range(128, 256))])
    assert text and title is not None


def test_a_name_fits_into_a_line_and_a_cell() -> None:
    assert shown("a\nb\tc\rd\0") == "a␊b␉c␍d␀"
    assert shown("a\u2028b\u0085c\x7f") == "a␤b␤c␡"
    assert shown("e\u0301") == "é"
    assert shown("\u202egnp.exe\ud800\u200b") == "�gnp.exe��"
    assert shown('say "hi", 猫 👩‍🚀') == 'say "hi", 猫 👩‍🚀'
    shown("x" * 10).encode()
