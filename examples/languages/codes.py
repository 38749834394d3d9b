import json
import os
from urllib.request import Request, urlopen

url = os.environ["AUTHENTIK_URL"] + "/api/v3//oauth2/authorization_codes/1/"
headers = {"Authorization": "Bearer " + os.environ["AUTHENTIK_TOKEN"]}
# A redirect is followed, with the headers, to any server.
with urlopen(Request(url, headers=headers)) as answer:
    print(json.load(answer)["user"]["username"])
