package main

import (
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
)

func main() {
	url := os.Getenv("AUTHENTIK_URL") + "/api/v3//oauth2/authorization_codes/1/"
	request, err := http.NewRequest("GET", url, nil)
	if err != nil {
		log.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+os.Getenv("AUTHENTIK_TOKEN"))
	// A redirect is followed, with the header as long as it stays within the domain.
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		log.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != 200 {
		log.Fatal(answer.Status)
	}
	var code struct{ User struct{ Username string } }
	if err := json.NewDecoder(answer.Body).Decode(&code); err != nil {
		log.Fatal(err)
	}
	fmt.Println(code.User.Username)
}
