"""What is wrong with a value, in one sentence."""

import pytest
from pydantic import SecretStr, ValidationError

from runtime.lang import Text
from runtime.schema import Problem, Strict, first_problem, setting


class Shop(Strict):
    name: str
    tables: int = 0


@pytest.mark.parametrize(
    ("given", "name", "zh", "en"),
    [
        ({}, None, "name：缺少这一项。", "name: this is required."),
        ({}, Text("店名", "Name"), "店名：缺少这一项。", "Name: this is required."),
        ({"name": "店", "tables": "x"}, None, "tables：应为整数。", "tables: should be a whole number."),
        ([], None, "应为对象。", "should be an object."),
    ],
)
def test_a_problem_is_a_sentence_that_names_the_field(given, name, zh, en):
    with pytest.raises(ValidationError) as wrong:
        Shop.model_validate(given)
    assert first_problem(wrong.value).sentence(name) == Text(zh, en)


def test_a_form_knows_with_which_value_of_another_field_one_is_asked_for():
    class Account(Strict):
        push: bool = True
        key: str = setting("", title=Text("密钥", "Key"), when=("push", True))

    assert Account.model_json_schema()["properties"]["key"]["when"] == ("push", True)


def test_inside_a_sentence_it_has_no_full_stop():
    problem = Problem("flow.0", Text("缺少这一项", "this is required"))
    assert problem.clause() == Text("flow.0：缺少这一项", "flow.0: this is required")


class Hidden(Strict):
    secret: SecretStr


def test_a_secret_that_is_too_long_is_called_too_long_and_is_not_told():
    with pytest.raises(ValidationError) as e:
        Hidden.model_validate({"secret": "canary" * 20_000})
    problem = first_problem(e.value)
    assert problem.text.zh == "太长（最多 100000 个字）"
    assert "canary" not in str(problem)
    with pytest.raises(ValidationError) as e:
        Hidden.model_validate({"secret": 5})
    assert first_problem(e.value).text.zh == "应为文字"
