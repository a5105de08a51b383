"""The privacy policy."""

from __future__ import annotations

from typing import Final

from zhanggui.shop.customers.rules.texts.text import Text

_DAY: Final = "2026-11-22"
VERSIONS: Final = (
    Text(
        version=_DAY,
        language="zh",
        title="隐私政策",
        summary=(
            "我们只收集完成交易所需要的信息，不出售，不用于您不知道的目的。您可以随时查看、更正、撤回同意，或要求删除。"
        ),
        sections=(
            (
                "我们是谁",
                "本政策适用于 {shop}。联系方式见网站的“联系我们”页面。{shop} 是您个人信息的处理者，对信息的安全负责。",
            ),
            (
                "我们收集什么，为什么",
                "登录：手机号或电子邮箱，用来确认是您本人，并找回您的订单。下单：收件人姓名、电话和地址，用来把商品"
                "送到；订单内容和付款结果，用来履行合同、处理退换货并依法保存交易记录。浏览：看过的页面和设备类型，"
                "以编号记录，不含姓名，用来改进网站；浏览器开启“不跟踪”或全球隐私控制时，我们不记录。",
            ),
            (
                "我们不收集什么",
                "我们不收集通讯录、精确位置、人脸或指纹。付款在支付机构的页面完成，我们看不到您的卡号和支付密码。",
            ),
            (
                "谁能看到",
                "快递公司收到送货所需的姓名、电话和地址；支付机构收到订单号和金额；短信和邮件服务商收到您的号码或邮"
                "箱和验证码。除此之外，只有法律要求时才会提供。店里的员工默认看到的是打码的信息，查看完整信息会留下"
                "记录。",
            ),
            (
                "保存多久",
                "账户信息保存到您注销账户为止。交易记录依《电子商务法》自交易完成之日起保存不少于三年。验证码十分钟"
                "后失效；消息记录保存三十天；没有验证过的登录申请保存一天。",
            ),
            (
                "您的权利",
                "您可以在账户里查看和更正信息、管理地址、撤回任何一项同意，也可以要求我们复制、转移或删除您的信息，"
                "或注销账户。撤回与同意一样容易，不影响撤回之前的处理，也不影响您继续购物。我们在十五个工作日内答复。",
            ),
            (
                "自动化决策",
                "我们不用您的个人信息给您单独定价。个性化推荐默认关闭，由您自己打开，可以随时关闭。",
            ),
            ("未成年人", "未满十四周岁的儿童请由监护人代为下单；我们不会有意收集儿童的个人信息，发现后会立即删除。"),
            (
                "安全与变更",
                "传输全程加密，数据库与备份限制访问。如果发生可能影响您的泄露，我们会及时通知您和主管部门。政策有实"
                "质变化时，我们会在您下次登录时请您重新确认；每一个旧版本都可以查到。",
            ),
        ),
    ),
    Text(
        version=_DAY,
        language="en",
        title="Privacy policy",
        summary=(
            "We collect what an order needs and nothing else. We do not sell it and do not use it behind your "
            "back. You can see it, mend it, withdraw what you agreed to, or have it deleted."
        ),
        sections=(
            (
                "Who we are",
                "This policy is about {shop}. How to reach us stands on the contact page. {shop} is the controller "
                "of your personal data and answers for its safety.",
            ),
            (
                "What we collect, and why",
                "To sign in: a phone number or mail address, to know that it is you and to find your orders again. "
                "To order: name, phone and address of whoever receives the parcel, so that it arrives; what was "
                "ordered and whether it was paid, to fulfil the contract, to handle returns and to keep the records "
                "that the law asks for. While you look around: pages and kind of device, under a number and without "
                "a name, to run the site better; not at all if your browser says “Do not track” or sends Global "
                "Privacy Control.",
            ),
            (
                "What we do not collect",
                "No contacts, no exact location, no face and no fingerprint. You pay on the page of the payment "
                "provider; we never see your card number or password.",
            ),
            (
                "Who sees it",
                "The carrier gets name, phone and address; the payment provider gets the order number and the "
                "amount; whoever carries mails and text messages gets your address or number and the code. Nobody "
                "else does, unless the law requires it. Our own staff see masked data; reading it in full leaves a "
                "record.",
            ),
            (
                "How long we keep it",
                "Your account: until you close it. Orders and payments: as long as the law requires, at least three "
                "years after the purchase in China. Codes end after ten minutes, messages are forgotten after "
                "thirty days, and a sign-in that was never proved after one day.",
            ),
            (
                "Your rights",
                "In your account you can see and mend your data, manage addresses and withdraw each thing you "
                "agreed to. You may also ask for a copy, for a transfer, for deletion, or to close the account, and "
                "you may complain to your supervisory authority. Withdrawing is as easy as agreeing, changes "
                "nothing about what was done before, and does not keep you from shopping. We answer within fifteen "
                "working days.",
            ),
            (
                "Decisions by machines",
                "No price is ever made for a person. Personal recommendations are off until you switch them on, and "
                "you can switch them off at any time.",
            ),
            (
                "Children",
                "Children under fourteen order through a parent. We do not knowingly collect their data and delete "
                "it when we find it.",
            ),
            (
                "Safety, and changes",
                "All connections are encrypted; access to the database and its backups is limited. If a leak could "
                "affect you, we tell you and the authorities without delay. When this policy changes in substance, "
                "you are asked again at your next sign-in; every old version can still be read.",
            ),
        ),
    ),
)
