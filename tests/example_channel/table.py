"""What the pigeon post says."""

import json

from tables import Answered, Asked, Got, Incoming, MediaPushed, Offered, Outgoing, Put, Tables, Tapped

from example_channel.channels.pigeon import CHANNEL, sign
from runtime.channels import ApiAnswer, ApiRequest, FormFile, Media, Shown, WebRequest
from runtime.choices import Choice, Choices
from runtime.message import Message


def came(**parcel):
    return Message("L1", "ann", "", "image", NOW, {"parcels": [{"kind": "picture", **parcel}]})


KEY = "kr0-kr0-kr0-kr0-kr0"
NOW = 1_800_000_000.0


def call(told, key=KEY, **more):
    body = json.dumps({"at": NOW, **told}).encode()
    return WebRequest("POST", {}, body, {"x-pigeon": sign(key.encode(), body).decode(), **more})


def letter(**more):
    return {"id": "L1", "from": "ann", "text": "coo?", **more}


TABLES = Tables(
    CHANNEL(CHANNEL.Settings(loft="north", passphrase=KEY)),
    now=NOW,
    to="ann",
    secrets=(KEY,),
    incoming=[
        Incoming("a letter", call({"letters": [letter()]}), [Message("L1", "ann", "coo?", at=NOW)]),
        Incoming(
            "two of different people",
            call({"letters": [letter(), letter(id="L2", **{"from": "bob"})]}),
            [Message("L1", "ann", "coo?", at=NOW), Message("L2", "bob", "coo?", at=NOW)],
        ),
        Incoming(
            "somebody joined",
            call({"letters": [letter(event="joined")]}),
            [Message("L1", "ann", "", "event", NOW, {"event": "followed"})],
        ),
        Incoming(
            "a wish that was picked",
            call({"letters": [letter(event="picked", value="corn")]}),
            [Message("L1", "ann", "corn", "event", NOW, {"event": "menu"})],
        ),
        Incoming(
            "a picture",
            call({"letters": [letter(parcels=[{"kind": "picture", "parcel": "P1"}])]}),
            [
                Message(
                    "L1",
                    "ann",
                    "coo?",
                    "image",
                    NOW,
                    {"parcels": [{"kind": "picture", "parcel": "P1"}]},
                )
            ],
        ),
        Incoming(
            "a parcel whose number is a path",
            call({"letters": [letter(parcels=[{"kind": "picture", "parcel": "../rights"}])]}),
            refused="malformed",
        ),
        Incoming("letters wait", call({"waiting": True}), signal=True),
        Incoming(
            "letters wait, with a ticket",
            call({"waiting": True, "ticket": "T1", "loft": "south"}),
            signal=True,
            ticket="T1",
            account="south",
        ),
        Incoming(
            "the keeper has them",
            call({"letters": [letter(event="keeper_came")]}),
            [Message("L1", "ann", "", "event", NOW, {"event": "taken"})],
        ),
        Incoming(
            "a letter was burnt",
            call({"letters": [letter(event="burnt", of="L0")]}),
            [Message("L1", "ann", "", "event", NOW, {"event": "recalled", "id": "L0"})],
        ),
        Incoming("another's", call({"letters": []}, key="another-passphrase"), refused="signature"),
        Incoming("a signature that is not ASCII", call({}, **{"x-pigeon": "é"}), refused="signature"),
        Incoming("an old one", call({"at": NOW - 301}), refused="stale"),
        Incoming("no time at all", call({"at": float("nan")}), refused="malformed"),
        Incoming("no letter", call({"letters": ["hello"]}), refused="malformed"),
        Incoming(
            "an event that nobody knows", call({"letters": [letter(event="moult")]}), refused="malformed"
        ),
        Incoming("another method", WebRequest("GET", {}), refused="malformed"),
    ],
    outgoing=[Outgoing("a letter", "coo", ApiRequest("/send", {"to": "ann", "text": "coo", "key": "k1"}))],
    answered=[
        Answered("taken", {}),
        Answered("the badge is old", {"error": "badge"}, "badge", 401),
        Answered("asleep", {"error": "asleep"}, "asleep", 429),
        Answered("moved away", {"error": "moved"}, "moved", 409),
        Answered("a word that is none", {"error": ["x"]}, "uncertain", 500),
        Answered("a status alone", {}, "uncertain", 500),
    ],
    got=[
        Got(
            "at the post",
            came(parcel="P1"),
            [(ApiRequest("/parcels/P1", most=1_000_000), ApiAnswer(200, {}, b"in straw:PNG"))],
            b"PNG",
        ),
        Got(
            "in a basket elsewhere",
            came(parcel="P1", basket="north.basket.example"),
            [
                (
                    ApiRequest("/parcels/P1", most=1_000_000, host="https://north.basket.example"),
                    ApiAnswer(200, {}, b"in straw:PNG"),
                )
            ],
            b"PNG",
        ),
        Got(
            "eaten",
            came(parcel="P1"),
            [(ApiRequest("/parcels/P1", most=1_000_000), ApiAnswer(200, {"error": "eaten"}))],
            code="eaten",
        ),
    ],
    put=[
        Put(
            "a picture",
            Media("image", "image/png", b"PNG", "media.png"),
            [
                (
                    ApiRequest(
                        "/parcels", upload=FormFile("parcel", "media.png", b"in straw:PNG", "image/png")
                    ),
                    ApiAnswer(200, {"parcel": "P7"}),
                )
            ],
            {"parcel": "P7"},
        )
    ],
    media_pushed=[
        MediaPushed(
            "a picture",
            Shown("image", {"parcel": "P7"}),
            ApiRequest("/send", {"to": "ann", "parcel": "P7", "key": "k1"}),
        ),
        MediaPushed(
            "a song",
            Shown("voice", {"parcel": "P8"}),
            ApiRequest("/send", {"to": "ann", "parcel": "P8", "key": "k1"}),
        ),
    ],
    identified=[({"breeder": "old Tom"}, "old Tom"), ({}, ""), ({"error": "strike"}, "!strike")],
    asked=[
        Asked("enough", "feathers", {"left": 7}, True, says="7 feathers"),
        Asked("none", "feathers", {"left": 0}, False, says="0 feathers"),
        Asked("on strike", "feathers", {"error": "strike"}, code="strike"),
    ],
    offered=[
        Offered(
            "twigs",
            Choices("corn?", [Choice("yes", "y"), Choice("no", "n")]),
            ApiRequest(
                "/send", {"to": "ann", "text": "corn?", "twigs": {"yes": "y", "no": "n"}, "key": "k1"}
            ),
        )
    ],
    tapped=[
        Tapped(
            "a twig",
            Message("L1", "ann", "y", "event", NOW, {"event": "menu"}),
            None,
            ApiRequest("/nest", {"of": "ann", "twig": "y"}),
        )
    ],
    stranger=({"error": "stranger", "roof": "198.51.100.7"}, "198.51.100.7"),
)
