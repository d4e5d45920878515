"""Every dataset by its name, in the order in which they are listed."""

from collections.abc import Mapping

from pme.reports.datasets.activity import ACTIVITY
from pme.reports.datasets.choices import CHOICES
from pme.reports.datasets.completions import COMPLETIONS
from pme.reports.datasets.critical import CRITICAL
from pme.reports.datasets.items import ITEMS
from pme.reports.datasets.outcomes import OUTCOMES
from pme.reports.datasets.progress import PROGRESS
from pme.reports.datasets.query import Dataset
from pme.reports.datasets.recertification import RECERTIFICATION

DATASETS: Mapping[str, Dataset] = {
    each.shape.name: each
    for each in (COMPLETIONS, PROGRESS, OUTCOMES, CRITICAL, CHOICES, ITEMS, RECERTIFICATION, ACTIVITY)
}
