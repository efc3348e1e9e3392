"""What docs/widget.md tells a shop to do works as it stands there."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bot.http.assets import WEB
from bot.vault import Vault
from tests.browser.shop_page import ShopPage
from tests.browser.watch import Windows
from tests.server import Server

pytestmark = pytest.mark.browser

DOCUMENT = (WEB.parents[1] / "docs" / "widget.md").read_text("utf-8")
SECRET = "s" * 40


def snippet(language: str) -> str:
    """The only example in this language that makes an identity, or is a component."""
    found = re.findall(rf"^```{language}\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)
    assert len(found) == 1, language
    return str(found[0])


def run(command: str, *arguments: str, folder: Path) -> str:
    """What the program prints; skips where it is not installed."""
    program = shutil.which(command)
    if program is None:
        pytest.skip(f"there is no {command} here")
    done = subprocess.run(
        [program, *arguments], cwd=folder, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def expect_signed(token: str) -> None:
    """The server takes it, for ten minutes."""
    now = datetime.now(UTC)
    who = Vault("v" * 40, SECRET).identity(token, at=now)
    assert (who.customer_id, who.name) == ("C1001", "林知夏")


def test_the_identity_made_in_node_is_taken(tmp_path: Path) -> None:
    script = f"{snippet('js')}\nconsole.log(identity('C1001', '林知夏', '{SECRET}'));"
    (tmp_path / "identity.js").write_text(script, encoding="utf-8")
    expect_signed(run("node", "identity.js", folder=tmp_path))


def test_the_identity_made_in_php_is_taken(tmp_path: Path) -> None:
    script = f"{snippet('php')}\necho identity('C1001', '林知夏', '{SECRET}');"
    (tmp_path / "identity.php").write_text(script, encoding="utf-8")
    expect_signed(run("php", "identity.php", folder=tmp_path))


def test_the_identity_made_in_java_is_taken(tmp_path: Path) -> None:
    main = (
        "\nclass Main {\n    public static void main(String[] given) throws Exception {\n"
        f'        System.out.println(Identity.of("C1001", "林知夏", "{SECRET}"));\n    }}\n}}\n'
    )
    (tmp_path / "Identity.java").write_text(snippet("java") + main, encoding="utf-8")
    run("javac", "-encoding", "UTF-8", "Identity.java", folder=tmp_path)
    expect_signed(run("java", "Main", folder=tmp_path))


# The smallest React there can be: effects run after a render, and clean up before the next.
REACT = """
const { effects } = (window.react = {
    effects: [],
    render(component, props) {
        let at = 0;
        window.react.useEffect = (act, needed) => {
            const known = effects[at];
            if (!known || known.needed.some((each, i) => each !== needed[i])) {
                known?.clean?.();
                effects[at] = { needed, clean: act() };
            }
            at += 1;
        };
        component(props);
    },
    unmount() {
        for (const { clean } of effects.splice(0)) clean?.();
    },
});
const useEffect = (...given) => window.react.useEffect(...given);
"""


def test_the_react_component_brings_the_chat_and_takes_it_away(
    shared_server: Server, windows: Windows
) -> None:
    component = re.sub(r'^("use client"|import .*);$', "", snippet("jsx"), flags=re.MULTILINE)
    component = component.replace("export function", "function")
    shop = ShopPage.visit(windows, shared_server)
    expect(shop.launcher).to_be_visible()
    props = f"{{ server: {shared_server.url!r}, locale: 'zh-CN', product: 'SY-DJ01' }}"
    shop.page.evaluate(
        f"""() => {{
            kefu.destroy();
            {REACT}
            {component}
            // Strict mode mounts everything twice.
            window.react.render(Chat, {props});
            window.react.unmount();
            window.react.render(Chat, {props});
            window.again = (props) => window.react.render(Chat, {{ ...{props}, ...props }});
        }}"""
    )
    shop.open_chat()
    expect(shop.welcome).to_contain_text("这件商品")
    shop.page.evaluate("again({ locale: 'en', product: undefined })")
    expect(shop.panel).to_contain_text("Shanyu Living support")
    expect(shop.page.locator("kefu-chat")).to_have_count(1)
    shop.page.evaluate("window.react.unmount()")
    expect(shop.page.locator("kefu-chat")).to_have_count(0)
    assert shop.page.evaluate("window.kefu === undefined")
