"""The process that drives the browser: one job on standard input, what was seen on standard output."""

import asyncio
import base64
import json
import os
import resource
import sys
from typing import Any

from runtime.browser.memory import watch

CPU = 60
"""Seconds of a core for each process."""
STEP = 15_000
"""Milliseconds for one step."""
LONGEST = 20_000
"""Characters of a page's text."""
ARGUMENTS = (
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-background-networking",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)


async def work(job: dict[str, Any]) -> dict[str, Any]:
    from playwright.async_api import Error, async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=job["program"] or None,
            args=list(ARGUMENTS),
            chromium_sandbox=os.geteuid() != 0,
            # "<-loopback>": what is on this machine is asked for through the proxy, too, and refused there.
            proxy={"server": job["proxy"], "bypass": "<-loopback>"},
        )
        context = await browser.new_context(
            accept_downloads=False, service_workers="block", viewport={"width": 1100, "height": 1400}
        )
        context.set_default_timeout(STEP)
        page = await context.new_page()
        seen: dict[str, Any] = {"pages": [], "shot": "", "failed": ""}
        for number, step in enumerate(job["steps"], 1):
            try:
                await _do(page, step, seen)
            except Error as e:
                seen["failed"] = f"{number}. {step['do']}: {str(e).splitlines()[0][:200]}"
                break
        if not seen["pages"]:
            seen["pages"].append(await _read(page))
        await browser.close()
        return seen


async def _do(page: Any, step: dict[str, str], seen: dict[str, Any]) -> None:
    target, text = step["target"], step["text"]
    match step["do"]:
        case "open":
            await page.goto(target, wait_until="domcontentloaded")
        case "fill":
            field = page.get_by_label(target).or_(page.get_by_placeholder(target))
            await field.or_(page.locator(f"[name={json.dumps(target)}]")).first.fill(text)
        case "click":
            by_role = page.get_by_role("button", name=target).or_(page.get_by_role("link", name=target))
            await by_role.or_(page.get_by_text(target, exact=True)).first.click()
            await page.wait_for_load_state("domcontentloaded")
        case "read":
            seen["pages"].append(await _read(page))
        case "screenshot":
            seen["shot"] = base64.b64encode(await page.screenshot(type="png")).decode()


async def _read(page: Any) -> dict[str, str]:
    text = await page.evaluate("document.body ? document.body.innerText : ''")
    return {"url": page.url[:2000], "title": (await page.title())[:300], "text": str(text)[:LONGEST]}


async def main() -> None:
    job = json.loads(sys.stdin.read())
    resource.setrlimit(resource.RLIMIT_CPU, (CPU, CPU))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    watching = asyncio.create_task(watch(os.getpgrp(), job["memory"]))
    seen = await work(job)
    watching.cancel()
    sys.stdout.write(json.dumps(seen))


if __name__ == "__main__":
    asyncio.run(main())
