"""What gunicorn serves: reads the environment, wires, nothing else.  Each worker makes its own connections."""

from functools import cache
from threading import Lock

from application.office import Office
from application.vault import Vault
from interface import logs
from interface.app import create_app
from interface.settings import Settings
from projections.views import Views

logs.configure()
settings = Settings.from_environment()


one_at_a_time = Lock()


@cache
def _office() -> Office:
    return Office(settings.url(), Vault.from_file(settings.key_file))


def office() -> Office:
    with one_at_a_time:
        return _office()


def views() -> Views:
    return Views(office().datastore.get_connection)


app = create_app(office, views, settings)
