"""Where others read along: what an answer holds calls nobody to the chat, however it is written."""

import json
import re
from contextlib import suppress
from dataclasses import asdict, replace

import pytest
from test_contract import TABLES, can, claiming

from runtime.channels import Announces, Chooses, Pushes, PushesMedia
from runtime.choices import Choice, Choices
from runtime.errors import SendFailed

CALLS = [
    "<@zhangsan> <@all> < @u1> @all",
    '<at user_id="all">所有人</at> <at id=all></at> <person id="x"></person>',
    "<!channel> <!here|here> <!subteam^S1> <@U0123456>",
    "@everyone @here <@123456789012345678> <@&1234> <#12345>",
    "@13800000000 [来](tg://user?id=12345) @some_name，@another",
    "**<@zhangsan>** `<@all>` [<@x>](https://a.example) ~~@some_name~~",
    "/@some_name .@some_name -@some_name @@some_name 你@some_name",
    "https://a.example/@some_name a.example/x/@some_name https://@some_name",
    "zhangsan <@some_name> <a @some_name> <a href='https://a.example/@some_name'>",
]
GROUPS = [name for name in TABLES if TABLES[name].calls]


def overheard(tables):
    rows = [*tables.incoming, *tables.linked]
    return [one for row in rows for one in row.messages if one.overheard]


@claiming(Pushes)
def test_whoever_answers_in_groups_says_what_would_call_somebody(tables):
    only_reads = type(tables.channel).profile.audience == "readers" and isinstance(tables.channel, Announces)
    assert tables.calls or not (overheard(tables) or only_reads)


@pytest.mark.parametrize("name", [name for name in TABLES if overheard(TABLES[name])])
def test_one_person_is_the_same_alone_and_where_others_read_along(name):
    tables = TABLES[name]
    came = [one for row in (*tables.incoming, *tables.linked) for one in row.messages]
    alone, among = (
        {tables.channel.who(one) for one in came if one.overheard == heard} for heard in (False, True)
    )
    assert among <= alone


@pytest.mark.parametrize("name", GROUPS)
@pytest.mark.parametrize("written", CALLS)
def test_an_answer_calls_nobody(name, written):
    tables = TABLES[name]
    found = [json.dumps(asdict(one), ensure_ascii=False, default=str) for one in requests(name, written)]
    sent = [one.replace('\\"', '"') for one in found]  # JSON within JSON, too
    assert sent
    assert [one for one in sent if re.search(tables.calls, one, re.DOTALL)] == []
    assert any("zhangsan" in one or "some_name" in one or "here" in one or "所有人" in one for one in sent)


def requests(name, written):
    """All that may bring these words: as an answer, in a group, as a question, as what was chosen, with a
    file."""
    tables, channel = TABLES[name], TABLES[name].channel
    [part] = channel.render(written)
    after = [row.after for row in tables.outgoing if row.after] + overheard(tables)
    works = [lambda: channel.push(part, tables.group or tables.to, "k1")]
    if not tables.group:
        works += [lambda message=message: channel.push_after(message, part, "k1") for message in after]
    if can(name, Chooses):
        offered, last = Choices(part, [Choice("行", "a"), Choice("好", "b")]), after[-1] if after else None
        works.append(lambda: channel.push_choices(offered, tables.group or tables.to, "k1", last))
        works += [
            lambda row=row: channel.settle(channel.handle(row.answer), written, tables.to)
            for row in tables.settled
            if row.request and not tables.group
        ]
    if can(name, PushesMedia):
        shown = [titled(row.shown, written) for row in tables.media_pushed]
        works += [lambda one=one: channel.push_media(one, tables.group or tables.to, "k1") for one in shown]
    for work in works:
        with suppress(SendFailed):  # nobody can be written to there, or not now
            yield work()


def titled(shown, written):
    """A file, or a card, whose words the answer chose."""
    data = {**shown.data, "title": written, "description": written} if shown.kind == "news" else shown.data
    return replace(shown, data=data, title=written, words=written)
