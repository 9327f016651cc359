"""A cluster: one set of templates, filled in as manifests or as the templates of a Helm chart.

What a value is stands in `values_of`; manifests get it as it is, the chart a reference to its values.yaml.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from runtime.deployment import images
from runtime.deployment.domain import a_name, url_of
from runtime.deployment.environment import HOME, PORT, of_settings
from runtime.deployment.paths import CALLBACKS, OTHERS
from runtime.deployment.templates import FOLDER, in_yaml, rendered
from runtime.deployment.wanted import Wanted
from runtime.settings import Settings
from runtime.version import VERSION

Values = dict[str, Any]
TEMPLATES = ("config", "pages", "gateways", "network", "monitoring")
NAME = "hongyan"
NETWORKS = "10.0.0.0/8"
"""Of pods in most clusters: whoever brings people to us has an address in it."""
LIMITS = {
    "requests": {"cpu": "250m", "memory": "512Mi"},
    "limits": {"memory": "2Gi"},
}


def values_of(settings: Settings, domain: str, wanted: Wanted) -> Values:
    """The owner's, as the chart's values.yaml has them. Raises BadSettings."""
    return {
        "domain": a_name(domain),
        "publicUrl": url_of(domain, settings.public_url),
        "trustedProxy": ",".join(settings.proxies) or NETWORKS,
        "environment": of_settings(settings),
        "existingSecret": NAME,
        "image": {"repository": wanted.repository, "tag": wanted.tag, "pullPolicy": "IfNotPresent"},
        "storageClass": wanted.storage_class,
        "several": wanted.gateways > 0,
        "pages": {"image": "", "storage": "10Gi", "resources": LIMITS},
        "gateways": {
            "image": wanted.gateway_image,
            "replicas": wanted.gateways or 2,
            "storage": "5Gi",
            "resources": LIMITS,
        },
        "autoscaling": {"enabled": True, "most": 3 * (wanted.gateways or 2), "seconds": "30", "cpu": 80},
        "monitoring": {"enabled": False},
        "ingress": {
            "enabled": True,
            "className": wanted.ingress_class,
            "tlsSecret": f"{NAME}-tls",
            "annotations": {},
        },
    }


def found(values: Values, path: str) -> Any:
    """What stands at `a.b`."""
    for name in path.split("."):
        values = values[name]
    return values


class Way(Protocol):
    """How a value, a condition and a mapping are said."""

    name: str
    namespace: str
    managed_by: str
    checksum: str

    def leaf(self, path: str, value: object) -> str: ...
    def when(self, path: str, caller: Callable[[], str]) -> str: ...
    def unless(self, path: str, caller: Callable[[], str]) -> str: ...
    def mapping(self, path: str, indent: int) -> str: ...
    def extra(self, path: str, indent: int) -> str: ...
    def image(self, part: str) -> str: ...


class Plain:
    """As it is, for `kubectl apply`."""

    def __init__(self, values: Values, namespace: str) -> None:
        self._values = values
        self.name = NAME
        self.namespace = namespace
        self.managed_by = NAME
        told = json.dumps(values, sort_keys=True, default=str)
        self.checksum = in_yaml(hashlib.sha256(told.encode()).hexdigest()[:16])

    def leaf(self, path: str, value: object) -> str:
        return in_yaml(value)

    def when(self, path: str, caller: Callable[[], str]) -> str:
        return caller() if found(self._values, path) else ""

    def unless(self, path: str, caller: Callable[[], str]) -> str:
        return "" if found(self._values, path) else caller()

    def mapping(self, path: str, indent: int) -> str:
        lines = [f"{name}: {in_yaml(value)}" for name, value in sorted(found(self._values, path).items())]
        return "\n".join(" " * indent + line for line in lines)

    def extra(self, path: str, indent: int) -> str:
        return ""

    def image(self, part: str) -> str:
        image = self._values["image"]
        return in_yaml(self._values[part].get("image") or f"{image['repository']}:{image['tag']}")


class Chart:
    """As a reference to values.yaml, in the language of Helm's templates."""

    name = "{{ .Release.Name }}"
    namespace = "{{ .Release.Namespace }}"
    managed_by = "{{ .Release.Service }}"
    checksum = '{{ include (print $.Template.BasePath "/config.yaml") . | sha256sum | trunc 16 | quote }}'

    def leaf(self, path: str, value: object) -> str:
        return f"{{{{ .Values.{path}{' | quote' if isinstance(value, str) else ''} }}}}"

    def when(self, path: str, caller: Callable[[], str]) -> str:
        return f"{{{{- if .Values.{path} }}}}\n{caller()}{{{{- end }}}}\n"

    def unless(self, path: str, caller: Callable[[], str]) -> str:
        return f"{{{{- if not .Values.{path} }}}}\n{caller()}{{{{- end }}}}\n"

    def mapping(self, path: str, indent: int) -> str:
        return f"{{{{- with .Values.{path} }}}}\n{{{{- toYaml . | nindent {indent} }}}}\n{{{{- end }}}}"

    def extra(self, path: str, indent: int) -> str:
        """What only some clusters need, as its owner writes it: below `pod`."""
        return self.mapping(path, indent)

    def image(self, part: str) -> str:
        usual = '(printf "%s:%s" .Values.image.repository .Values.image.tag)'
        return f"{{{{ .Values.{part}.image | default {usual} | quote }}}}"


def filled(template: str, way: Way, values: Values) -> str:
    """One of TEMPLATES."""

    def selector(part: str) -> str:
        component = f", app.kubernetes.io/component: {part}" if part else ""
        return f"{{app.kubernetes.io/name: {NAME}, app.kubernetes.io/instance: {way.name}{component}}}"

    labels = selector("")[:-1]
    ours = f'app.kubernetes.io/version: "{VERSION}", app.kubernetes.io/managed-by: {way.managed_by}'
    known = {
        "name": way.name,
        "namespace": way.namespace,
        "labels": f"{labels}, {ours}}}",
        "selector": selector,
        "marks": f"{{checksum/config: {way.checksum}}}",
        "v": {**_leaves(way, values), **_named(way, values)},
        "when": way.when,
        "unless": way.unless,
        "mapping": way.mapping,
        "extra": way.extra,
        "image": way.image,
        "paths": [f"/{one}" for one in (CALLBACKS, *OTHERS)],
        "uid": images.UID,
        "home": HOME,
        "port": PORT,
    }
    return rendered(f"kubernetes/{template}.yaml.j2", known)


def _leaves(way: Way, values: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    return {
        name: _leaves(way, value, f"{above}{name}.")
        if isinstance(value, dict)
        else way.leaf(above + name, value)
        for name, value in values.items()
    }


def _named(way: Way, values: Values) -> dict[str, str]:
    paths = {"pullPolicy": "image.pullPolicy", "secret": "existingSecret"}
    return {name: way.leaf(path, found(values, path)) for name, path in paths.items()}


def manifests(settings: Settings, domain: str, wanted: Wanted) -> str:
    """All of them, one after the other, for `kubectl apply -f -`. Raises BadSettings."""
    values = values_of(settings, domain, wanted)
    way = Plain(values, wanted.namespace)
    head = rendered(
        "kubernetes/_head.j2", {"namespace": wanted.namespace, "several": values["several"], "name": NAME}
    )
    parts = (filled(one, way, values) for one in TEMPLATES)
    return "---\n".join([head, *(one for one in parts if one.strip())])


def chart(settings: Settings, domain: str, wanted: Wanted) -> dict[str, str]:
    """The files of a Helm chart, by name; the owner's values are its values.yaml. Raises BadSettings."""
    values, way = values_of(settings, domain, wanted), Chart()
    static = {
        name: (FOLDER / "helm" / name).read_text("utf-8") for name in ("values.schema.json", ".helmignore")
    }
    return {
        "Chart.yaml": rendered("helm/Chart.yaml.j2", {"version": VERSION}),
        "values.yaml": rendered("helm/values.yaml.j2", {"v": values, "name": NAME}),
        **static,
        "templates/NOTES.txt": (FOLDER / "helm" / "NOTES.txt").read_text("utf-8"),
        **{f"templates/{one}.yaml": filled(one, way, values) for one in TEMPLATES},
    }
