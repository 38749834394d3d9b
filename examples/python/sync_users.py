"""Deactivates the users of authentik whom a list of usernames does not have: python3 sync_users.py staff.csv"""

import csv
import json
import os
import sys
from urllib.parse import urlencode
from urllib.request import Request, urlopen


class Authentik:
    """An authentik server, asked with an API token."""

    def __init__(self, url, token):
        self.url, self.token = url.rstrip("/"), token

    def send(self, method, path, body=None):
        """Sends a request, and returns the JSON of the answer. What is refused raises urllib.error.HTTPError."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        with urlopen(Request(f"{self.url}/api/v3{path}", data, headers, method=method)) as answer:
            return json.load(answer)

    def list(self, path, **filters):
        """Returns the rows of every page."""
        rows, page = [], 1
        while page:
            answer = self.send("GET", f"{path}?{urlencode({**filters, 'page': page})}")
            rows += answer["results"]
            page = answer["pagination"]["next"]
        return rows


def deactivate_missing(authentik, usernames):
    """Deactivates each active user who is not in the list and no superuser. Returns their usernames."""
    users = authentik.list("/core/users/", type="internal", is_active="true")
    # The filter is_superuser=false would leave out who is in no group.
    missing = [user for user in users if not user["is_superuser"] and user["username"] not in usernames]
    for user in missing:
        authentik.send("PATCH", f"/core/users/{user['pk']}/", {"is_active": False})
    return [user["username"] for user in missing]


if __name__ == "__main__":
    with open(sys.argv[1], newline="") as file:
        staff = {row[0] for row in csv.reader(file) if row}
    for username in deactivate_missing(Authentik(os.environ["AUTHENTIK_URL"], os.environ["AUTHENTIK_TOKEN"]), staff):
        print(f"deactivated {username}")
