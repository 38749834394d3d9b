"""Creates authorization codes in an authentik that nobody has logged in to: one that is live, one that has expired, one that never expires."""

from datetime import timedelta
from uuid import uuid4

from authentik.core.models import Application, User
from authentik.flows.models import Flow
from authentik.providers.oauth2.models import AuthorizationCode, OAuth2Provider
from django.utils.timezone import now

flow, _ = Flow.objects.get_or_create(slug="contract", defaults={"name": "Contract", "title": "Contract", "designation": "authorization"})
provider, _ = OAuth2Provider.objects.get_or_create(name="Contract", defaults={"authorization_flow": flow})
Application.objects.get_or_create(slug="contract", defaults={"name": "Contract", "provider": provider})
for expires in (now() + timedelta(hours=1), now() - timedelta(minutes=1), None):
    AuthorizationCode.objects.create(
        provider=provider,
        user=User.objects.get(username="akadmin"),
        code=uuid4().hex,
        expires=expires,
        expiring=expires is not None,
        auth_time=now(),
        _scope="openid email",
    )
