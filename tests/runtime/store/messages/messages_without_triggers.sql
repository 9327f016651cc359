create table messages(
  seq integer primary key autoincrement,
  publication text not null, sender text not null, key text not null,
  kind text not null, text text not null, message text not null,
  state text not null default 'accepted', accepted_at real not null, tries integer not null default 1,
  version integer, reply text, failure text, reason text, handoff integer, doubt integer not null default 0,
  response text, page text unique, finished_at real,
  prompt_tokens integer not null default 0, completion_tokens integer not null default 0, cost real,
  trace text,
  unique(publication, sender, key));
create index unfinished on messages(seq) where state in ('accepted', 'answered');
create index owing on messages(publication, sender, seq)
  where state in ('answered', 'kept', 'held', 'unreachable', 'unknown');
create index conversation on messages(publication, sender, seq);
create table parts(
  seq integer not null references messages(seq) on delete cascade,
  number integer not null, text text not null,
  state text not null default 'ready', route text, code text, at real,
  primary key(seq, number));
create index sending on parts(state) where state='sending';
create index doubtful on parts(seq) where state='unknown';
create table steps(
  seq integer not null references messages(seq) on delete cascade,
  name text not null, result text not null, primary key(seq, name)) without rowid;
create index ended on messages(accepted_at, publication, state, kind, failure,
  prompt_tokens, completion_tokens, cost, sender) where state not in ('accepted', 'answered');
create index to_do on messages(accepted_at, state, failure, doubt, handoff)
  where state in ('kept', 'held', 'unknown') or failure='aside' or doubt=1 or handoff=1;
create table restored(
  seq integer not null references messages(seq) on delete cascade,
  number integer not null, state text not null, primary key(seq, number)) without rowid;
create table facts(name text primary key, value text not null, at real not null) without rowid;
create table moments(
  seq integer not null references messages(seq) on delete cascade,
  at real not null, what text not null, detail text not null default '');
create index moments_of on moments(seq, what, at);
insert into messages(publication, sender, key, kind, text, message, reply, failure, state, accepted_at) values
  ('p', 'accepted', 'm1', 'text', '问', '{"id": "m1", "sender": "accepted", "text": "问", "kind": "text", "at": 0.0, "data": {}, "history": null, "wishes": {}}', '好', '', 'accepted', 0.25);
insert into messages(publication, sender, key, kind, text, message, reply, failure, state, accepted_at) values
  ('p', 'answered', 'm1', 'text', '问', '{"id": "m1", "sender": "answered", "text": "问", "kind": "text", "at": 0.0, "data": {}, "history": null, "wishes": {}}', '好', '', 'answered', 0.5);
insert into messages(publication, sender, key, kind, text, message, reply, failure, state, accepted_at) values
  ('p', 'delivered', 'm1', 'text', '问', '{"id": "m1", "sender": "delivered", "text": "问", "kind": "text", "at": 0.0, "data": {}, "history": null, "wishes": {}}', '好', '', 'delivered', 0.75);
insert into messages(publication, sender, key, kind, text, message, reply, failure, state, accepted_at) values
  ('p', 'held', 'm1', 'text', '问', '{"id": "m1", "sender": "held", "text": "问", "kind": "text", "at": 0.0, "data": {}, "history": null, "wishes": {}}', '好', '', 'held', 1.0);
insert into messages(publication, sender, key, kind, text, message, reply, failure, state, accepted_at) values
  ('p', 'kept', 'm1', 'text', '问', '{"id": "m1", "sender": "kept", "text": "问", "kind": "text", "at": 0.0, "data": {}, "history": null, "wishes": {}}', '好', '', 'kept', 1.25);
insert into messages(publication, sender, key, kind, text, message, reply, failure, state, accepted_at) values
  ('p', 'unreachable', 'm1', 'text', '问', '{"id": "m1", "sender": "unreachable", "text": "问", "kind": "text", "at": 0.0, "data": {}, "history": null, "wishes": {}}', '好', '', 'unreachable', 1.5);
insert into messages(publication, sender, key, kind, text, message, reply, failure, state, accepted_at) values
  ('p', 'unknown', 'm1', 'text', '问', '{"id": "m1", "sender": "unknown", "text": "问", "kind": "text", "at": 0.0, "data": {}, "history": null, "wishes": {}}', '好', '', 'unknown', 1.75);
insert into messages(publication, sender, key, kind, text, message, reply, failure, state, accepted_at) values
  ('p', 'silent', 'm1', 'text', '问', '{"id": "m1", "sender": "silent", "text": "问", "kind": "text", "at": 0.0, "data": {}, "history": null, "wishes": {}}', '好', '', 'silent', 2.0);
insert into messages(publication, sender, key, kind, text, message, reply, failure, state, accepted_at) values
  ('p', 'fetch', 'm1', 'text', '问', '{"id": "m1", "sender": "fetch", "text": "问", "kind": "text", "at": 0.0, "data": {}, "history": null, "wishes": {}}', '好', '', 'fetch', 2.25);
insert into messages(publication, sender, key, kind, text, message, reply, failure, state, accepted_at) values
  ('p', 'shed', 'm1', 'text', '问', '{"id": "m1", "sender": "shed", "text": "问", "kind": "text", "at": 0.0, "data": {}, "history": null, "wishes": {}}', '好', '', 'shed', 2.5);
insert into messages(publication, sender, key, kind, text, message, reply, failure, state, accepted_at) values
  ('p', 'abandoned', 'm1', 'text', '问', '{"id": "m1", "sender": "abandoned", "text": "问", "kind": "text", "at": 0.0, "data": {}, "history": null, "wishes": {}}', '好', '', 'abandoned', 2.75);
insert into messages(publication, sender, key, kind, text, message, reply, failure, state, accepted_at) values
  ('p', 'restored', 'm1', 'text', '问', '{"id": "m1", "sender": "restored", "text": "问", "kind": "text", "at": 0.0, "data": {}, "history": null, "wishes": {}}', '好', '', 'restored', 3.0);
insert into parts(seq, number, text, state) values(4, 0, '好', 'held');
pragma user_version=2;
