import signal

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.utils import timezone

from portal.demo_world import servers
from portal.demo_world.people import PASSWORD, PEOPLE
from portal.demo_world.world import load_world

STOPPING = (signal.SIGINT, signal.SIGTERM)


class Command(BaseCommand):
    help = (
        "Make the database, load the support policies and a small believable world, and run the portal with its worker until Ctrl-C. "
        "Running it again keeps what is there."
    )
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8000, help="port of the web server (default: %(default)s)")
        parser.add_argument("--no-serve", action="store_true", help="only load, start nothing")

    def handle(self, *, port, no_serve, **options):
        if not settings.DEMO:
            raise CommandError(
                "SECRET_KEY is set, so this is a production site; the demo's people would get in with a known password."
            )
        if not no_serve and not servers.port_is_free(port):
            raise CommandError(f"Port {port} is taken or not allowed. Choose another: manage.py demo --port {port % 65535 + 1}")
        if no_serve:
            self.load()
        else:
            for number in STOPPING:
                signal.signal(number, _leave)
            self.load()
            self.serve(port)

    def load(self):
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("load_policies", verbosity=0, stdout=self.stdout)
        call_command("load_care_groups", verbosity=0, stdout=self.stdout)
        made = load_world(now=timezone.now())
        self.stdout.write("The demo's world was made." if made else "The demo's world was there already and is kept as it is.")

    def serve(self, port):
        try:
            with servers.running(port) as processes:
                self.tell_how_to_sign_in(port)
                ended = servers.wait_for_one_to_end(processes)
        except servers.ServerEnded as error:
            raise CommandError(str(error)) from error
        raise CommandError(f"The {ended} ended by itself; its messages stand above.")

    def tell_how_to_sign_in(self, port):
        lines = [f"  {person.email:24}{person.what}" for person in PEOPLE]
        self.stdout.write(
            "\n".join(
                [
                    "",
                    f"The portal answers on {servers.address(port)}/ (care desk: {servers.address(port)}/admin/care/queue/).",
                    f"Everybody's password is: {PASSWORD}",
                    *lines,
                    f"Mails are files in {settings.EMAIL_FILE_PATH}",
                    "Ctrl-C ends it.",
                    "",
                ]
            )
        )
        self.stdout.flush()


def _leave(number, frame):
    for later in STOPPING:
        signal.signal(later, signal.SIG_IGN)  # a second Ctrl-C does not interrupt the stopping
    raise SystemExit(0)
