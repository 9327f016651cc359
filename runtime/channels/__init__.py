"""The contract of a channel: a surface people write on. A file or a folder each, which exports `CHANNEL`.

A channel translates. It does no I/O, does not wait, store, retry or think: the gateway does that once for
all. What it can is an ability that it inherits (_abilities.py); what its surface allows is data.
"""

from runtime.channels._abilities import (
    Announces,
    AsksPlatform,
    Authenticates,
    Codes,
    Fetches,
    Greets,
    Pushes,
    Rate,
    Receives,
    Types,
    Verifies,
)
from runtime.channels._calling_out import CallsOut
from runtime.channels._channel import (
    Channel,
    by_family,
    connects,
    is_for_people,
    looks,
    registry,
    widest_first,
)
from runtime.channels._checking import Checked, Question, Told
from runtime.channels._choosing import ChoiceLimits, Chooses
from runtime.channels._connecting import NOTHING_FOLLOWS, Connects, End, Link, Step
from runtime.channels._consenting import Application, Consents, Granted, Scope, Trial
from runtime.channels._continuing import Continues, TypesByTicket, TypesUnder
from runtime.channels._domain import Domain
from runtime.channels._guide import (
    AUDIENCES,
    DEVICES,
    MESSENGERS,
    NEUTRAL,
    OWN,
    WORK,
    Family,
    Guide,
    Guides,
    Note,
    Profile,
    ToCopy,
    Words,
)
from runtime.channels._handing_over import HandsOver, Standings
from runtime.channels._identifying import Identifies
from runtime.channels._inspecting import Inspects
from runtime.channels._judging import Judged
from runtime.channels._kit import BringsKit, Kit
from runtime.channels._limits import Limits
from runtime.channels._managing import (
    AutomaticAnswers,
    CallbackChecked,
    CallMade,
    Line,
    Managed,
    Management,
    Neighbour,
    Ping,
    QuotaLeft,
    WordsAnswered,
)
from runtime.channels._media import (
    Attached,
    CarriesMedia,
    Media,
    MediaIn,
    MediaLimits,
    MediaOut,
    PushesMedia,
    RespondsMedia,
    Shown,
    Steps,
    Uploaded,
    at_address,
)
from runtime.channels._menu import Button, Menu, MenuFound, MenuLimits, checked_menu
from runtime.channels._opening import Corner, Opens
from runtime.channels._own_server import OwnServer, Server
from runtime.channels._pairing import Joins, Pairing, Pairs, Progress, ScanCode, Stage
from runtime.channels._registering import Registers
from runtime.channels._responding import Responds
from runtime.channels._signing_in import LONGEST_PROOF, AsksWho, SignedIn, SignsIn
from runtime.channels._streaming import Bubble, Drafts, Edits, Held, Pieces, Streams, StreamsMedia
from runtime.channels._symptoms import Symptom
from runtime.channels._trying import Tried, Understood
from runtime.channels._wire import (
    AccessToken,
    AddressCheck,
    ApiAnswer,
    ApiRequest,
    Arrivals,
    FormFile,
    Frame,
    Notice,
    Page,
    Verified,
    WebRequest,
    WebResponse,
)
from runtime.message import Bounce

__all__ = [
    "ABILITIES",
    "AUDIENCES",
    "DEVICES",
    "LONGEST_PROOF",
    "MESSENGERS",
    "NEUTRAL",
    "NOTHING_FOLLOWS",
    "OWN",
    "WORK",
    "AccessToken",
    "AddressCheck",
    "Announces",
    "ApiAnswer",
    "ApiRequest",
    "Application",
    "Arrivals",
    "AsksPlatform",
    "AsksWho",
    "Attached",
    "Authenticates",
    "AutomaticAnswers",
    "Bounce",
    "BringsKit",
    "Bubble",
    "Button",
    "CallMade",
    "CallbackChecked",
    "CallsOut",
    "CarriesMedia",
    "Channel",
    "Checked",
    "ChoiceLimits",
    "Chooses",
    "Codes",
    "Connects",
    "Consents",
    "Continues",
    "Corner",
    "Domain",
    "Drafts",
    "Edits",
    "End",
    "Family",
    "Fetches",
    "FormFile",
    "Frame",
    "Granted",
    "Greets",
    "Guide",
    "Guides",
    "HandsOver",
    "Held",
    "Identifies",
    "Inspects",
    "Joins",
    "Judged",
    "Kit",
    "Limits",
    "Line",
    "Link",
    "Managed",
    "Management",
    "Media",
    "MediaIn",
    "MediaLimits",
    "MediaOut",
    "Menu",
    "MenuFound",
    "MenuLimits",
    "Neighbour",
    "Note",
    "Notice",
    "Opens",
    "OwnServer",
    "Page",
    "Pairing",
    "Pairs",
    "Pieces",
    "Ping",
    "Profile",
    "Progress",
    "Pushes",
    "PushesMedia",
    "Question",
    "QuotaLeft",
    "Rate",
    "Receives",
    "Registers",
    "Responds",
    "RespondsMedia",
    "ScanCode",
    "Scope",
    "Server",
    "Shown",
    "SignedIn",
    "SignsIn",
    "Stage",
    "Standings",
    "Step",
    "Steps",
    "Streams",
    "StreamsMedia",
    "Symptom",
    "ToCopy",
    "Told",
    "Trial",
    "Tried",
    "Types",
    "TypesByTicket",
    "TypesUnder",
    "Understood",
    "Uploaded",
    "Verified",
    "Verifies",
    "WebRequest",
    "WebResponse",
    "Words",
    "WordsAnswered",
    "at_address",
    "by_family",
    "checked_menu",
    "connects",
    "is_for_people",
    "looks",
    "registry",
    "widest_first",
]

ABILITIES: tuple[type, ...] = (
    Receives, Responds, Verifies, Authenticates, Pushes, Announces, Types, Fetches, Greets, HandsOver,
    Connects, Streams, StreamsMedia, Guides, Managed, MediaIn, MediaOut, PushesMedia, RespondsMedia,
    Checked, Joins, Identifies, Inspects, Pairs, Granted, Consents, Continues, TypesByTicket, Chooses,
    OwnServer, Drafts, Edits, CarriesMedia, Registers, TypesUnder,
    CallsOut, Tried, SignsIn, AsksWho, Opens, BringsKit,
)  # fmt: skip
