"""Tables of what is nobody's alone, and of what was decided about what people wrote."""

from runtime.store.opening import Trigger
from runtime.store.sealing.data_keys import DATA_KEYS

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

SPENT_FIRST = """create table if not exists spent(
  kind text not null, name text not null, day text not null,
  tokens integer not null, cost real not null, unpriced integer not null,
  primary key(kind, name, day)) without rowid"""
SPENT = SPENT_FIRST.replace(
    "unpriced integer not null", "unpriced integer not null, messages integer not null default 0"
)
"""What models took in a day: of a model, an agent, a person (hashed), an API key, and all together."""

CONSENTS_FIRST = """create table if not exists consents(
  publication text not null, sender text not null, version text not null, answer text not null,
  seq integer not null, at real not null, primary key(publication, sender)) without rowid;
create table if not exists exports(
  hash text primary key, publication text not null, sender text not null, at real not null,
  until real not null) without rowid;
create table if not exists erased(
  mark text primary key, at real not null, since real not null, times integer not null) without rowid"""
CONSENTS = CONSENTS_FIRST.replace(
    "at real not null, primary", "at real not null, who text not null default '', primary", 1
)
"""How people answered whether they agree, and to which text, `who`: themselves, in whatever group of that
surface; addresses, hashed, by which they fetch what is kept of them; who was forgotten, as keyed hashes, and
how often since when."""

FAMILIES = """create table if not exists families(
  id text primary key, publication text not null, sender text not null, hash text not null,
  former text not null default '', attempt text not null default '', turned_at real not null,
  at real not null, until real not null) without rowid"""
"""Who is signed in on a page or in an app of ours, see families.py. What they show is kept as hashes."""

AUDIT = """create table if not exists audit(
  number integer primary key, at real not null, who text not null, what text not null, status text not null,
  record text not null, hash text not null);
create table if not exists audit_head(id integer primary key, number integer not null, hash text not null);
create table if not exists audit_cuts(
  number integer primary key, hash text not null, at real not null, mark text not null);
create table if not exists audit_begun(id text primary key, at real not null, record text not null)
  without rowid"""
"""What people did here, see access/audit: a chain, its last link, up to where it was cut off, and what was
begun and has not ended."""
ADDED_TO = Trigger(
    "audit_stays",
    "audit",
    "update of number, at, who, what, status, record, hash",
    "1=1",
    "what was done stays",
)
LATER = f"{SPENT};\n{AUDIT};\n{CONSENTS};\n{DATA_KEYS};\n{FAMILIES}"
"""What came to the first of these tables, in one…"""
LATER_STEPS = {
    10: SPENT_FIRST,
    16: AUDIT,
    17: CONSENTS_FIRST,
    18: "alter table spent add column messages integer not null default 0",
    19: DATA_KEYS,
    20: FAMILIES,
    21: """
    alter table messages add column finish text not null default 'stop';
    alter table consents add column who text not null default '';
    update consents set who=sender
    """,
}
"""…and as it came, from each version to the next."""
