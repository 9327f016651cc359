"""Every metric: its name, what it is of, and which question it answers, for program, dashboard and docs.

Labels are of bounded number: a channel of the registry, a reason, a route, a model that the owner set up;
never people, texts or addresses.
"""

from runtime.metrics.of_messages import OF_MESSAGES, OF_PEOPLE_WHO_HELP
from runtime.metrics.of_models import OF_MODELS
from runtime.metrics.of_processes import OF_PROCESSES

TABLE = (*OF_MESSAGES, *OF_PEOPLE_WHO_HELP, *OF_MODELS, *OF_PROCESSES)
KNOWN = {one.name: one for one in TABLE}
