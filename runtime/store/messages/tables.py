"""The tables of messages.db. Another column is another version; an index or a trigger may come or go.

Every message is written three times, and each index on `messages` is paid for each time. So what only the
operator asks for is indexed when a message has come to its end, or waits for the operator. And no index that
begins with the publication holds the sender too, but `conversation`: SQLite would take it for the gateway's
questions about one person, and read all messages of the publication.
"""

from collections.abc import Iterator

from runtime.store.messages.states import (
    HANDED_STEPS,
    MESSAGE_STEPS,
    OPEN_RUNS,
    OWED,
    PART_STEPS,
    RUN_STEPS,
    SAID_STEPS,
    TICKET_STEPS,
    TO_DO,
    UNFINISHED,
    Following,
    S,
    among,
)
from runtime.store.messages.tables_of_all import ADDED_TO, INSTANCES, JUDGED, LATER, LATER_STEPS, SHARED
from runtime.store.messages.tallies import TALLIES, changed
from runtime.store.opening import Tables, Trigger

TO_BE_DONE = f"state in ({among(TO_DO)}) or failure='aside' or doubt=1 or handoff=1"
"""What waits for the operator; whoever asks for it uses these words, and so the index."""

HANDED = """create table if not exists handed(
  publication text not null, sender text not null, seq integer not null,
  state text not null, at real not null, until real not null, code text not null default '',
  primary key(publication, sender)) without rowid"""
"""Whom a human has, and until when. `seq`: of the message that began it; `code`: why the platform refuses."""

OUTBOX = """create table if not exists outbox(
  id integer primary key autoincrement, publication text not null, receiver text not null,
  key text not null unique, text text not null, state text not null default 'ready',
  code text not null default '', at real not null, sent_at real)"""
"""What is sent without anybody having written."""

PEOPLE = """create table if not exists people(
  id integer primary key autoincrement, agent text not null, at real not null);
create table if not exists faces(
  publication text not null, sender text not null,
  person integer not null references people(id) on delete cascade,
  asked_at real, wrong integer not null default 0, wrong_at real,
  primary key(publication, sender)) without rowid;
create table if not exists notes(
  person integer not null references people(id) on delete cascade,
  name text not null, value text not null, kind text not null, source text not null, at real not null,
  seq integer not null default 0, primary key(person, name)) without rowid;
create table if not exists summaries(
  publication text not null, sender text not null, text text not null, upto integer not null,
  at real not null, primary key(publication, sender)) without rowid;
create table if not exists codes(
  hash text primary key, person integer not null references people(id) on delete cascade,
  until real not null) without rowid"""
"""What is remembered of people. A person has a face on each surface, and is one person with several by
consent alone. `asked_at`: when they wished to be forgotten, and were asked whether they mean it; `wrong`:
codes that were none. `notes`: facts about them, each agent's own. `codes`: join another face; hashed."""

PACES = """create table if not exists paces(
  id integer primary key autoincrement, name text not null, at real not null, until real not null)"""
"""What left for people to whom a platform brings only so much in a time, until that time is over."""

ANSWERS = """create table if not exists answers(
  key text primary key, grp text not null, question text not null, meaning blob not null,
  answer text not null, seq integer, at real not null, until real not null) without rowid"""
"""Given again to equal questions. `grp`: of one prompt; `seq`: of the message whose words they are."""

WHO = """create table if not exists person_values(
  person integer not null references people(id) on delete cascade,
  name text not null, value text not null, kind text not null, by text not null, at real not null,
  former text not null default '', seq integer not null default 0,
  primary key(person, name)) without rowid;
create table if not exists profiles(
  publication text not null, sender text not null, account text not null, name text not null,
  language text not null, at real not null, primary key(publication, sender)) without rowid;
create table if not exists customers(
  publication text not null, sender text not null, customer text not null, how text not null,
  at real not null, primary key(publication, sender)) without rowid;
create table if not exists claims(
  hash text primary key, agent text not null, customer text not null, until real not null) without rowid;
create table if not exists tickets(
  id integer primary key autoincrement, publication text not null, sender text not null,
  seq integer not null, agent text not null, state text not null default 'open',
  reason text not null default '', summary text not null default '', sentiment text not null default '',
  priority integer not null default 1, at real not null, due real, taken_by text not null default '',
  taken_at real, done_at real, draft text not null default '', alerted integer not null default 0,
  silent integer not null default 0);
create table if not exists ticket_lines(
  id integer primary key autoincrement,
  ticket integer not null references tickets(id) on delete cascade,
  kind text not null, by text not null, text text not null, at real not null, message integer,
  key text unique)"""
"""`person_values`: see person_values.py. `profiles`: what a surface tells of somebody. `customers`: whom of
the owner's they proved to be; `claims`: codes that prove it, hashed. `tickets`: who waits for an
operator, and what happened since."""
RUNS = """create table if not exists runs(
  id integer primary key autoincrement, publication text not null, start text not null, key text not null,
  due real not null, at real not null, state text not null default 'due', begun text not null default '',
  place text not null default '', code text not null default '', unique(publication, start, key));
create table if not exists run_people(
  run integer not null references runs(id) on delete cascade,
  publication text not null, sender text not null, seq integer, code text not null default '',
  primary key(run, sender)) without rowid;
create table if not exists schedules(
  publication text not null, start text not null, rule text not null, since real not null,
  primary key(publication, start)) without rowid;
create table if not exists hooks(
  publication text not null, start text not null, hash text not null unique, at real not null,
  primary key(publication, start)) without rowid;
create table if not exists reminders(
  id integer primary key autoincrement, publication text not null, sender text not null, key text not null,
  text text not null, due real not null, at real not null, unique(publication, sender, key))"""
"""What begins by itself: runs of starts, once for each `key`, and for each person the message that is their
turn, or why there is none; up to when each schedule was looked at; the addresses that programs call, hashed;
what people wish to be reminded of."""

WAITS = """create table if not exists waits(
  id integer primary key autoincrement, publication text not null, sender text not null,
  seq integer not null references messages(seq) on delete cascade, version integer not null,
  kind text not null, block text not null, step text not null, what text not null, data text not null,
  token text not null default '', carried text not null, until real not null, at real not null,
  came text, taken_by integer)"""
"""Turns that wait. `carried`: what was finished before; `token`: hash of what a call has to show; `came`:
what did; `taken_by`: the message that goes on with it."""

SCRIPT = f"""
create table if not exists messages(
  seq integer primary key autoincrement,
  publication text not null, sender text not null, key text not null,
  kind text not null, text text not null, message text not null,
  state text not null default 'accepted', accepted_at real not null, tries integer not null default 1,
  version integer, reply text, failure text, reason text, handoff integer, doubt integer not null default 0,
  response text, shown text, page text unique, finished_at real,
  prompt_tokens integer not null default 0, completion_tokens integer not null default 0, cost real,
  trace text, owner integer not null default 0, finish text not null default 'stop',
  unique(publication, sender, key));
create index if not exists unfinished on messages(/*postgresql: publication, sender, */seq)
  where state in ({among(UNFINISHED)});
drop index if exists owed;
create index if not exists owing on messages(publication, sender, seq)
  where state in ({among(OWED)});
create index if not exists conversation on messages(publication, sender, seq);
create table if not exists parts(
  seq integer not null references messages(seq) on delete cascade,
  number integer not null, text text not null,
  kind text not null default 'text', data text not null default '',
  state text not null default 'ready', route text, code text, at real, owner integer not null default 0,
  primary key(seq, number));
create index if not exists sending on parts(state) where state='sending';
create index if not exists doubtful on parts(seq) where state='unknown';
create table if not exists steps(
  seq integer not null references messages(seq) on delete cascade,
  name text not null, result text not null, primary key(seq, name)) without rowid;
drop index if exists by_time;
drop index if exists todo;
create index if not exists ended on messages(accepted_at, publication, state, kind, failure,
  prompt_tokens, completion_tokens, cost, sender) where state not in ({among(UNFINISHED)});
drop index if exists operator; drop index if exists to_do;
create index if not exists events on messages(accepted_at) where kind='event' and state='silent';
create index if not exists to_be_done on messages(accepted_at, state, failure, doubt, handoff)
  where {TO_BE_DONE};
create table if not exists restored(
  seq integer not null references messages(seq) on delete cascade,
  number integer not null, state text not null, primary key(seq, number)) without rowid;
create table if not exists media(
  seq integer not null references messages(seq) on delete cascade,
  hash text not null, type text not null, bytes integer not null, primary key(seq, hash)) without rowid;
create index if not exists media_used on media(hash);
create table if not exists uploads(
  account text not null, hash text not null, kind text not null,
  data text not null, until real not null, primary key(account, hash, kind)) without rowid;
create table if not exists facts(name text primary key, value text not null, at real not null) without rowid;
create table if not exists moments(
  seq integer not null references messages(seq) on delete cascade,
  at real not null, what text not null, detail text not null default '');
create index if not exists moments_of on moments(seq, what, at);
{HANDED};
{OUTBOX};
{PEOPLE};
create index if not exists faces_of on faces(person);
create index if not exists to_send on outbox(publication, receiver, id) where state='ready';
drop index if exists lately_sent;
{PACES};
create index if not exists paces_of on paces(name, at);
create index if not exists paces_over on paces(until);
{WHO};
{ANSWERS};
create index if not exists answers_alike on answers(grp, at);
create index if not exists answers_over on answers(until);
create index if not exists answers_of on answers(seq);
create unique index if not exists one_ticket on tickets(publication, sender) where state<>'done';
create index if not exists tickets_of on tickets(publication, sender);
create index if not exists lines_of on ticket_lines(ticket);
{RUNS};
create index if not exists runs_open on runs(id) where state in ({among(OPEN_RUNS)});
create index if not exists run_of on run_people(seq);
create index if not exists runs_with on run_people(publication, sender);
create index if not exists reminders_due on reminders(due);
{WAITS};
create index if not exists waits_of on waits(publication, sender, id);
create index if not exists waits_began on waits(seq);
create index if not exists waits_taken on waits(taken_by) where taken_by is not null;
create index if not exists waits_due on waits(until) where came is null and taken_by is null;
create index if not exists waits_decided on waits(id) where came is not null and taken_by is null;
create index if not exists waits_called on waits(token) where token<>'';
{SHARED};
create index if not exists claims_of on shared_claims(publication, sender, agent, name);
{TALLIES};
{INSTANCES};
{JUDGED};
create index if not exists judged_of on judged(publication, sender, at);
{LATER};
create index if not exists consents_of on consents(publication, who);
create index if not exists exports_of on exports(publication, sender, at);
create index if not exists families_of on families(publication, sender, at);
create index if not exists families_over on families(until);
"""


def _allowed(table: str, steps: Following[S]) -> Iterator[Trigger]:
    """Only states that there are, and only steps that there are, whoever writes."""
    following = " ".join(
        f"when '{state}' then new.state in ({among(to) or repr('')})" for state, to in steps.items()
    )
    missing = f"new.state not in ({among(steps)})"
    wrong = f"old.state<>new.state and not case old.state {following} else 1=0 end"
    yield Trigger(f"{table}_state", table, "insert", missing, f"no such state of {table}")
    yield Trigger(f"{table}_step", table, "update of state", wrong, f"no such step of {table}")


STEPS = {
    1: """create table restored(
      seq integer not null references messages(seq) on delete cascade,
      number integer not null, state text not null, primary key(seq, number)) without rowid""",
    2: HANDED,
    3: """
    alter table messages add column shown text;
    alter table parts add column kind text not null default 'text';
    alter table parts add column data text not null default '';
    create table media(
      seq integer not null references messages(seq) on delete cascade,
      hash text not null, type text not null, bytes integer not null, primary key(seq, hash)) without rowid;
    create table uploads(
      account text not null, hash text not null, kind text not null,
      data text not null, until real not null, primary key(account, hash, kind)) without rowid
    """,
    4: OUTBOX,
    5: PEOPLE,
    6: PACES,
    7: WHO,
    8: RUNS,
    9: WAITS,
    11: ANSWERS,
    12: SHARED,
    13: TALLIES,
    14: f"""
    alter table messages add column owner integer not null default 0;
    alter table parts add column owner integer not null default 0;
    {INSTANCES}
    """,
    15: JUDGED,
    **LATER_STEPS,
}
"""From each version to the next one."""

ALLOWED = (
    *_allowed("messages", MESSAGE_STEPS),
    *_allowed("parts", PART_STEPS),
    *_allowed("handed", HANDED_STEPS),
    *_allowed("outbox", SAID_STEPS),
    *_allowed("tickets", TICKET_STEPS),
    *_allowed("runs", RUN_STEPS),
)


def _late(table: str, message: str, gone: str) -> Trigger:
    """Of a message that was taken back meanwhile, or whose person was forgotten, nothing more is kept."""
    when = f"exists(select 1 from {gone.format(seq=f'new.{message}')})"
    return Trigger(f"{table}_late", table, "insert", when)


TAKEN_BACK = "messages where seq={seq} and state='recalled'"
OF_A_MESSAGE = ("steps", "media", "answers", "notes", "waits", "person_values", "shared_claims")
FORGOTTEN = "moments indexed by moments_of where seq={seq} and what='forgotten'"
LATE = (
    *(_late(table, "seq", TAKEN_BACK) for table in OF_A_MESSAGE),
    _late("summaries", "upto", FORGOTTEN),
)
"""A turn that runs at that time, in whatever process, leaves nothing behind."""
WATCHED = (*ALLOWED, *LATE, changed(), ADDED_TO)
TABLES = Tables(SCRIPT, version=22, steps=STEPS, anew=6, triggers=WATCHED, of_instances=("instances",))
