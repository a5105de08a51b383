"""What is plugged into what. Read from top to bottom: this is the whole list."""

from __future__ import annotations

from functools import partial

from django.conf import settings

from zhanggui.base.accounts import actions as accounts
from zhanggui.base.audit import actions as nightly
from zhanggui.base.audit import ports as audit
from zhanggui.base.jobs.actions import Job
from zhanggui.base.ledger import handlers as books_clock
from zhanggui.base.ledger import queries as ledger
from zhanggui.base.outbox import actions as outbox
from zhanggui.base.outbox import ports as mailing
from zhanggui.base.outbox import senders
from zhanggui.base.outbox.rules import Channel
from zhanggui.config import closing, outgrown, texting
from zhanggui.config.late import late
from zhanggui.config.payments import providers
from zhanggui.doors.api import forgetting as api_answers
from zhanggui.doors.carriers import actions as carriers
from zhanggui.doors.commands import agreeing
from zhanggui.doors.commands import ports as commands
from zhanggui.doors.commands.rules import RELAY, SANDBOX, WEB, WORKER
from zhanggui.doors.console import (
    bars,
    calendars,
    known_days,
    offering,
    order_intaking,
    product_intaking,
)
from zhanggui.doors.console import ports as console
from zhanggui.doors.imports import words as import_words
from zhanggui.doors.ingest import actions as ingest
from zhanggui.doors.ingest import queries as ingest_books
from zhanggui.doors.rehearsal import jobs as rehearsal
from zhanggui.doors.sandbox import checks as sandbox_checks
from zhanggui.doors.storefront import lettering, presaling
from zhanggui.growth.experiments.rules import book as experiments
from zhanggui.growth.flash import actions as flash
from zhanggui.growth.flash import handlers as flash_books
from zhanggui.growth.flash import queries as flash_sales
from zhanggui.growth.membership import actions as membership
from zhanggui.growth.membership import handlers as membership_clock
from zhanggui.growth.membership import queries as membership_books
from zhanggui.growth.membership import steps as membership_steps
from zhanggui.growth.messages import handlers as message_clock
from zhanggui.growth.messages import ports as messages
from zhanggui.growth.presale import actions as presale
from zhanggui.growth.presale import handlers as presale_books
from zhanggui.growth.presale import ports as presale_ports
from zhanggui.growth.presale import queries as presales
from zhanggui.growth.promotions import actions as promoting
from zhanggui.growth.promotions import handlers as promotion_books
from zhanggui.growth.promotions import ports as promotion_ports
from zhanggui.growth.promotions import queries as promotions
from zhanggui.growth.referrals import handlers as referral_books
from zhanggui.growth.referrals import queries as referrals
from zhanggui.growth.teams import actions as teaming
from zhanggui.growth.teams import handlers as team_books
from zhanggui.growth.teams import queries as teams
from zhanggui.insight.alerts import handlers as alerts
from zhanggui.insight.alerts import ports as alert_ports
from zhanggui.insight.boards import handlers as board_posts
from zhanggui.insight.boards import ports as boards
from zhanggui.insight.campaigns import ports as campaign_ports
from zhanggui.insight.funnels import queries as funnels
from zhanggui.insight.identity import handlers as identity
from zhanggui.insight.lake import handlers as lake
from zhanggui.insight.lake import ports as lake_ports
from zhanggui.insight.paths import queries as paths
from zhanggui.insight.retention import queries as retention
from zhanggui.insight.segments import ports as segments
from zhanggui.insight.selfcheck import ports as selfcheck
from zhanggui.insight.value import handlers as value_clock
from zhanggui.insight.value import queries as value
from zhanggui.shop.catalogue import ports as catalogue_ports
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.checkout import ports as checkout
from zhanggui.shop.checkout import rules as checkout_rules
from zhanggui.shop.customers import actions as customers
from zhanggui.shop.customers import ports as customer_ports
from zhanggui.shop.fulfilment import handlers as fulfilment
from zhanggui.shop.fulfilment import ports as parcels
from zhanggui.shop.fulfilment import queries as parcel_books
from zhanggui.shop.fulfilment.carriers.sandbox import SandboxCarrier
from zhanggui.shop.letters import handlers as order_letters
from zhanggui.shop.letters import ports as letter_ports
from zhanggui.shop.orders import ports as order_ports
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
from zhanggui.spine.relay.loop import Loop
from zhanggui.spine.webhooks import handlers as webhooks
from zhanggui.steer.briefings import handlers as briefing_clock
from zhanggui.steer.briefings import ports as briefing_ports
from zhanggui.steer.budgets import handlers as budget_books
from zhanggui.steer.budgets import queries as budgets
from zhanggui.steer.goals import handlers as goals_clock
from zhanggui.steer.plays import handlers as play_clock
from zhanggui.steer.plays import queries as plays
from zhanggui.steer.plays.rules import Occasion
from zhanggui.steer.signals import handlers as signal_clock
from zhanggui.steer.signals import ports as signals
from zhanggui.steer.signals.detectors import (
    balances_due,
    churn_wave,
    dead_stock,
    fake_ring,
    funnel_break,
    funnel_slip,
    goal_at_risk,
    late_parcels,
    metric_band,
    price_response,
    return_spike,
    risk_trigger,
    second_purchase,
    sleepers,
    slow_or_broken,
    stacking,
    stockout_ahead,
    zero_results,
)
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
    outbox.carry_left_behind,
    outbox.pull_receipts,
    returns.finish_in_time,
    returns.watch,
    returns.lapse,
    returns.even_out,
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
    *order_letters.jobs,
    customers.mask_old,
    carriers.travel,
    carriers.tell,
    *webhooks.jobs,
    api_answers.sweep,
    product_intaking.bring_in_products,
    order_intaking.bring_in_orders,
    *promotion_books.jobs,
    *flash.jobs,
    *presale.jobs,
    *membership_clock.jobs,
    *team_books.jobs,
    *referral_books.jobs,
    *message_clock.jobs,
    *alerts.jobs,
    *signal_clock.jobs,
    *board_posts.jobs,
    *value_clock.jobs,
    *play_clock.jobs,
    *goals_clock.jobs,
    *briefing_clock.jobs,
    rehearsal.steer,
    *outgrown.jobs(),
)


def plug_in() -> None:
    """Fill every port of the house; done once, when Django is ready."""
    # Who reads the log.
    relay.readers[:] = [
        lake.reader,
        identity.reader,
        fulfilment.reader,
        order_letters.reader,
        webhooks.reader,
        promotion_books.reader,
        promotion_books.welcomer,
        flash_books.reader,
        membership_clock.reader,
        team_books.reader,
        referral_books.reader,
        presale_books.reader,
        message_clock.reader,
        budget_books.reader,
    ]
    # Who answers questions to the lake where DuckDB does not.
    lake_ports.engines.update(outgrown.engines())
    # What the relay's process does besides.
    # Two pages over a hundred million events take about two seconds of a core: with this rest a tenth of one.
    ahead = late("zhanggui.doors.console.ahead:work_ahead")
    relay.loops[:] = [lake.loop, Loop(name="doors.console.ahead", step=ahead, rest_seconds=20.0)]
    _plug_in_carriers()
    _plug_in_prices()
    # Who has a reason to keep an account open, and who forgets a person whose account is closed.
    customer_ports.holders[:] = closing.HOLDERS
    _plug_in_audits()
    # What `zhanggui run` keeps up, the web server first; they are ended in this order.
    commands.processes[:] = [WEB, WORKER, RELAY, *([SANDBOX] if settings.IS_SANDBOX else [])]
    # What `zhanggui doctor` looks at besides its own.
    commands.checks[:] = [relay_checks.cursors, sandbox_checks.check]
    _plug_in_insight()
    _plug_in_steer()
    _plug_in_console()


def _plug_in_carriers() -> None:
    """Who brings messages, money and parcels to where they go."""
    # Who carries messages. A shop that is not open to the world shows them instead, or gives them to the sandbox.
    if settings.EMAIL_HOST:
        mailing.senders[Channel.EMAIL] = senders.by_mail
    elif settings.OUTBOX_SHOWS_WORDS:
        mailing.senders[Channel.EMAIL] = senders.on_the_terminal
    texts = texting.carrier()
    if texts:
        mailing.carriers[Channel.SMS] = texts
        send = texting.sender(texts)
        mailing.senders[Channel.SMS] = senders.aloud(send) if settings.OUTBOX_SHOWS_WORDS else send
    elif settings.OUTBOX_SHOWS_WORDS:
        mailing.senders[Channel.SMS] = senders.on_the_terminal
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
    # Which paid orders are not picked yet.
    parcels.waits[:] = [teams.waits]


def _plug_in_prices() -> None:
    """Who makes a price, and who uses up what it counted on."""
    # What makes a price, first step first.
    checkout.price_steps[:] = [
        checkout_rules.list_price,
        promotions.offers,
        membership_steps.points,
        checkout_rules.delivery,
        promotions.postage,
        checkout_rules.tax,
    ]
    # What a price counted on and an order uses up.
    # Flash sales and presales lock stock levels, so they come after whoever locks rows that others wait for.
    checkout.claims[:] = [promoting.redeem, membership.spend_on_order, teaming.claim_seat, flash.claim, presale.claim]
    # What a price counted on is kept for those who may have it.
    checkout.set_aside[:] = [flash_sales.set_aside, presales.set_aside]
    # Who has a right to pieces of an order that comes to nothing.
    order_ports.lets_go[:] = [presale.take_over]
    # Where a shopper finds what was reserved.
    presale_ports.pages[:] = [presaling.address_of]
    # Where the links of letters lead, and how a letter looks.
    messages.links[:] = [lettering.links]
    messages.looks[:] = [lettering.look]
    letter_ports.pages[:] = [lettering.page_of_order]
    letter_ports.looks[:] = [lettering.look_of_order]
    # For whom it no longer holds what a letter is about.
    messages.gone[:] = [plays.gone]
    # To which groups of people a shopper belongs.
    promotion_ports.segments[:] = [promotions.segments]
    # Who asks prices of everybody besides the catalogue, which a "was" price has to know.
    catalogue_ports.public_prices[:] = [promotions.public_prices, flash_sales.public_prices]
    # Who else names prices.
    promotion_ports.prices[:] = [flash_sales.prices, teams.prices, presales.prices]
    promotion_ports.specials[:] = [flash_sales.specials, teams.specials, presales.specials]


def _plug_in_audits() -> None:
    """What is added up again every night."""
    audit.audits.update(
        ledger=ledger.audit,
        lake=agreeing.audit,
        stock=stock.audit,
        catalogue=catalogue.audit,
        orders=order_books.audit,
        payments=payment_books.audit,
        fulfilment=parcel_books.audit,
        returns=return_books.audit,
        reviews=review_books.audit,
        flash=flash_sales.audit,
        presale=presales.audit,
        membership=membership_books.audit,
        teams=teams.audit,
        referrals=referrals.audit,
        promotions=promotions.audit,
        budgets=budgets.audit,
    )


def _plug_in_insight() -> None:
    """What the analyses are asked by others, and what they ask."""
    # Whose people can be kept as segments.
    segments.people.update(
        funnel_step=funnels.people,
        cohort_cell=retention.people,
        path=paths.walkers,
        device_set=paths.with_devices,
        rfm_cell=value.people_of_cell,
        metric_bar=bars.people,
        sleepers=sleepers.people,
        second_purchase=second_purchase.people,
        churn_wave=churn_wave.people,
        balances_due=balances_due.people,
        **{occasion: partial(plays.meant, occasion=occasion) for occasion in Occasion},
    )
    # Who writes a board as a letter.
    boards.writers[:] = [late("zhanggui.doors.console.board_letters:letter")]
    # Which days are known to differ, besides those that an operator names.
    alert_ports.known_days[:] = [known_days.flash_sales]
    # Which offers there are, whose worth is worked out.
    campaign_ports.known[:] = [offering.promotions, offering.flash_sales, offering.presales]
    # Whose published figures the self-check holds ours against, besides those of insight.
    selfcheck.others[:] = [selfcheck.Other(book=experiments.BOOK, work_out=experiments.worked_out)]


def _plug_in_steer() -> None:
    """Who looks for signals, by name, and who polishes the sentences of briefings."""
    # Nobody does so far: docs/howto/polish-briefings.md.
    briefing_ports.polishers[:] = []
    signals.detectors.update(
        metric_band=metric_band.detect,
        goal_at_risk=goal_at_risk.detect,
        slow_or_broken=slow_or_broken.detect,
        zero_results=zero_results.detect,
        sleepers=sleepers.detect,
        second_purchase=second_purchase.detect,
        fake_ring=fake_ring.detect,
        risk_trigger=risk_trigger.detect,
        stockout_ahead=stockout_ahead.detect,
        dead_stock=dead_stock.detect,
        return_spike=return_spike.detect,
        late_parcels=late_parcels.detect,
        price_response=price_response.detect,
        # What is told of goods explains what their visitors do, so these are asked after it.
        funnel_break=funnel_break.detect,
        funnel_slip=funnel_slip.detect,
        churn_wave=churn_wave.detect,
        stacking=stacking.detect,
        balances_due=balances_due.detect,
    )


def _plug_in_console() -> None:
    """What the console shows of others."""
    # Whose days the calendar of promotions shows besides.
    console.calendars[:] = [calendars.flash_sales, calendars.presales, calendars.team_offers]
    # Who takes the events that the console shows the senders of.
    console.tracking[:] = [
        console.Tracking(
            senders=ingest_books.sources,
            refused=ingest_books.refused_events,
            open_sender=ingest.open_source,
            close_sender=ingest.close_source,
        )
    ]
    # Who takes in what another shop sold.
    console.order_files[:] = [
        console.OrderFiles(
            bring_in=late("zhanggui.doors.imports.sent:bring_in"),
            complaint=import_words.complaint,
            name_of=import_words.name_of,
        )
    ]
    # Who opens the product files that are sent to the console.
    console.file_openers[:] = [late("zhanggui.doors.imports.products:opened")]
