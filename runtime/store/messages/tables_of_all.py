"""Tables of what is nobody's alone, and of what was decided about what people wrote."""

SHARED = """create table if not exists shared_keys(
  agent text not null, name text not null, key text not null,
  taken integer not null default 0, number integer not null default 0, places integer, at real not null,
  primary key(agent, name, key)) without rowid;
create table if not exists shared_claims(
  id integer primary key autoincrement, agent text not null, name text not null, key text not null,
  number integer not null, places integer not null, publication text not null, sender text not null,
  seq integer not null, at real not null, unique(agent, name, key, number))"""
"""What an agent gives to everybody, each place to one person: see shared.py. `taken`: the sum of the claims'
places; `number`: the newest claim's; `places`: how many there are, as the operator says."""

JUDGED = """create table if not exists judged(
  id integer primary key autoincrement, seq integer not null, publication text not null, sender text not null,
  agent text not null, at real not null, place text not null, kind text not null, action text not null,
  what text not null, excerpt text not null, why text not null default '', verdict text not null default '',
  lifted integer not null default 0, unique(seq, place, kind, what))"""
"""What checks decided, see judged.py. `verdict`: what somebody thought of it later."""

INSTANCES = """create table if not exists instances(
  id integer primary key autoincrement, name text not null,
  began_at real not null, steady_at real not null, beat_at real not null)"""
"""Programs that share this database, see instances.py. In `messages` and `parts`, `owner` is the one that
works on it or sends it; 0 where there is but one."""
