"""The documented body of every request the sandbox answers; a field that is not here does not exist."""

from __future__ import annotations

from sandbox.fields import Anything, Many, Map, Number, Object, Text, Truth

USER = Text(limit=64)
USERS = Many(USER, least=1)
TEXT = Text()
MAYBE = Text(empty=True)
FLAG = Truth()

TOKEN = Object({"appKey!": TEXT, "appSecret!": TEXT})
OLD_TOKEN = Object({"appkey!": TEXT, "appsecret!": TEXT})
OPEN = Object(
    {
        "clientId!": TEXT,
        "clientSecret!": TEXT,
        "subscriptions!": Many(
            Object({"type!": Text(among=("EVENT", "CALLBACK")), "topic!": TEXT, "filter": Anything()}),
            least=1,
        ),
        "ua": MAYBE,
        "localIp": MAYBE,
    }
)

# -- robot messages: what msgParam holds, by msgKey -------------------------------------------------

_BUTTONS = {
    f"sampleActionCard{n}": Object(
        {"title!": TEXT, "text!": TEXT}
        | {f"{part}{i}!": TEXT for i in range(1, n + 1) for part in ("actionTitle", "actionURL")}
    )
    for n in (2, 3, 4, 5)
}
MSG_PARAMS = {
    "sampleText": Object({"content!": TEXT}),
    "sampleMarkdown": Object({"title!": TEXT, "text!": TEXT}),
    "sampleImageMsg": Object({"photoURL!": TEXT}),
    "sampleLink": Object({"title!": TEXT, "text!": TEXT, "picUrl": MAYBE, "messageUrl!": TEXT}),
    "sampleActionCard": Object({"title!": TEXT, "text!": TEXT, "singleTitle!": TEXT, "singleURL!": TEXT}),
    **_BUTTONS,
    "sampleActionCard6": Object(
        {
            "title!": TEXT,
            "text!": TEXT,
            "buttonTitle1!": TEXT,
            "buttonUrl1!": TEXT,
            "buttonTitle2!": TEXT,
            "buttonUrl2!": TEXT,
        }
    ),
    "sampleAudio": Object({"mediaId!": TEXT, "duration!": TEXT}),
    "sampleFile": Object(
        {
            "mediaId!": TEXT,
            "fileName!": TEXT,
            "fileType!": Text(among=("xlsx", "pdf", "zip", "rar", "doc", "docx")),
        }
    ),
    "sampleVideo": Object(
        {"duration!": TEXT, "videoMediaId!": TEXT, "videoType!": Text(among=("mp4",)), "picMediaId!": TEXT}
    ),
}

BATCH_SEND = Object({"robotCode!": TEXT, "userIds!": Many(USER, least=1), "msgKey!": TEXT, "msgParam!": TEXT})
READ_STATUS = Object({"robotCode!": TEXT, "processQueryKey!": TEXT})
RECALL = Object({"robotCode!": TEXT, "processQueryKeys!": Many(TEXT, least=1, most=20)})
GROUP_SEND = Object(
    {
        "robotCode!": TEXT,
        "openConversationId!": TEXT,
        "msgKey!": TEXT,
        "msgParam!": Text(bytes=15_000),
        "coolAppCode": MAYBE,
    }
)
GROUP_QUERY = Object(
    {
        "openConversationId!": TEXT,
        "robotCode!": TEXT,
        "processQueryKey!": TEXT,
        "maxResults": Number(1, 200),
        "nextToken": MAYBE,
    }
)
GROUP_RECALL = Object(
    {"openConversationId!": TEXT, "robotCode!": TEXT, "processQueryKeys!": Many(TEXT, least=1, most=20)}
)
DOWNLOAD = Object({"downloadCode!": TEXT, "robotCode!": TEXT})
DING = Object(
    {
        "robotCode!": TEXT,
        "remindType!": Number(1, 3),
        "receiverUserIdList!": Many(USER, least=1, most=200),
        "content!": TEXT,
    }
)
SESSION = Object(
    {
        "msgtype!": Text(among=("text", "markdown", "actionCard", "link", "feedCard", "empty")),
        "text": Object({"content!": TEXT}),
        "markdown": Object({"title!": TEXT, "text!": TEXT}),
        "actionCard": Anything(),
        "link": Anything(),
        "feedCard": Anything(),
        "at": Object({"atUserIds": Many(MAYBE), "atMobiles": Many(MAYBE), "isAtAll": FLAG}),
    }
)

# -- cards ------------------------------------------------------------------------------------------

PARAMS = Object({"cardParamMap": Map(Text(empty=True), key=Text(bytes=100))})
PRIVATE = Map(PARAMS)
OPTIONS = Object({"updateCardDataByKey": FLAG, "updatePrivateDataByKey": FLAG})
_SEARCH = Object({"searchIcon": MAYBE, "searchTypeName": MAYBE, "searchDesc": Text(limit=200, empty=True)})
_SPACE = {
    "supportForward": FLAG,
    "lastMessageI18n": Map(MAYBE),
    "searchSupport": _SEARCH,
    "notification": Object({"alertContent": MAYBE, "notificationOff": FLAG}),
}
_MODELS = {
    "imRobotOpenSpaceModel": Object(_SPACE),
    "imGroupOpenSpaceModel": Object(_SPACE),
    "imSingleOpenSpaceModel": Object(_SPACE),
}
_DELIVER = {
    "imRobotOpenDeliverModel": Object(
        {"spaceType!": Text(among=("IM_ROBOT",)), "robotCode": TEXT, "extension": Map(MAYBE)}
    ),
    "imGroupOpenDeliverModel": Object(
        {
            "robotCode!": TEXT,
            "atUserIds": Map(MAYBE),
            "recipients": Many(USER),
            "extension": Map(MAYBE),
        }
    ),
    "imSingleOpenDeliverModel": Object({"atUserIds": Map(MAYBE), "extension": Map(MAYBE)}),
}
_CREATE = {
    "cardTemplateId!": TEXT,
    "outTrackId!": Text(limit=100),
    "callbackType": Text(among=("STREAM", "HTTP")),
    "callbackRouteKey": TEXT,
    "userIdType": Number(1, 2),
    "userId": USER,
    "cardData!": PARAMS,
    "privateData": PRIVATE,
    "openDynamicDataConfig": Anything(),
    "cardAtUserIds": Many(USER),
    **_MODELS,
}
CREATE = Object(_CREATE)
CREATE_AND_DELIVER = Object({**_CREATE, "openSpaceId!": Text(limit=1000), **_DELIVER})
DELIVER = Object(
    {
        "outTrackId!": Text(limit=100),
        "openSpaceId!": Text(limit=1000),
        "userIdType": Number(1, 2),
        **_DELIVER,
    }
)
SPACES = Object({"outTrackId!": Text(limit=100), **_MODELS})
UPDATE = Object(
    {
        "outTrackId!": Text(limit=100),
        "userIdType": Number(1, 2),
        "cardData": PARAMS,
        "privateData": PRIVATE,
        "cardUpdateOptions": OPTIONS,
    }
)
#: what an ACK of a card callback may hold below ``response``.
CALLBACK_ANSWER = Object({"cardUpdateOptions": OPTIONS, "cardData": PARAMS, "userPrivateData": PARAMS})
EVENT_ANSWER = Object({"status!": Text(among=("SUCCESS", "LATER")), "message": MAYBE})

FORM_FIELD = Object(
    {
        "name!": TEXT,
        "label": MAYBE,
        "type!": Text(
            among=(
                "TEXT",
                "TEXT_ARRAY",
                "TEXT_AREA",
                "NUMBER",
                "SELECT",
                "MULTI_SELECT",
                "DATE",
                "TIME",
                "DATETIME",
                "CHECKBOX",
                "SWITCH",
                "CHECKBOX_GROUP",
                "MULTI_CHECKBOX_GROUP",
            )
        ),
        "hidden": FLAG,
        "required": FLAG,
        "requiredMsg": MAYBE,
        "readOnly": FLAG,
        "placeholder": MAYBE,
        "format": MAYBE,
        "defaultValue": Anything(),
        "options": Many(Object({"value!": MAYBE, "text!": TEXT})),
        "minRows": Number(1, 100),
        "maxRows": Number(1, 100),
        "addText": MAYBE,
    }
)
FORM = Object({"fields!": Many(FORM_FIELD)})

# -- 工作通知 ---------------------------------------------------------------------------------------

_OA = Object(
    {
        "message_url!": TEXT,
        "pc_message_url": MAYBE,
        "head": Object({"bgcolor": TEXT, "text": MAYBE}),
        "status_bar": Object({"status_value": TEXT, "status_bg": TEXT}),
        "body": Object(
            {
                "title": MAYBE,
                "form": Many(Object({"key!": TEXT, "value!": MAYBE})),
                "rich": Object({"num": TEXT, "unit": TEXT}),
                "content": MAYBE,
                "image": MAYBE,
                "file_count": MAYBE,
                "author": MAYBE,
            }
        ),
    }
)
_ACTION_CARD = Object(
    {
        "title!": Text(limit=64),
        "markdown!": TEXT,
        "single_title": Text(limit=20),
        "single_url": Text(limit=500),
        "btn_orientation": Text(among=("0", "1")),
        "btn_json_list": Many(Object({"title!": Text(limit=20), "action_url!": Text(limit=700)})),
    }
)
_LINK = Object({"messageUrl!": TEXT, "picUrl!": TEXT, "title!": TEXT, "text!": TEXT})
NOTICE_KINDS = {
    "text": Object({"content!": TEXT}),
    "image": Object({"media_id!": TEXT}),
    "voice": Object({"media_id!": TEXT, "duration!": TEXT}),
    "file": Object({"media_id!": TEXT}),
    "link": _LINK,
    "oa": _OA,
    "markdown": Object({"title!": TEXT, "text!": TEXT}),
    "action_card": _ACTION_CARD,
}
NOTICE_MSG = Object({"msgtype!": Text(among=tuple(NOTICE_KINDS)), **NOTICE_KINDS})
AGENT = Number(1, spelled=True)
NOTICE = Object(
    {
        "agent_id!": AGENT,
        "userid_list": TEXT,
        "dept_id_list": TEXT,
        "to_all_user": FLAG,
        "msg!": Anything(),
    }
)
PROGRESS = Object({"agent_id!": AGENT, "task_id!": AGENT})
NOTICE_RECALL = Object({"agent_id!": AGENT, "msg_task_id!": AGENT})

# -- contacts ---------------------------------------------------------------------------------------

DEPT = Number(1, spelled=True)
LIST_SUB = Object({"dept_id": DEPT, "language": TEXT})
LIST_SUB_ID = Object({"dept_id!": DEPT})
USER_IDS = Object({"dept_id!": DEPT})
USER_LIST = Object(
    {
        "dept_id!": DEPT,
        "cursor!": Number(spelled=True),
        "size!": Number(1, 100, spelled=True),
        "order_field": TEXT,
        "contain_access_limit": FLAG,
        "language": TEXT,
    }
)
USER_GET = Object({"userid!": USER, "language": TEXT})
BY_UNION = Object({"unionid!": TEXT})
BY_MOBILE = Object({"mobile!": TEXT, "support_exclusive_account_search": FLAG})
LOGIN = Object({"code!": TEXT})
