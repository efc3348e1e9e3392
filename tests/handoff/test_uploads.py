"""Pictures are bound to the conversation that they were uploaded in."""

from __future__ import annotations

import pytest

from handoff.errors import UnknownUpload
from handoff.uploads import Picture, Upload, Uploads
from tests.handoff.shop import Shop

RED = Picture("image/png", 2, 3, b"\x89PNG red")


def uploads_of(shop: Shop, name: str = "default") -> Uploads:
    return Uploads(shop.database, shop=name, clock=shop.clock, new_id=shop.ids)


async def uploaded(shop: Shop, conversation: str) -> Upload:
    return await uploads_of(shop).keep(conversation, RED, name="红.png")


async def test_what_was_kept_is_read_byte_for_byte_by_its_conversation_and_the_shop(
    shop: Shop,
) -> None:
    conversation = await shop.conversation()
    upload = await uploaded(shop, conversation)
    for reader in (conversation, None):
        read = await uploads_of(shop).read(upload.id, conversation_id=reader)
        assert read == ("image/png", RED.content)
    assert upload.to_json() == {
        "id": upload.id,
        "name": "红.png",
        "type": "image/png",
        "bytes": len(RED.content),
        "width": 2,
        "height": 3,
    }


async def test_no_other_conversation_and_no_other_shop_can_read_it(shop: Shop) -> None:
    mine, other = await shop.conversation(), await shop.conversation()
    upload = await uploaded(shop, mine)
    with pytest.raises(UnknownUpload):
        await uploads_of(shop).read(upload.id, conversation_id=other)
    for reader in (mine, None):
        with pytest.raises(UnknownUpload):
            await uploads_of(shop, "elsewhere").read(upload.id, conversation_id=reader)


async def test_a_message_shows_an_upload_with_its_stored_name_and_size(shop: Shop) -> None:
    conversation = await shop.conversation()
    upload = await uploaded(shop, conversation)
    words = {"type": "text", "text": "看图"}
    parts = await uploads_of(shop).named(
        conversation, [words, {"type": "image", "upload": upload.id, "name": "<b>other</b>"}]
    )
    image = {"type": "image", "upload": upload.id, "name": "红.png", "width": 2, "height": 3}
    assert parts == [words, image]


async def test_a_message_cannot_show_an_upload_of_another_conversation(shop: Shop) -> None:
    mine, other = await shop.conversation(), await shop.conversation()
    upload = await uploaded(shop, mine)
    for unknown in (upload.id, "no-such-upload"):
        with pytest.raises(UnknownUpload):
            await uploads_of(shop).named(other, [{"type": "image", "upload": unknown}])


async def test_a_picture_that_has_only_a_name_stays_one(shop: Shop) -> None:
    part = {"type": "image", "name": "a.png"}
    assert await uploads_of(shop).named(await shop.conversation(), [part]) == [part]
