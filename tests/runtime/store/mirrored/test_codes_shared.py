"""A code opens once, at however many instances it is tried in the same moment."""

import threading

import pyotp

from runtime.access.second.second_factors import SecondFactors
from runtime.access.users import first_owner
from runtime.store.control.control import Control

NOW = 1_800_000_000.0


def test_a_code_tried_at_three_instances_at_once_opens_at_one(homes, soon):
    controls = [Control.in_folder(homes() / "data", "the same key") for _ in range(3)]
    now = [NOW]
    doors = [SecondFactors(control, lambda: now[0]) for control in controls]
    controls[0].users.put(first_owner("x", 0.0))
    nonce = doors[0].begin()
    secret = doors[0].proposed("owner", nonce)
    made = doors[0].confirm("owner", nonce, pyotp.TOTP(secret).at(NOW))
    for door in doors:
        soon(lambda door=door: door.find("owner"))
    now[0] += 30
    for typed in (pyotp.TOTP(secret).at(now[0]), made[0]):
        got = at_once(doors, typed)
        assert sorted(one or "" for one in got)[:2] == ["", ""]
        assert any(got)


def at_once(doors, typed):
    got = []
    threads = [
        threading.Thread(target=lambda door=door: got.append(door.prove("owner", typed))) for door in doors
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got
