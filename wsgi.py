"""What gunicorn serves: reads the environment, wires, nothing else.  Each worker makes its own connections."""

from functools import cache

from application.office import Office
from application.vault import Vault
from interface.app import create_app
from interface.settings import Settings
from projections.views import Views

settings = Settings.from_environment()


@cache
def office() -> Office:
    return Office(settings.url(), Vault.from_file(settings.key_file))


@cache
def views() -> Views:
    return Views(office().datastore.get_connection)


app = create_app(office, views)
