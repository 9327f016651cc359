"""What others' programs made of Feishu's protocol, and ours read and write alike.

Frames: lark-oapi 1.7.5, ws/pb/pbbp2_pb2.py and ws/client.py. It also read what the simulator seals and signs
(EventDispatcherHandler), and the frames that ours writes.
"""

import base64
import contextlib

import pytest

from runtime.channels import WebRequest
from runtime.channels.feishu.link import BotLink, service_of
from runtime.channels.feishu.sealed import Sealed
from runtime.channels.feishu.wire import decoded
from runtime.errors import Refused

PING = "0800100018f681801020002a0c0a0474797065120470696e67"
"""`_new_ping_frame(33554678).SerializeToString()`"""
EVENT = (
    "08071085808080808080808001180120012a0d0a047479706512056576656e742a110a0a6d6573736167655f696412036d2d31"
    "2a080a0373756d1201312a080a0373657112013032046a736f6e3a0178420b7b226b223a22e9b8bf227d4a056c6f672d31"
)
HELLO = "P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk="
"""`hello world` under `test key`, from the platform's papers."""


def test_a_ping_is_the_same_to_the_byte():
    [frame] = BotLink(lambda: 33554678).opened(0.0).send
    assert frame.text.encode("latin-1").hex() == PING


def test_a_frame_is_read_and_goes_back_as_it_came():
    frame = decoded(bytes.fromhex(EVENT))
    assert (frame.method, frame.service, frame.seq, frame.log) == (1, 1, 7, 2**63 + 5)
    assert dict(frame.headers) == {"type": "event", "message_id": "m-1", "sum": "1", "seq": "0"}
    assert frame.payload.decode() == '{"k":"鸿"}'
    assert frame.encoded().hex() == EVENT


@pytest.mark.parametrize("cut", range(2, len(EVENT) // 2 - 7, 3))
def test_a_frame_that_is_cut_is_read_in_part_or_refused(cut):
    with contextlib.suppress(Refused):
        assert decoded(bytes.fromhex(EVENT)[:cut]).payload == b""


def test_what_the_papers_seal_is_opened():
    with pytest.raises(Refused) as refused:  # it is no object, and so it was opened
        Sealed("test key", "t").open(WebRequest("POST", {}, f'{{"encrypt": "{HELLO}"}}'.encode()), 0.0)
    assert refused.value.code == "malformed"
    sealed = bytearray(base64.b64decode(HELLO))
    sealed[-1] ^= 1
    body = f'{{"encrypt": "{base64.b64encode(sealed).decode()}"}}'.encode()
    with pytest.raises(Refused) as refused:
        Sealed("test key", "t").open(WebRequest("POST", {}, body), 0.0)
    assert refused.value.code == "decrypt"


@pytest.mark.parametrize(
    ("url", "service"),
    [
        ("wss://a.feishu.cn/ws/v2?device_id=1&service_id=33554678&ticket=x", 33554678),
        ("wss://a.feishu.cn/ws/v2", 0),
        ("wss://a.feishu.cn/ws/v2?service_id=-1", 0),
        ("wss://a.feishu.cn/ws/v2?service_id=99999999999", 0),
        ("wss://a.feishu.cn/ws/v2?service_id=²", 0),
    ],
)
def test_the_service_is_read_from_the_address(url, service):
    assert service_of(url) == service
