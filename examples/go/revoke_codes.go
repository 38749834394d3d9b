// Revokes the authorization codes of authentik that have expired: go run .
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
	"strings"
)

// API is an address whose end is a slash, and the token to ask with.
type API struct{ URL, Token string }

// Code is what this program reads of an authorization code.
type Code struct {
	Pk      int
	Expired bool `json:"is_expired"`
	User    struct{ Username string }
}

// HasExpired says whether nobody can exchange the code any more.
func (code Code) HasExpired() bool { return code.Expired }

// Send sends a request, and reads the JSON of the answer into result, unless that is nil.
func (api API) Send(method, path string, result any) error {
	request, err := http.NewRequest(method, api.URL+path, nil)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+api.Token)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 300 {
		return fmt.Errorf("failed to %s %s: %s", method, path, answer.Status)
	}
	if result == nil {
		return nil
	}
	return json.NewDecoder(answer.Body).Decode(result)
}

// Codes returns the authorization codes of every page.
func (api API) Codes() (codes []Code, err error) {
	for number := 1; number != 0; {
		var page struct {
			Results    []Code
			Pagination struct{ Next int }
		}
		if err := api.Send("GET", fmt.Sprintf("oauth2/authorization_codes/?page=%d", number), &page); err != nil {
			return nil, err
		}
		codes, number = append(codes, page.Results...), page.Pagination.Next
	}
	return codes, nil
}

// RevokeExpired deletes the codes that have expired, and returns them.
func (api API) RevokeExpired() (revoked []Code, err error) {
	codes, err := api.Codes()
	if err != nil {
		return nil, err
	}
	for _, code := range codes {
		if !code.HasExpired() {
			continue
		}
		if err := api.Send("DELETE", fmt.Sprintf("oauth2/authorization_codes/%d/", code.Pk), nil); err != nil {
			return revoked, err
		}
		revoked = append(revoked, code)
	}
	return revoked, nil
}

func main() {
	authentik := API{strings.TrimRight(os.Getenv("AUTHENTIK_URL"), "/") + "/api/v3/", os.Getenv("AUTHENTIK_TOKEN")}
	revoked, err := authentik.RevokeExpired()
	for _, code := range revoked {
		fmt.Printf("revoked code %d of %s\n", code.Pk, code.User.Username)
	}
	if err != nil {
		log.Fatal(err)
	}
}
