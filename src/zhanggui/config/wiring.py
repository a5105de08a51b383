"""What is plugged into what. Read from top to bottom: this is the whole list."""

from __future__ import annotations

from django.conf import settings

from zhanggui.base.audit import handlers as nightly
from zhanggui.base.audit import ports as audit
from zhanggui.base.jobs.actions import Job
from zhanggui.base.ledger import queries as ledger
from zhanggui.doors.commands import ports as commands
from zhanggui.doors.commands.rules import RELAY, WEB, WORKER
from zhanggui.doors.sandbox import actions as sandbox
from zhanggui.insight.lake import handlers as lake
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.checkout import ports as checkout
from zhanggui.shop.checkout import rules as checkout_rules
from zhanggui.shop.orders import actions as orders
from zhanggui.shop.orders import queries as order_books
from zhanggui.shop.payments import ports as payments
from zhanggui.shop.payments import queries as payment_books
from zhanggui.shop.payments.rules import SandboxProvider
from zhanggui.spine.log import handlers as log
from zhanggui.spine.relay import checks as relay_checks
from zhanggui.spine.relay import ports as relay
from zhanggui.supply.stock import queries as stock

# What runs in the background. A worker knows a job once its module is read, and this is where it is read.
jobs: tuple[Job, ...] = (
    log.make_partitions,
    nightly.nightly,
    orders.expire_in_time,
    orders.expire_overdue,
    sandbox.notify,
)


def plug_in() -> None:
    """Fill every port of the house; done once, when Django is ready."""
    # Who reads the log.
    relay.readers[:] = [lake.reader]
    # What the relay's process does besides.
    relay.loops[:] = [lake.loop]
    # What makes a price, first step first.
    checkout.price_steps[:] = [checkout_rules.list_price, checkout_rules.delivery]
    # Who takes the money.
    payments.providers.update(
        sandbox=SandboxProvider(merchant="zhanggui", key=settings.SANDBOX_KEY, gateway="/sandbox/open")
    )
    # What is added up again every night.
    audit.audits.update(
        ledger=ledger.audit,
        stock=stock.audit,
        catalogue=catalogue.audit,
        orders=order_books.audit,
        payments=payment_books.audit,
    )
    # What `zhanggui run` keeps up, the web server first; they are ended in this order.
    commands.processes[:] = [WEB, WORKER, RELAY]
    # What `zhanggui doctor` looks at besides its own.
    commands.checks[:] = [relay_checks.cursors]
