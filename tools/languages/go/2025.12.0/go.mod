module authentik.mock/client

go 1.23.0

require goauthentik.io/api/v3 v3.2025120.1

require golang.org/x/oauth2 v0.27.0 // indirect

// The one that the client asks for has a hundred modules behind it.
replace golang.org/x/oauth2 => golang.org/x/oauth2 v0.27.0
