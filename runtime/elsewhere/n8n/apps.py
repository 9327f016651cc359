"""n8n's nodes of other services: what says something is said or sent, data goes by their interface."""

import json

from runtime.elsewhere import _blocks as blocks
from runtime.elsewhere._bringing import Bringing, Lost, Outcome
from runtime.elsewhere._graph import Node
from runtime.elsewhere._http import request, secret
from runtime.elsewhere._words import shown, text_of
from runtime.elsewhere.n8n.texts import words
from runtime.lang import Text

MESSAGES = (
    "telegram",
    "whatsApp",
    "slack",
    "discord",
    "gmail",
    "emailSend",
    "microsoftOutlook",
    "line",
    "twilio",
    "mattermost",
)
SAID = Text("原来发到 {app}，这里直接回复对方", "it went to {app}; here it is said to whoever writes")
SENT = Text(
    "原来由 {app} 发，这里用「发消息」：请填收件人和服务器",
    "{app} sent it; here “Send” does: give receiver and server",
)
NO_TEXT = Text("它不发文字，没有对应的积木", "it sends no text; there is no block like it")
BY_HTTP = Text(
    "改用 {app} 的 HTTP 接口：请核对网址、内容和密钥",
    "by the HTTP interface of {app} now: check address, body and secret",
)
TALKING = ("telegram", "whatsApp", "line")
APPS = {
    "googleSheets": "https://sheets.googleapis.com/v4/spreadsheets/{document}/values/{sheet}",
    "airtable": "https://api.airtable.com/v0/{base}/{table}",
    "googleDrive": "https://www.googleapis.com/drive/v3/files",
    "googleDocs": "https://docs.googleapis.com/v1/documents/{document}",
    "googleCalendar": "https://www.googleapis.com/calendar/v3/calendars/{calendar}/events",
    "notion": "https://api.notion.com/v1/pages",
    "jira": "https://{site}.atlassian.net/rest/api/3/issue",
    "github": "https://api.github.com/repos/{owner}/{repository}/issues",
    "hubspot": "https://api.hubapi.com/crm/v3/objects/contacts",
    "wordpress": "https://{site}/wp-json/wp/v2/posts",
    "supabase": "https://{project}.supabase.co/rest/v1/{table}",
    "baserow": "https://api.baserow.io/api/database/rows/table/{table}/",
    "nocoDb": "https://app.nocodb.com/api/v2/tables/{table}/records",
    "todoist": "https://api.todoist.com/rest/v2/tasks",
    "clickUp": "https://api.clickup.com/api/v2/list/{list}/task",
    "googleTasks": "https://tasks.googleapis.com/tasks/v1/lists/{list}/tasks",
    "googleAnalytics": "https://analyticsdata.googleapis.com/v1beta/properties/{property}:runReport",
    "linkedIn": "https://api.linkedin.com/v2/ugcPosts",
    "youTube": "https://www.googleapis.com/youtube/v3/videos",
    "zendesk": "https://{site}.zendesk.com/api/v2/tickets.json",
    "pipedrive": "https://api.pipedrive.com/v1/deals",
    "elasticsearch": "https://{site}/{index}/_search",
    "hackerNews": "https://hn.algolia.com/api/v1/search",
    "reddit": "https://oauth.reddit.com/r/{subreddit}/search",
    "twitter": "https://api.twitter.com/2/tweets",
    "facebookGraphApi": "https://graph.facebook.com/v23.0/{node}",
    "graphql": "https://{site}/graphql",
    "coda": "https://coda.io/apis/v1/docs/{document}/tables/{table}/rows",
}
METHODS = {
    "get": "GET",
    "getAll": "GET",
    "read": "GET",
    "search": "GET",
    "list": "GET",
    "lookup": "GET",
    "download": "GET",
    "update": "PATCH",
    "delete": "DELETE",
    "deleteTable": "DELETE",
}
PLACES = {
    "document": "documentId",
    "sheet": "sheetName",
    "base": "base",
    "table": "table",
    "calendar": "calendar",
    "owner": "owner",
    "repository": "repository",
    "list": "list",
    "index": "index",
    "property": "propertyId",
    "subreddit": "subreddit",
    "node": "node",
}


def message(node: Node, bring: Bringing) -> Outcome:
    data = node.data
    given = next(
        (
            data[key]
            for key in ("text", "message", "textBody", "content", "html", "bodyContent", "body")
            if data.get(key)
        ),
        "",
    )
    said = words(node, bring, given)
    if not said.strip():
        made = app(node, bring)
        return made if made is not None else Lost(NO_TEXT)
    if node.kind in TALKING:
        made = blocks.reply(node, bring, said, SAID.fill(app=node.kind))
        return made
    subject = words(node, bring, data.get("subject")) or node.title
    arguments = {
        "text": said,
        **({"subject": subject} if node.kind not in ("slack", "discord", "mattermost") else {}),
    }
    way = "group" if node.kind in ("slack", "discord", "mattermost") else "email"
    return blocks.tool(node, bring, {"type": "send", "way": way}, arguments, why=SENT.fill(app=node.kind))


def app(node: Node, bring: Bringing) -> Outcome | None:
    """By the service's interface; None for one that is not known."""
    kind = node.kind.removesuffix("Tool")
    if kind not in APPS:
        return None
    address = APPS[kind]
    for place, key in PLACES.items():
        found = words(node, bring, node.data.get(key))
        address = address.replace("{" + place + "}", found if found and "/" not in found else place.upper())
    address = address.replace("{site}", "SITE").replace("{project}", "PROJECT")
    operation = text_of(node.data.get("operation")) or ("read" if kind == "googleSheets" else "get")
    method = METHODS.get(operation, "POST")
    sent = {
        key: one for key, one in node.data.items() if key and isinstance(one, str) and one.startswith("=")
    }
    body = (
        "{" + ", ".join(f'{json.dumps(key)}: "{words(node, bring, one)}"' for key, one in sent.items()) + "}"
    )
    headers = {"Authorization": f"Bearer {shown(secret(bring, kind))}"}
    return request(
        node,
        bring,
        method=method,
        url=address,
        headers=headers,
        body=body if method != "GET" else "",
        why=BY_HTTP.fill(app=kind),
    )
