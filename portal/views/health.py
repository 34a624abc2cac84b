"""For whoever watches over the portal: is the process alive, and can it keep what it promises?"""

import logging

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal import heartbeat

logger = logging.getLogger(__name__)
_migrated = set()  # once true it stays true for this process


@login_not_required
@never_cache
@require_safe
def healthz(request):
    """The process answers; nothing else is asked."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def readyz(request):
    """200 when database, migrations and worker are well, else 503; tells which, and no more."""
    state = {
        "database": _holds(_has_database),
        "migrations": _holds(_has_migrations),
        "worker": _holds(lambda: heartbeat.is_alive(now=timezone.now())),
    }
    body = {name: "ok" if holds else "failed" for name, holds in state.items()}
    return JsonResponse(body, status=200 if all(state.values()) else 503)


def _holds(question):
    try:
        return question()
    except DatabaseError:
        logger.exception("The readiness check could not ask the database.")
        return False


def _has_database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def _has_migrations():
    if not _migrated:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        _migrated.add(True)
    return True
