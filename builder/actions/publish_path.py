"""Where a publication is looked at: the publish page, with its channel and account chosen."""

from urllib.parse import urlencode

from runtime.store.control.records import Publication


def publish_path(publication: Publication) -> str:
    """From where the builder begins, see static/publish/opened.js."""
    return f"publish?{urlencode({'agent': publication.agent, 'publication': publication.id})}"
