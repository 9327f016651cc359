"""What an owner says of containers goes into files that act: what would act otherwise is refused."""

import pytest

from runtime.deployment.wanted import Wanted
from runtime.errors import BadSettings

GOOD = [
    {"gateways": 64},
    {"image": "registry.example.com:5000/team/hongyan_gateway:1.0.0-rc.1"},
    {"image": "hongyan:latest"},
    {"registry": "docker.m.example.cn/mirror"},
    {"index": "http://10.0.0.2:8081/simple/"},
    {"subnet": "10.9.0.0/16"},
    {"alerts": "https://example.com/robot?key=a-b_c"},
    {"namespace": "a1"},
    {"storage_class": "local-path", "ingress_class": "traefik"},
]


@pytest.mark.parametrize("given", GOOD)
def test_what_names_something_is_taken(given):
    Wanted(**given)


BAD = {
    "gateways": [-1, 65],
    "image": [
        "", "hongyan", "Hongyan:1", "a b:1", "hongyan:1\n", "x:1\nUSER root", 'x:"', "x:{{ .Values }}",
        "-x:1", "x:$(id)", "https://x/y:1", "x:" + "1" * 129, "a" * 300 + ":1",
    ],
    "gateway_image": ["hongyan", "a b:1", "x:1\n", "x:{{y}}"],
    "registry": ["", "https://docker.io", "docker.io/", "a b", "x;y", "x\ny", "{{x}}", "$(id)"],
    "index": ["ftp://x/simple", "https://", "https://x/ y", "https://x/\n", "https://x/é", "//x", "data:x"],
    "subnet": ["", "172.30.87.1/24", "8.8.8.0/24", "10.0.0.0/8", "10.0.0.0/25", "::/64", "10.0.0.0/24\n"],
    "alerts": ["file:///etc/passwd", 'https://x/"\n- url', "https://x/" + "a" * 2000],
    "namespace": ["", "A", "a.b", "-a", "a-", "a" * 64, "a\nb", "a b", "{{a}}", "鸿雁"],
    "storage_class": ["a b", "a\nb", '"', "{{a}}"],
    "ingress_class": ["a b", "a: b", "$x"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in BAD.items() for value in values]
)
def test_what_would_be_something_else_is_refused_by_its_option(name, value):
    with pytest.raises(BadSettings) as caught:
        Wanted(**{name: value})
    assert caught.value.field == f"--{name.replace('_', '-')}"
    assert caught.value.field in caught.value.text.zh
    assert caught.value.field in caught.value.text.en
    assert "\n" not in caught.value.text.en
