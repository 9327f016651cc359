"""What the audit log holds in no language is said in each: kinds of deeds, who, from where, what changed."""

import argparse

import pytest

from builder.actions.deed_kinds import KINDS, begins, kinds_of
from builder.actions.deed_lines import changes, origin, who
from builder.actions.deeds import DEEDS
from runtime.access.permissions import needed
from runtime.cli.arguments import parser


def said(before, after, lang):
    return [
        tuple(text and text.to(lang) for text in (one.name, one.was, one.now))
        for one in changes(before, after)
    ]


@pytest.mark.parametrize(
    ("before", "after", "zh", "en"),
    [
        ((), ("password",), ("", None, "密码"), ("", None, "password")),
        ((), ("link",), ("", None, "邀请链接"), ("", None, "invitation")),
        (("enabled: yes",), ("enabled: no",), ("启用", "是", "否"), ("enabled", "yes", "no")),
        (
            ("roles: viewer",),
            ("roles: editor (shop, tea), own-x",),
            ("角色", "只看", "编辑 (shop, tea)、own-x"),
            ("roles", "Viewer", "Editor (shop, tea), own-x"),
        ),
        (
            (),
            ("roles own permissions: agents.view, x.y",),
            ("角色 own 权限", None, "查看智能体、x.y"),
            ("roles own permissions", None, "see agents, x.y"),
        ),
        (
            (),
            ("endpoints deepseek api_key: changed",),
            ("模型服务 deepseek 密钥", None, "换过了"),
            ("model server deepseek API key", None, "changed"),
        ),
        (("say.text: yes",), (), ("say · 内容", "yes", None), ("say · text", "yes", None)),
        (("put in: a: b",), (), ("加进", "a: b", None), ("put in", "a: b", None)),
        (("what nobody knows",), (), ("", "what nobody knows", None), ("", "what nobody knows", None)),
    ],
)
def test_a_line_is_said_in_words_and_what_people_wrote_as_it_is(before, after, zh, en):
    assert said(before, after, "zh") == [zh]
    assert said(before, after, "en") == [en]


def test_what_was_and_what_is_stand_side_by_side_once():
    assert said(("name: a", "name: b"), ("name: c", "x: 1"), "en") == [
        ("name", "a", "c"),
        ("name", "b", None),
        ("x", None, "1"),
    ]


def test_who_and_from_where():
    assert (who("nobody").zh, who("ann").zh) == ("没有登录的人", "ann")
    assert origin("10.0.0.1 session 0a1b2c3d").zh == "10.0.0.1，登录 0a1b2c3d"
    assert (origin("command line").zh, origin("10.0.0.1").en) == ("命令行", "10.0.0.1")


def commands():
    top = next(one for one in parser()._actions if isinstance(one, argparse._SubParsersAction))
    for name, one in top.choices.items():
        if any(isinstance(each, argparse._SubParsersAction) for each in one._actions):
            yield name
        elif run := one.get_default("run"):
            yield needed(run).area


def test_every_deed_of_a_page_and_of_a_command_is_of_one_kind():
    areas = {what.partition(".")[0] for what in DEEDS} | set(commands())
    assert len(areas) > 60
    named = [area for kind in KINDS.values() for area in kind.areas]
    assert sorted(named) == sorted(set(named))
    assert areas - set(named) == set()
    assert [id for id, _ in kinds_of(areas)] == list(KINDS)


def test_a_kind_that_is_not_known_is_found_by_its_own_name():
    assert [(id, words.zh) for id, words in kinds_of(["older"])] == [("older", "older")]
    assert begins("older") == ("older.",)
    assert begins("") == ("",)
