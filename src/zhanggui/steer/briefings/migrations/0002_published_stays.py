"""What is published stays as it is, figures, digest and words: the database itself sees to it.

What becomes of its proposals is decided after the publication too, so decisions may still come.
"""

from __future__ import annotations

from django.db import migrations

_SET = """
create function steer_briefings_refuse() returns trigger language plpgsql as $$
begin
    raise exception 'a published briefing stays as it is' using errcode = 'restrict_violation';
end $$;
create trigger steer_briefings_published_stays before update or delete on steer_briefings_briefing
    for each row when (old.state = 'published') execute function steer_briefings_refuse();

create function steer_briefings_words_stay() returns trigger language plpgsql as $$
begin
    if exists (
        select from steer_briefings_briefing
        where id in (old.briefing_id, new.briefing_id) and state = 'published'
    ) then
        raise exception 'the words of a published briefing stay as they are' using errcode = 'restrict_violation';
    end if;
    return coalesce(new, old);
end $$;
create trigger steer_briefings_words_stay before insert or update or delete on steer_briefings_words
    for each row execute function steer_briefings_words_stay();
"""
_UNSET = """
drop trigger steer_briefings_words_stay on steer_briefings_words;
drop function steer_briefings_words_stay();
drop trigger steer_briefings_published_stays on steer_briefings_briefing;
drop function steer_briefings_refuse();
"""


class Migration(migrations.Migration):
    """Constraints that Django's models cannot say."""

    dependencies = [("steer_briefings", "0001_initial")]
    operations = [migrations.RunSQL(_SET, _UNSET)]
