"""Meta's Cloud API with one business number, played from its documentation."""

from runtime.simulator.whatsapp.simulation import WhatsAppSimulation

SIMULATION = WhatsAppSimulation
