"""Before the first message: what will be here, and the way there."""

from builder.insights._drawn import esc, show
from builder.insights._words import t


def nothing_yet() -> None:
    show(
        '<div class="hy-card hy-empty">',
        f"<h2>{esc(t('empty.title'))}</h2><p>{esc(t('empty.hint'))}</p>",
        f'<a class="hy-btn primary" href="../publish" target="_self">{esc(t("empty.go"))}</a></div>',
    )
