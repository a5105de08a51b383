"""News by mail and by text message; each is agreed to by itself."""

from __future__ import annotations

from typing import Final

from zhanggui.shop.customers.rules.texts.text import Text

_DAY: Final = "2026-11-22"
BY_EMAIL: Final = (
    Text(
        version=_DAY,
        language="zh",
        title="接收优惠邮件",
        summary=(
            "{shop} 可以通过电子邮件告诉我上新、优惠和补货消息，每周最多两封。我可以随时在账户里关闭，或点击邮件"
            "底部的退订。"
        ),
    ),
    Text(
        version=_DAY,
        language="en",
        title="News by email",
        summary=(
            "{shop} may write to me about new goods, offers and what is back in stock, at most two mails a "
            "week. I can switch this off in my account at any time, or with the link at the end of every mail."
        ),
    ),
)
BY_SMS: Final = (
    Text(
        version=_DAY,
        language="zh",
        title="接收优惠短信",
        summary=(
            "{shop} 可以通过短信告诉我优惠和补货消息，每月最多四条，晚上九点到早上八点不打扰。我可以随时在账户里"
            "关闭，或回复“拒收”。"
        ),
    ),
    Text(
        version=_DAY,
        language="en",
        title="News by text message",
        summary=(
            "{shop} may send me text messages about offers and what is back in stock, at most four a month and "
            "none between 9 in the evening and 8 in the morning. I can switch this off in my account, or by "
            "answering STOP."
        ),
    ),
)
