"""Publishing at "/publish?agent=ID"."""

from builder.actions import (
    agents,
    announce,
    canary,
    checkup,
    debug_word,
    kit,
    menu,
    publish,
    published,
    replayed,
    sample,
    scanning,
    shadow,
    trying_calls,
)
from builder.pages._panel import panel
from builder.studio import Studio
from runtime.access.permissions import SOME, Permission, needs

ACTIONS = (
    agents.names,
    publish.overview,
    sample.sample,
    publish.go_live,
    publish.state,
    checkup.begin,
    checkup.look,
    checkup.stop,
    checkup.explained,
    kit.kit,
    publish.set_public_url,
    publish.on_server,
    published.take_back,
    published.bring_back,
    published.pause_it,
    published.resume_it,
    published.use_version,
    debug_word.set_debug,
    debug_word.clear_debug,
    canary.start_canary,
    canary.share_canary,
    canary.stop_canary,
    canary.canary_back,
    canary.release_canary,
    canary.canary_figures,
    shadow.start_shadow,
    shadow.stop_shadow,
    shadow.shadow_back,
    shadow.shadow_report,
    shadow.shadow_pairs,
    replayed.replay_talks,
    published.rotate_it,
    published.clear_secret,
    publish.create_key,
    publish.revoke_key,
    menu.menu,
    menu.put_menu,
    menu.put_menu_back,
    menu.put_menu_for,
    menu.put_menu_for_back,
    menu.remove_menu_for,
    menu.remove_menu,
    menu.bring_answers,
    announce.say,
    announce.alerts_here,
    scanning.new_code,
    scanning.enter_digits,
    trying_calls.example,
    trying_calls.understood,
)


@needs(Permission.AGENTS_VIEW, on=SOME)
def page(studio: Studio) -> None:
    panel("publish/publish")
