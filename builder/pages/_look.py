"""The look of Gradio's own parts, from the same palette as builder/static/common/base.css."""

import functools
from typing import Any

import gradio as gr

from builder import texts
from builder.serving import bundle

FONT = [
    "system-ui",
    "-apple-system",
    "Segoe UI",
    "PingFang SC",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "sans-serif",
]
MONO = ["ui-monospace", "Cascadia Mono", "Consolas", "Noto Sans Mono CJK SC", "monospace"]


def head() -> str:
    """Behind Gradio's own styles, which ours have to win against."""
    return (
        # resizes: what is written stays in sight above a phone's keyboard
        '<meta name="viewport" '
        'content="width=device-width, initial-scale=1, interactive-widget=resizes-content">'
        + bundle.link(bundle.parts("").sheets[0])
    )


ACCENT = gr.themes.Color(
    name="hongyan", c50="#eceffd", c100="#dde3fb", c200="#bfcaf7", c300="#98a8f1", c400="#6b80e8",
    c500="#3653d8", c600="#2a43b8", c700="#243a9c", c800="#20337f", c900="#1d2f6b", c950="#141d42",
)  # fmt: skip


@functools.cache
def i18n() -> gr.I18n:
    """Gradio's own labels in the languages we speak."""
    return gr.I18n(**texts.for_gradio())


def label(key: str) -> Any:
    """One of Gradio's own labels, which it translates in the browser."""
    return i18n()(key)


def theme() -> gr.themes.Base:
    """Plain font names, so that no font is downloaded."""
    base: Any = gr.themes.Base(
        primary_hue=ACCENT,
        neutral_hue="slate",
        radius_size="md",
        font=FONT,
        font_mono=MONO,
    )
    colors = {
        "body_background_fill": ("#f6f7f9", "#101319"),
        "background_fill_primary": ("#ffffff", "#181c24"),
        "background_fill_secondary": ("#f1f3f6", "#12161d"),
        "block_background_fill": ("#ffffff", "#181c24"),
        "input_background_fill": ("#ffffff", "#181c24"),
        "border_color_primary": ("#e4e7ec", "#2a303b"),
        "body_text_color": ("#1b2230", "#e9ecf2"),
        "body_text_color_subdued": ("#566070", "#a7b0bf"),
        "color_accent_soft": ("#eceffd", "#232b4a"),
        "block_border_color": ("#e4e7ec", "#2a303b"),
    }
    values = {name: light for name, (light, _) in colors.items()}
    dark = {f"{name}_dark": dark for name, (_, dark) in colors.items() if name != "color_accent_soft"}
    styled: gr.themes.Base = base.set(
        **values, **dark, color_accent_soft_dark="#232b4a", block_shadow="none", block_border_width="1px"
    )
    return styled
