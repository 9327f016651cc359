"""What is found of what models are not to be sent: by form, however it is written."""

import itertools

import pytest

from runtime.safety.masking.personal import KINDS, apart, is_identity, pieces

FOUND = [
    # as it is written, its kind, by what the same is told
    ("13800138000", "phone", "13800138000"),
    ("１３８ ００１３ ８０００", "phone", "13800138000"),
    ("138-0013-8000", "phone", "13800138000"),
    ("138.0013.8000", "phone", "13800138000"),
    ("1 3 8 0 0 1 3 8 0 0 0", "phone", "13800138000"),
    ("138\u200b0013\u200b8000", "phone", "13800138000"),
    ("١٣٨٠٠١٣٨٠٠٠", "phone", "13800138000"),
    ("+86 138 0013 8000", "phone", "13800138000"),
    ("0086-13800138000", "phone", "13800138000"),
    ("+44 20 7946 0958", "phone", "+442079460958"),
    ("+1 (415) 555-2671", "phone", "+14155552671"),
    ("(415) 555-2671", "phone", "4155552671"),
    ("010-62345678", "phone", "01062345678"),
    ("一三八零零一三八零零零", "phone", "一三八零零一三八零零零"),
    ("11010519491231002X", "id_card", "11010519491231002X"),
    ("１１０１０５１９４９１２３１００２ｘ", "id_card", "11010519491231002X"),
    ("110105 19491231 002X", "id_card", "11010519491231002X"),
    ("110105-1949-1231-002X", "id_card", "11010519491231002X"),
    ("110105491231002", "id_card", "110105491231002"),
    ("6222 0212 3456 7890 128", "card", "6222021234567890128"),
    ("4111-1111-1111-1111", "card", "4111111111111111"),
    ("４１１１１１１１１１１１１１１１", "card", "4111111111111111"),
    ("3782 822463 10005", "card", "378282246310005"),
    ("a.b+c@example.co.uk", "mail", "a.b+c@example.co.uk"),
    ("Ａlice＠Example．com", "mail", "alice@example.com"),
    ("li%40example.com", "mail", "li@example.com"),
    ("北京市朝阳区建国路88号院3号楼1201室", "address", "北京市朝阳区建国路88号院3号楼1201室"),
    ("221B Baker Street", "address", "221b baker street"),
]
AROUND = ["{}", "好的，{}。谢谢", "给我（{}）", "see {}, please"]


@pytest.mark.parametrize(("written", "kind", "same"), FOUND)
@pytest.mark.parametrize("around", AROUND)
def test_it_is_found_however_it_is_written(written, kind, same, around):
    text = around.format(written)
    assert [(text[one.start : one.end], one.kind, one.same) for one in pieces(text, KINDS)] == [
        (written, kind, same)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "110105194912310021",  # the last sign is wrong
        "4111111111111112",
        "订单 20240501123456",
        "2024-05-01 12:30 共 138 元",
        "192.168.100.200",
        "400-800-8888",
        "价格 12,800,138,000 元",
        "[PHONE-BCDFGHJKLMNP]",
        "version 1.2.3 of 2024",
        "sha 3f13800138000ab9c4111111111111111d",
        "id_a1b2c11010519491231002X9",
    ],
)
def test_what_is_nobodys_is_left(text):
    assert pieces(text, KINDS) == []


@pytest.mark.parametrize("said", ["身份证号 110105194912310021", "卡号：4111111111111112"])
def test_what_is_said_to_be_one_is_taken_for_it_though_a_figure_is_wrong(said):
    assert len(pieces(said, KINDS)) == 1


@pytest.mark.parametrize(
    "said",
    [
        "tel13800138000",
        "?to=%2B8613800138000&x=1",
        "ID11010519491231002X",
        "NO.13800138000",
        "No.4111111111111111",
    ],
)
def test_letters_before_a_number_do_not_hide_it(said):
    assert len(pieces(said, KINDS)) == 1


def test_two_beside_each_other_are_two():
    text = "13800138000 13900139000"
    assert [one.same for one in pieces(text, KINDS)] == text.split()


@pytest.mark.parametrize("kind", KINDS)
def test_only_what_was_chosen_is_found(kind):
    text = "，".join(written for written, *_ in FOUND)
    assert {one.kind for one in pieces(text, [kind])} == {kind}


def test_an_identity_card_has_its_sum_and_a_day():
    assert is_identity("11010519491231002X")
    assert not any(is_identity(one) for one in ("110105194912310021", "110105194913310020", "1" * 18, ""))


def test_nothing_lies_over_another():
    found = apart(pieces("，".join(written for written, *_ in FOUND), KINDS))
    assert all(one.end <= after.start for one, after in itertools.pairwise(found))
