"""The status page as an Atom feed in one language: an entry for each public word on an incident, latest first (SPEC 7)."""

from datetime import UTC, datetime

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from cases.site_address import absolute_url, mail_domain
from cases.text_cleaning import clean_characters
from cases.text_rendering import render_text
from sla.texts import ENGLISH, in_language, is_fallback

from .incident_words import state_words

MOST_ENTRIES = 100
NEVER = datetime(2026, 1, 1, tzinfo=UTC)  # "updated" of a feed about which nothing is known yet


class StatusFeed(Atom1Feed):
    """Atom whose entries say when their words had to be taken in English."""

    def item_attributes(self, item):
        return {"xml:lang": ENGLISH} if item["is_fallback"] else {}

    def latest_post_date(self):
        return max((item["updateddate"] for item in self.items), default=self.feed["nothing_since"])


def feed_of(snapshot, *, language, page_url, feed_url, url_of):
    """The feed as text. Ids stay the same whatever the language, the address and the words become; `snapshot` may be None."""
    feed = StatusFeed(
        title=_("Platform status"),
        link=absolute_url(page_url),
        description=None,
        author_name=str(settings.VENDOR_NAME),
        language=language,
        feed_url=absolute_url(feed_url),
        feed_guid=f"tag:{mail_domain()},2026:status:{language}",
        nothing_since=NEVER,
    )
    for incident, update in _latest(snapshot):
        _add(feed, incident, update, link=absolute_url(url_of(incident.number)))
    return feed.writeString("utf-8")


def _latest(snapshot):
    told = [(incident, update) for incident in (snapshot.incidents if snapshot else ()) for update in incident.updates]
    return sorted(told, key=lambda pair: (pair[1].published_at, pair[1].key), reverse=True)[:MOST_ENTRIES]


def _add(feed, incident, update, *, link):
    title = {"number": incident.number, "title": in_language(incident.title), "state": state_words(update.state)}
    feed.add_item(
        title=clean_characters(_("%(number)s, %(state)s: %(title)s") % title),
        link=f"{link}#update-{update.key}",
        description=render_text(in_language(update.words)),
        unique_id=f"tag:{mail_domain()},2026:status-update:{update.key}:{feed.feed['language']}",
        pubdate=update.published_at,
        updateddate=update.published_at,
        is_fallback=is_fallback(update.words),
    )
