"""Tells the world outside what happened in the house: webhooks and e-mail, out of the jobs."""

from openbook.server.deliveries.email import MailServer
from openbook.server.deliveries.told import Attempt, Tell, Told
from openbook.server.deliveries.webhook import WebhookTarget
from openbook.server.deliveries.worker import Courier

__all__ = ["Attempt", "Courier", "MailServer", "Tell", "Told", "WebhookTarget"]
