"""The vendor's SDK as it comes, run as its own process: every callback is printed as a JSON line."""

from __future__ import annotations

import asyncio
import json
import sys

import dingtalk_stream
from dingtalk_stream import AckMessage


def tell(what: str, **more: object) -> None:
    print(json.dumps({"what": what, **more}, ensure_ascii=False), flush=True)


class Robot(dingtalk_stream.ChatbotHandler):
    async def process(self, callback: dingtalk_stream.CallbackMessage) -> tuple[int, str]:
        message = dingtalk_stream.ChatbotMessage.from_dict(callback.data)
        tell("text", text=message.text.content, who=message.sender_staff_id)
        await asyncio.to_thread(self.reply_text, "收到", message)
        return AckMessage.STATUS_OK, "OK"


class Cards(dingtalk_stream.CallbackHandler):
    async def process(self, callback: dingtalk_stream.CallbackMessage) -> tuple[int, object]:
        card = dingtalk_stream.CardCallbackMessage.from_dict(callback.data)
        tell("card", who=card.user_id, content=card.content, card=card.card_instance_id)
        return AckMessage.STATUS_OK, {
            "cardUpdateOptions": {"updateCardDataByKey": True, "updatePrivateDataByKey": True},
            "cardData": {"cardParamMap": {"title": "已报送"}},
            "userPrivateData": {"cardParamMap": {"form_status": "disabled"}},
        }


class Events(dingtalk_stream.EventHandler):
    async def process(self, event: dingtalk_stream.EventMessage) -> tuple[int, str]:
        tell("event", type=event.headers.event_type, data=event.data)
        return AckMessage.STATUS_OK, "OK"


async def card_to(client: dingtalk_stream.DingTalkStreamClient, user: str, template: str) -> None:
    """One card through the SDK's own replier, as a reply to nobody's message."""
    to = dingtalk_stream.reply_specified_single_chat(user, user)
    replier = dingtalk_stream.CardReplier(client, to)
    made = await replier.async_create_and_deliver_card(template, {"title": "三季度"}, support_forward=False)
    tell("delivered", card=made)


async def main() -> None:
    client = dingtalk_stream.DingTalkStreamClient(dingtalk_stream.Credential("app", "secret"))
    client.register_callback_handler(dingtalk_stream.ChatbotMessage.TOPIC, Robot())
    client.register_callback_handler(dingtalk_stream.CallbackHandler.TOPIC_CARD_CALLBACK, Cards())
    client.register_all_event_handler(Events())
    if len(sys.argv) > 1:
        await card_to(client, "zhangmin", sys.argv[1])
    await client.start()


asyncio.run(main())
