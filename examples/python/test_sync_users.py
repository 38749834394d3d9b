import json, os, shlex, signal, subprocess, unittest
from urllib.request import Request, urlopen
from sync_users import Authentik, deactivate_missing

COMMAND = shlex.split(os.environ.get("AUTHENTIK_MOCK", "npx --no authentik-mock"))

class SyncUsers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        serve = subprocess.Popen([*COMMAND, "serve", "--port", "0", "--json"], stdout=subprocess.PIPE, text=True)
        cls.addClassCleanup(serve.communicate)
        cls.mock = json.loads(serve.stdout.readline())
        cls.addClassCleanup(os.kill, cls.mock["pid"], signal.SIGTERM)
        cls.authentik = Authentik(cls.mock["url"], cls.mock["token"])

    def setUp(self):
        url, token = self.mock["control"].values()
        urlopen(Request(f"{url}reset/", headers={"Authorization": f"Bearer {token}"}, method="POST")).close()

    def test_who_has_left_is_deactivated(self):
        self.authentik.send("POST", "/core/users/", {"username": "ada", "name": "Ada", "is_active": True})
        self.assertIn("ada", deactivate_missing(self.authentik, {"bob"}))
        self.assertFalse(self.authentik.list("/core/users/", username="ada")[0]["is_active"])

    def test_who_is_on_the_list_stays(self):
        usernames = {user["username"] for user in self.authentik.list("/core/users/")}
        self.assertNotIn("ada", usernames)  # The other test's, who is gone with the reset.
        self.assertEqual(deactivate_missing(self.authentik, usernames), [])
