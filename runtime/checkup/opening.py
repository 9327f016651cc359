"""A publication, ready to be checked up."""

from runtime.checkup.patient import Patient, Ways
from runtime.gateway.surfaces import opened
from runtime.publish.doctor import Doctor
from runtime.publish.publications import the_publication
from runtime.store.control.control import Control


def patient(control: Control, doctor: Doctor, ways: Ways, publication: str, public_url: str) -> Patient:
    """Raises NotFound, and Unreadable for one that has stopped."""
    record = the_publication(control, publication)
    surface = opened(control, record)
    return Patient(
        id=record.id,
        channel=surface.channel,
        base=public_url.rstrip("/"),
        path=record.path,
        ways=ways,
        state=lambda: doctor.state(record.id, ways.clock()),
        enabled=record.enabled,
        channel_name=record.channel,
    )
