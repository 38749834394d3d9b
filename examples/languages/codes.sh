#!/bin/sh
# -L follows the redirect, with the header as long as it stays on the server; -f makes a refusal an error.
# Without jq, sed takes the first value of the key.
curl -fsSL "$AUTHENTIK_URL/api/v3//oauth2/authorization_codes/1/" -H "Authorization: Bearer $AUTHENTIK_TOKEN" |
  sed 's/.*"user":{[^{]*"username":"\([^"]*\)".*/\1/'
