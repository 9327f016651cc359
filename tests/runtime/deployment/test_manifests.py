"""A cluster: manifests that its schema takes, and a chart that says the same."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import kubernetes_validate
import pytest
import yaml

from runtime.deployment import folder, manifests
from runtime.deployment.paths import CALLBACKS, OTHERS
from runtime.deployment.wanted import Wanted
from runtime.errors import BadSettings
from runtime.settings import Settings

VERSION = "1.31"
HELM = Path(sys.executable).with_name("helm")
HOSTILE = {
    "HONGYAN_A_API": "x\"y'z",
    "HONGYAN_B_API": "{{ .Release.Name }}",
    "HONGYAN_C_API": "a: b\n# $(id)",
    "HONGYAN_D_API": "no",
}
SETTINGS = Settings(api_hosts=HOSTILE, log="debug", audit_days=30, proxies=("10.1.0.0/16",))
WAYS = [
    {},
    {
        "gateways": 3,
        "image": "registry.example.com/team/hongyan:1.0.0",
        "gateway_image": "registry.example.com/team/hongyan-gateway:1.0.0",
        "storage_class": "fast",
        "ingress_class": "nginx",
    },
    {"gateways": 1, "namespace": "shop"},
]


def documents(text):
    return [one for one in yaml.load_all(text, yaml.CSafeLoader) if one]


def told(**wanted):
    return documents(manifests.manifests(SETTINGS, "bot.example.com", Wanted(**wanted)))


def by_kind(found, kind, name=""):
    return [one for one in found if one["kind"] == kind and one["metadata"]["name"].endswith(name)]


@pytest.mark.parametrize("wanted", WAYS[:2])
def test_the_schema_of_a_cluster_takes_them(wanted):
    found = told(**wanted)
    for one in found:
        kubernetes_validate.validate(one, VERSION, strict=True)
    several = {"PodDisruptionBudget", "HorizontalPodAutoscaler"} if wanted.get("gateways") else set()
    always = {"ServiceAccount", "ConfigMap", "StatefulSet", "Service", "Ingress", "NetworkPolicy"}
    assert {one["kind"] for one in found} == always | several
    assert {one["metadata"]["namespace"] for one in found} == {wanted.get("namespace", "hongyan")}


@pytest.mark.parametrize("wanted", WAYS)
def test_each_pod_is_watched_drained_and_confined(wanted):
    for one in by_kind(told(**wanted), "StatefulSet"):
        pod = one["spec"]["template"]["spec"]
        (container,) = pod["containers"]
        assert {
            "startupProbe",
            "livenessProbe",
            "readinessProbe",
            "lifecycle",
            "resources",
        } <= container.keys()
        assert (
            pod["terminationGracePeriodSeconds"] > 60 + 10
        )  # of systemd's service, after who leads people here knows
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert not pod["automountServiceAccountToken"]
        selected = one["spec"]["selector"]["matchLabels"].items()
        assert selected <= one["spec"]["template"]["metadata"]["labels"].items()


def test_settings_arrive_as_they_are_and_secrets_do_not():
    settings = Settings(api_hosts=HOSTILE, secret_key="canary-0123456789", metrics_key="canary-0123456789")
    text = manifests.manifests(settings, "bot.example.com", Wanted(gateways=2))
    assert "canary" not in text
    (map,) = by_kind(documents(text), "ConfigMap")
    assert HOSTILE.items() <= map["data"].items()
    assert all(isinstance(value, str) for value in map["data"].values())


def test_another_setting_starts_the_pods_anew():
    marks = [
        {
            one["spec"]["template"]["metadata"]["annotations"]["checksum/config"]
            for one in by_kind(found, "StatefulSet")
        }
        for found in (told(gateways=2), told(gateways=2), told(gateways=2, image="hongyan:2"))
    ]
    assert marks[0] == marks[1] != marks[2]


def test_programs_and_people_who_write_are_led_to_the_gateways():
    (ingress,) = by_kind(told(gateways=2), "Ingress")
    led = {
        path["path"]: path["backend"]["service"]["name"]
        for path in ingress["spec"]["rules"][0]["http"]["paths"]
    }
    assert led == {"/": "hongyan-pages"} | {f"/{one}": "hongyan-gateways" for one in (CALLBACKS, *OTHERS)}


def test_a_cluster_needs_a_name():
    with pytest.raises(BadSettings) as caught:
        manifests.manifests(SETTINGS, "203.0.113.9", Wanted())
    assert caught.value.field == "--domain"


def test_gateways_are_added_by_the_age_of_the_queue():
    (scaler,) = by_kind(told(gateways=2), "HorizontalPodAutoscaler")
    assert scaler["spec"]["metrics"][0]["pods"]["metric"] == {"name": "hongyan_queue_age_seconds"}
    (gateways,) = by_kind(told(gateways=2), "StatefulSet", "gateways")
    assert "replicas" not in gateways["spec"]  # else each apply would undo what the scaler did


@pytest.fixture
def chart(request, tmp_path):
    """The folder of one, as the command writes it."""
    files = manifests.chart(SETTINGS, "bot.example.com", Wanted(**request.param))
    folder.write(tmp_path / "hongyan", "helm", files)
    return tmp_path / "hongyan"


BAD_VALUES = [
    {"domain": "bot example"},
    {"several": "yes"},
    {"gateways": {"replicas": 0}},
    {"unknown": 1},
    {"environment": {"a b": "x"}},
    {"environment": {"A": 1}},
    {"image": {"tag": "{{ x }}"}},
    {"ingress": {"tlsSecret": "A b"}},
    {"pod": {"containers": []}},
    {"publicUrl": "javascript:x"},
]


@pytest.mark.parametrize("chart", WAYS, indirect=True)
def test_its_values_are_those_that_its_schema_takes(chart):
    schema = json.loads((chart / "values.schema.json").read_text("utf-8"))
    values = yaml.safe_load((chart / "values.yaml").read_text("utf-8"))
    jsonschema.validate(values, schema)
    for bad in BAD_VALUES:
        changed = values | {
            name: values[name] | part if isinstance(part, dict) and part and name in values else part
            for name, part in bad.items()
        }
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(changed, schema)


def helm(*command):
    return subprocess.run([HELM, *command], capture_output=True, text=True, encoding="utf-8")


@pytest.mark.parametrize("chart", WAYS, indirect=True)
def test_helm_renders_what_the_manifests_say(chart, request):
    wanted = request.node.callspec.params["chart"]
    said = helm("template", "hongyan", str(chart), "--namespace", wanted.get("namespace", "hongyan"))
    assert (said.returncode, said.stderr) == (0, "")
    ours = told(**wanted)
    theirs = documents(said.stdout)
    assert sorted(map(plain, theirs)) == sorted(map(plain, ours))
    assert helm("lint", "--strict", str(chart)).returncode == 0


def plain(one):
    """Without what says who rendered it."""
    return (
        json.dumps(one, sort_keys=True)
        .replace('"app.kubernetes.io/managed-by": "Helm"', '"app.kubernetes.io/managed-by": "hongyan"')
        .replace(
            one.get("spec", {})
            .get("template", {})
            .get("metadata", {})
            .get("annotations", {})
            .get("checksum/config", "\0"),
            "",
        )
    )


@pytest.mark.parametrize("chart", WAYS[1:2], indirect=True)
def test_an_operator_of_prometheus_finds_every_pod_by_the_job_that_the_rules_know(chart):
    """Fields: github.com/prometheus-operator/prometheus-operator, Documentation/api-reference/api.md."""
    said = helm("template", "x", str(chart), "--set", "monitoring.enabled=true")
    found = documents(said.stdout)
    [monitor] = by_kind(found, "ServiceMonitor")
    [endpoint] = monitor["spec"]["endpoints"]
    secret = endpoint["authorization"]["credentials"]
    used = [one["valueFrom"]["secretKeyRef"] for one in _environment(found) if "valueFrom" in one]
    assert (secret["name"], secret["key"]) in {(one["name"], one["key"]) for one in used}
    assert endpoint["relabelings"] == [{"targetLabel": "job", "replacement": "hongyan"}]
    asked = monitor["spec"]["selector"]["matchLabels"].items()
    services = [one for one in by_kind(found, "Service") if asked <= one["metadata"]["labels"].items()]
    assert len(services) == len(by_kind(found, "Service")) == 2
    assert {one["spec"]["ports"][0]["name"] for one in services} == {endpoint["port"]}


def _environment(found):
    for one in by_kind(found, "StatefulSet"):
        yield from one["spec"]["template"]["spec"]["containers"][0]["env"]
