"""The tables of messages.db. An index may come or go at any time; another column is another version.

Every message is written three times, and each index on `messages` is paid for each time. So what only the
operator asks for is indexed when a message has come to its end, or waits for the operator. And no index that
begins with the publication holds the sender too, but `conversation`: SQLite would take it for the gateway's
questions about one person, and read all messages of the publication.
"""

from runtime.store.opening import Schema

TABLES = """
create table if not exists messages(
  seq integer primary key autoincrement,
  publication text not null, sender text not null, key text not null,
  kind text not null, text text not null, message text not null,
  state text not null default 'accepted', accepted_at real not null, tries integer not null default 1,
  version integer, reply text, failure text, reason text, handoff integer, doubt integer not null default 0,
  response text, page text unique, finished_at real,
  prompt_tokens integer not null default 0, completion_tokens integer not null default 0, cost real,
  trace text,
  unique(publication, sender, key));
create index if not exists unfinished on messages(seq) where state in ('accepted', 'answered');
drop index if exists owed;
create index if not exists owing on messages(publication, sender, seq)
  where state in ('answered', 'kept', 'held', 'unreachable', 'unknown');
create index if not exists conversation on messages(publication, sender, seq);
create table if not exists parts(
  seq integer not null references messages(seq) on delete cascade,
  number integer not null, text text not null,
  state text not null default 'ready', route text, code text, at real,
  primary key(seq, number));
create index if not exists sending on parts(state) where state='sending';
create index if not exists doubtful on parts(seq) where state='unknown';
create table if not exists steps(
  seq integer not null references messages(seq) on delete cascade,
  name text not null, result text not null, primary key(seq, name)) without rowid;
drop index if exists by_time;
drop index if exists todo;
create index if not exists ended on messages(accepted_at, publication, state, kind, failure,
  prompt_tokens, completion_tokens, cost, sender) where state not in ('accepted', 'answered');
drop index if exists operator;
create index if not exists to_do on messages(accepted_at, state, failure, doubt, handoff)
  where state in ('kept', 'held', 'unknown') or failure='aside' or doubt=1 or handoff=1;
create table if not exists restored(
  seq integer not null references messages(seq) on delete cascade,
  number integer not null, state text not null, primary key(seq, number)) without rowid;
create table if not exists facts(name text primary key, value text not null, at real not null) without rowid;
create table if not exists moments(
  seq integer not null references messages(seq) on delete cascade,
  at real not null, what text not null, detail text not null default '');
create index if not exists moments_of on moments(seq, what, at);
"""

STEPS = {
    1: """create table restored(
      seq integer not null references messages(seq) on delete cascade,
      number integer not null, state text not null, primary key(seq, number)) without rowid""",
}
"""From each version to the next one."""

SCHEMA = Schema(TABLES, version=2, steps=STEPS)
