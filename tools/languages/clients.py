"""authentik's own client for Python creates, lists, reads, changes and deletes, and knows all that is answered.

AUTHENTIK_URL=... AUTHENTIK_TOKEN=... python clients.py RELEASE
"""

import json
import os
import sys
from importlib.metadata import version

import authentik_client
from authentik_client import api
from pydantic import BaseModel

BARE = "an application without a provider has null as its provider_obj, which the document of the release denies"
#: What a client cannot read of what its release answers, and why.
UNREADABLE = {
    "2024.8.3": {"core_applications_create without provider": BARE},
    "2025.10.4": {"core_applications_create without provider": BARE},
}


class RecordingClient(authentik_client.ApiClient):
    """Keeps the last answer as it came, for a client whose model refuses it."""

    def call_api(self, *arguments, **options):
        self.answer = super().call_api(*arguments, **options)
        return self.answer


def unknown_keys(model, row, path):
    """Yields the keys of an answer that the model has no field for."""
    if isinstance(row, list) and isinstance(model, list):
        for index, (part, entry) in enumerate(zip(model, row, strict=True)):
            yield from unknown_keys(part, entry, f"{path}[{index}]")
    elif isinstance(row, dict) and isinstance(model, BaseModel):
        fields = {field.alias or name: name for name, field in type(model).model_fields.items()}
        for key, entry in row.items():
            if key not in fields:
                yield f"{path}.{key}"
            else:
                yield from unknown_keys(getattr(model, fields[key]), entry, f"{path}.{key}")


class Session:
    """Calls operations by their names, and counts those that went well."""

    def __init__(self, release):
        self.expected = UNREADABLE.get(release, {})
        self.calls, self.problems = 0, []
        configuration = authentik_client.Configuration(
            host=os.environ["AUTHENTIK_URL"] + "/api/v3", access_token=os.environ["AUTHENTIK_TOKEN"]
        )
        self.client = RecordingClient(configuration)

    def call(self, operation, *arguments, case="", **parameters):
        """Calls an operation of the client. Returns the JSON of the answer, whether or not the client could read it."""
        family = getattr(api, f"{operation.split('_')[0].capitalize()}Api")(self.client)
        self.client.answer = None
        try:
            model = getattr(family, operation)(*arguments, **parameters)
            problem = next(unknown_keys(model, self.row(), "$"), None)
        except Exception as error:
            problem = f"{type(error).__name__}: {error}"
        self.calls += 1
        reason = self.expected.get(operation + case)
        if reason and problem is None:
            self.problems.append(f"{operation}{case} is read, although it is listed: {reason}")
        if problem and reason is None:
            self.problems.append(f"{operation}{case}: {problem}")
        return self.row()

    def row(self):
        """The JSON of the last answer; nothing where it is empty."""
        return json.loads(self.client.answer.data or "{}") if self.client.answer else {}


def request(name, row):
    """A request of the client. Its from_dict would send null for each key that may be null and is not in the row."""
    return getattr(authentik_client, name)(**row)


def live(session, operations, name, key, created, changed):
    """Has one row live: created, listed, read, replaced, changed and deleted."""
    row = session.call(f"{operations}_create", request(f"{name}Request", created))
    session.call(f"{operations}_list")
    session.call(f"{operations}_retrieve", row[key])
    session.call(f"{operations}_update", row[key], request(f"{name}Request", {**created, **changed}))
    session.call(f"{operations}_partial_update", row[key], request(f"Patched{name}Request", changed))
    session.call(f"{operations}_used_by_list", row[key])
    session.call(f"{operations}_destroy", row[key])


def provider_request(session, release):
    """What a provider is created with: its flows have to be there, and its redirect URIs were a text once."""
    flow, *_ = session.call("flows_instances_list", designation="authorization")["results"]
    end, *_ = session.call("flows_instances_list", designation="invalidation")["results"]
    url = "https://app.example/callback"
    uris = url if release == "2024.8.3" else [{"matching_mode": "strict", "url": url}]
    return {"authorization_flow": flow["pk"], "invalidation_flow": end["pk"], "redirect_uris": uris}


def main(release):
    session = Session(release)
    provider = provider_request(session, release)
    live(session, "core_users", "User", "pk", {"username": "ada", "name": "Ada"}, {"name": "Ada Lovelace"})
    live(session, "core_groups", "Group", "pk", {"name": "engineers"}, {"name": "mathematicians"})
    live(session, "providers_oauth2", "OAuth2Provider", "pk", {"name": "Made", **provider}, {"name": "Renamed"})
    live(session, "core_tokens", "Token", "identifier", {"identifier": "made"}, {"description": "changed"})
    made = session.call("providers_oauth2_create", request("OAuth2ProviderRequest", {"name": "Kept", **provider}))
    application = {"name": "Made", "slug": "made", "provider": made["pk"]}
    live(session, "core_applications", "Application", "slug", application, {"name": "Renamed"})

    user = session.call("core_users_create", request("UserRequest", {"username": "bob", "name": "Bob"}))
    password = request("UserPasswordSetRequest", {"password": "engine"})
    session.call("core_users_set_password_create", user["pk"], password)
    session.call("core_tokens_create", request("TokenRequest", {"identifier": "bobs", "user": user["pk"]}))
    session.call("core_tokens_set_key_create", "bobs", request("TokenSetKeyRequest", {"key": "chosen"}))
    session.call("core_tokens_view_key_retrieve", "bobs")
    session.call("core_users_me_retrieve")
    for operations in ("authorization_codes", "access_tokens", "refresh_tokens"):
        first, *_ = session.call(f"oauth2_{operations}_list")["results"]
        session.call(f"oauth2_{operations}_retrieve", first["pk"])
        session.call(f"oauth2_{operations}_used_by_list", first["pk"])
        session.call(f"oauth2_{operations}_destroy", first["pk"])

    bare = request("ApplicationRequest", {"name": "Bare", "slug": "bare"})
    session.call("core_applications_create", bare, case=" without provider")
    problems = session.problems
    print(f"{session.calls} calls of authentik-client {version('authentik-client')}, {len(problems)} problems")
    sys.exit("\n".join(problems) or 0)


main(sys.argv[1])
