"""What is plugged into what. Read from top to bottom: this is the whole list."""

from __future__ import annotations

from django.conf import settings

from zhanggui.base.accounts import actions as accounts
from zhanggui.base.audit import handlers as nightly
from zhanggui.base.audit import ports as audit
from zhanggui.base.jobs.actions import Job
from zhanggui.base.ledger import handlers as books_clock
from zhanggui.base.ledger import queries as ledger
from zhanggui.base.outbox import actions as outbox
from zhanggui.base.outbox import ports as mailing
from zhanggui.base.outbox import senders
from zhanggui.base.outbox.rules import Channel
from zhanggui.config.payments import providers
from zhanggui.doors.api import once as api_answers
from zhanggui.doors.carriers import actions as carriers
from zhanggui.doors.commands import ports as commands
from zhanggui.doors.commands.rules import RELAY, SANDBOX, WEB, WORKER
from zhanggui.doors.console import ports as console
from zhanggui.doors.imports.files import sheets
from zhanggui.doors.sandbox import checks as sandbox_checks
from zhanggui.insight.lake import handlers as lake
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.checkout import ports as checkout
from zhanggui.shop.checkout import rules as checkout_rules
from zhanggui.shop.fulfilment import handlers as fulfilment
from zhanggui.shop.fulfilment import ports as parcels
from zhanggui.shop.fulfilment import queries as parcel_books
from zhanggui.shop.fulfilment.carriers.sandbox import SandboxCarrier
from zhanggui.shop.orders import queries as order_books
from zhanggui.shop.payments import actions as paying
from zhanggui.shop.payments import handlers as paying_clock
from zhanggui.shop.payments import ports as payments
from zhanggui.shop.payments import queries as payment_books
from zhanggui.shop.returns import actions as returns
from zhanggui.shop.returns import queries as return_books
from zhanggui.shop.reviews import queries as review_books
from zhanggui.spine.log import handlers as log
from zhanggui.spine.relay import checks as relay_checks
from zhanggui.spine.relay import ports as relay
from zhanggui.spine.webhooks import handlers as webhooks
from zhanggui.supply.stock import actions as warehouse
from zhanggui.supply.stock import queries as stock

# What runs in the background. A worker knows a job once its module is read, and this is where it is read.
jobs: tuple[Job, ...] = (
    log.make_partitions,
    nightly.nightly,
    warehouse.release_expired,
    accounts.sweep,
    outbox.deliver,
    outbox.empty,
    returns.finish_in_time,
    returns.watch,
    books_clock.roll_up,
    paying_clock.every_minute,
    paying_clock.expire_overdue,
    paying_clock.compare_bills,
    paying.ask_one,
    paying.close_at_provider,
    paying.compare_one,
    paying.expire_in_time,
    paying.pay_back,
    *fulfilment.jobs,
    carriers.travel,
    carriers.tell,
    *webhooks.jobs,
    api_answers.sweep,
)


def plug_in() -> None:
    """Fill every port of the house; done once, when Django is ready."""
    # Who reads the log.
    relay.readers[:] = [lake.reader, fulfilment.reader, webhooks.reader]
    # What the relay's process does besides.
    relay.loops[:] = [lake.loop]
    # Who carries messages. A shop that is not open to the world shows them instead; a text message has no carrier yet.
    if settings.EMAIL_HOST:
        mailing.senders[Channel.EMAIL] = senders.by_mail
    elif settings.OUTBOX_SHOWS_WORDS:
        mailing.senders[Channel.EMAIL] = senders.on_the_terminal
    if settings.OUTBOX_SHOWS_WORDS:
        mailing.senders[Channel.SMS] = senders.on_the_terminal
    # What makes a price, first step first.
    checkout.price_steps[:] = [
        checkout_rules.list_price,
        checkout_rules.sale_price,
        checkout_rules.delivery,
        checkout_rules.tax,
    ]
    # Who takes the money.
    payments.providers.update(providers())
    # Who brings the parcels, the usual one first.
    parcels.carriers.update(
        sandbox=SandboxCarrier(
            gateway=f"{settings.PUBLIC_URL}/carrier",
            notify_to=f"{settings.PUBLIC_URL}/carriers/sandbox/notify/",
            key=settings.SANDBOX_CARRIER_KEY,
        )
    )
    # What is added up again every night.
    audit.audits.update(
        ledger=ledger.audit,
        stock=stock.audit,
        catalogue=catalogue.audit,
        orders=order_books.audit,
        payments=payment_books.audit,
        fulfilment=parcel_books.audit,
        returns=return_books.audit,
        reviews=review_books.audit,
    )
    # What `zhanggui run` keeps up, the web server first; they are ended in this order.
    commands.processes[:] = [WEB, WORKER, RELAY, *([SANDBOX] if settings.IS_SANDBOX else [])]
    # What `zhanggui doctor` looks at besides its own.
    commands.checks[:] = [relay_checks.cursors, sandbox_checks.check]
    # Who reads the workbooks that are sent to the console.
    console.sheet_readers[:] = [lambda path, folder: sheets.as_csv(path, folder=folder)]
