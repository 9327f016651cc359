"""What became of the parts of an answer says what became of the answer."""

from runtime.store.database import Db
from runtime.store.messages.states import BY_WEIGHT, LEAVING, OWED, among

OWING = f"state in ({among(OWED)})"
"""The index `owing` has the same words."""
UNSETTLED = f"exists (select 1 from parts p where p.seq=messages.seq and p.state in ({among(LEAVING)}))"
"""Something is still to be tried with it."""
_WEIGHED = " ".join(f"when '{state}' then {weight}" for weight, state in enumerate(BY_WEIGHT))
_NAMED = " ".join(f"when {weight} then '{state}'" for weight, state in enumerate(BY_WEIGHT))
SETTLED = f"""
(select case min(case p.state {_WEIGHED} end) {_NAMED} else 'delivered' end
  from parts p where p.seq=messages.seq)"""
"""Of a row of `messages`: how its answer ended, once nothing is left."""
SETTLE = f"update messages set state={SETTLED} where seq=? and {OWING} and not {UNSETTLED}"


def settle(db: Db, seq: int) -> None:
    """Derive the state of an answered message from its parts."""
    db.execute(SETTLE, (seq,))
