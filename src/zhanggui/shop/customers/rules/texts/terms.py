"""The terms of use and sale."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from zhanggui.shop.customers.rules.texts.text import Text

_DAY: Final = "2026-11-22"
_FIRST: Final = (
    Text(
        version=_DAY,
        language="zh",
        title="服务条款",
        summary="价格在付款前全部说清；七天内无理由退货；有问题先找我们，法律赋予您的权利一项不少。",
        sections=(
            (
                "账户",
                "用手机号或邮箱的验证码登录，无需密码。请不要把验证码告诉任何人。发现账户被他人使用时，请立即联系我"
                "们并退出所有设备。",
            ),
            (
                "订单",
                "您提交订单并付款成功后，合同成立。价格、运费、税费和每一项优惠都在付款前逐行列出。未付款的订单会在"
                "页面写明的时间后自动关闭，库存随之释放。",
            ),
            ("发货与送达", "预计送达时间写在商品页和订单里。超过承诺时间未发货的，您可以要求取消并全额退款。"),
            (
                "退货与退款",
                "收到商品之日起七日内可以无理由退货；法律规定或下单时经您确认不适用的商品除外，例如定制商品、易腐商"
                "品、已拆封的数字内容。商品有质量问题的，退货运费由我们承担。退款原路退回，自我们收到退货之日起七日"
                "内发起。",
            ),
            (
                "商品信息与评价",
                "我们如实展示商品、检测报告和评价，不删除差评，不编造销量。您发表的评价应当真实，不含他人隐私和违法"
                "内容。",
            ),
            ("责任", "因我们的过错造成的损失，我们依法赔偿。法律规定不得限制的责任，本条款不作限制。"),
            (
                "适用法律与争议",
                "适用您所在地的消费者保护法律；在中国，适用《消费者权益保护法》和《电子商务法》。争议可以先与我们协"
                "商，也可以向消费者协会投诉、申请仲裁或向有管辖权的法院起诉。",
            ),
            ("变更", "条款变更不影响已经成立的订单。有实质变化时，我们会在您下次登录时请您重新确认。"),
        ),
    ),
    Text(
        version=_DAY,
        language="en",
        title="Terms of service",
        summary=(
            "The whole price before you pay, seven days to return without a reason, and every right the law gives you."
        ),
        sections=(
            (
                "Your account",
                "You sign in with a code sent to your phone or mail address; there is no password. Tell the code to "
                "nobody. If somebody else uses your account, tell us at once and sign out on all devices.",
            ),
            (
                "Orders",
                "The contract is made when your order is placed and paid. Price, delivery, tax and every discount "
                "are listed line by line before you pay. An order that is not paid closes by itself after the time "
                "shown on its page, and its goods are free again.",
            ),
            (
                "Delivery",
                "The expected day stands with the product and the order. If we do not ship in the promised time, "
                "you may cancel and get all of your money back.",
            ),
            (
                "Returns and refunds",
                "You may return goods within seven days of receiving them without giving a reason, or longer where "
                "your law says so. Goods that the law excepts, and of which you were told when ordering, are "
                "excepted: made to measure, perishable, digital content that was opened. If something is faulty, we "
                "pay for its way back. Money goes back the way it came, within seven days of the goods arriving "
                "here.",
            ),
            (
                "Goods and reviews",
                "We show goods, test reports and reviews as they are, delete no bad review and invent no sales. "
                "What you write must be true and leave others' private lives alone.",
            ),
            (
                "Liability",
                "We answer by law for damage that is our fault. Nothing here limits what the law does not let us "
                "limit.",
            ),
            (
                "Law and disputes",
                "The consumer law of the place where you live applies. Talk to us first if you like; you may also "
                "go to a consumer body, to arbitration, or to court.",
            ),
            (
                "Changes",
                "Changes do not touch orders that were made. When they matter, you are asked again at your next "
                "sign-in.",
            ),
        ),
    ),
)

# The same but for the time to return: it is that of the law which the shop keeps, and no longer China's alone.
_SUMMARIES: Final = {
    "zh": "价格在付款前全部说清；法定期限内无理由退货；有问题先找我们，法律赋予您的权利一项不少。",
    "en": (
        "The whole price before you pay, the time that the law gives to return without a reason, and every right it "
        "gives you."
    ),
}
_RETURNS: Final = {
    "退货与退款": (
        "在“退换货”帮助页写明的期限内可以无理由退货：适用中国法律的为签收次日起七日，适用欧盟或英国法律的为最后一件"
        "商品签收次日起十四日。法律规定不适用的商品，以及依法经您确认不适用的商品除外，均在商品页和下单时写明。商品"
        "有质量问题的，退货运费由我们承担。退款原路退回：适用中国法律的，自我们收到退货之日起七日内；适用欧盟或英国"
        "法律的，自您通知撤回之日起十四日内，但我们可以等到收到退货或您证明已寄出为止。"
    ),
    "Returns and refunds": (
        "You may return goods without giving a reason in the time that our help on returns names: seven days from the "
        "day after they arrive where the shop keeps Chinese law, fourteen from the day after the last of them arrives "
        "where it keeps the law of the European Union or the United Kingdom. What the law excepts, by itself or "
        "because you confirmed it, stands with the product and at the checkout. If something is faulty, we pay for its "
        "way back. Money goes back the way it came: in China within seven days of the goods arriving here, in Europe "
        "within fourteen days after you told us, though we may wait until the goods are here or you have shown that "
        "you sent them."
    ),
}
VERSIONS: Final = (
    *_FIRST,
    *(
        replace(
            text,
            version="2026-11-23",
            summary=_SUMMARIES[text.language],
            sections=tuple((heading, _RETURNS.get(heading, words)) for heading, words in text.sections),
        )
        for text in _FIRST
    ),
)
