// authentik's own client for Go creates, lists, reads, changes and deletes.
//
//	AUTHENTIK_URL=... AUTHENTIK_TOKEN=... go run .
package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/url"
	"os"

	api "goauthentik.io/api/v3"
)

// calls is how many calls went well.
var calls int

// answered gives what a call answered, and ends the program where it failed.
func answered[T any](answer T, response *http.Response, err error) T {
	check(response, err)
	return answer
}

// check ends the program where a call failed.
func check(response *http.Response, err error) {
	if err == nil {
		calls++
		return
	}
	if failure, ok := err.(*api.GenericOpenAPIError); ok {
		err = fmt.Errorf("%w: %s", err, failure.Body())
	}
	if response != nil {
		err = fmt.Errorf("%s %s: %w", response.Request.Method, response.Request.URL, err)
	}
	log.Fatal(err)
}

// expect ends the program where an answer does not say what was written.
func expect[T comparable](what string, actual, expected T) {
	if actual != expected {
		log.Fatalf("%s is %v, and not %v", what, actual, expected)
	}
}

func newClient() *api.APIClient {
	server, err := url.Parse(os.Getenv("AUTHENTIK_URL"))
	if err != nil {
		log.Fatal(err)
	}
	configuration := api.NewConfiguration()
	configuration.Scheme, configuration.Host = server.Scheme, server.Host
	configuration.AddDefaultHeader("Authorization", "Bearer "+os.Getenv("AUTHENTIK_TOKEN"))
	return api.NewAPIClient(configuration)
}

func liveGroup(ctx context.Context, core *api.CoreApiService) {
	pk := answered(core.CoreGroupsCreate(ctx).GroupRequest(*api.NewGroupRequest("engineers")).Execute()).Pk
	listed := answered(core.CoreGroupsList(ctx).Name("engineers").Execute())
	expect("the number of groups", len(listed.Results), 1)
	renamed := api.NewGroupRequest("mathematicians")
	expect("the name", answered(core.CoreGroupsUpdate(ctx, pk).GroupRequest(*renamed).Execute()).Name, renamed.Name)
	change := api.NewPatchedGroupRequest()
	change.SetIsSuperuser(true)
	answered(core.CoreGroupsPartialUpdate(ctx, pk).PatchedGroupRequest(*change).Execute())
	expect("is_superuser", *answered(core.CoreGroupsRetrieve(ctx, pk).Execute()).IsSuperuser, true)
	answered(core.CoreGroupsUsedByList(ctx, pk).Execute())
	check(core.CoreGroupsDestroy(ctx, pk).Execute())
}

func liveUser(ctx context.Context, core *api.CoreApiService) {
	ada := api.NewUserRequest("ada", "Ada")
	pk := answered(core.CoreUsersCreate(ctx).UserRequest(*ada).Execute()).Pk
	expect("the number of users", len(answered(core.CoreUsersList(ctx).Username("ada").Execute()).Results), 1)
	ada.Name = "Ada Lovelace"
	expect("the name", answered(core.CoreUsersUpdate(ctx, pk).UserRequest(*ada).Execute()).Name, ada.Name)
	change := api.NewPatchedUserRequest()
	change.SetIsActive(false)
	answered(core.CoreUsersPartialUpdate(ctx, pk).PatchedUserRequest(*change).Execute())
	expect("is_active", *answered(core.CoreUsersRetrieve(ctx, pk).Execute()).IsActive, false)
	password := api.NewUserPasswordSetRequest("engine")
	check(core.CoreUsersSetPasswordCreate(ctx, pk).UserPasswordSetRequest(*password).Execute())
	answered(core.CoreUsersUsedByList(ctx, pk).Execute())
	check(core.CoreUsersDestroy(ctx, pk).Execute())
}

func liveToken(ctx context.Context, core *api.CoreApiService) {
	made := api.NewTokenRequest("made")
	answered(core.CoreTokensCreate(ctx).TokenRequest(*made).Execute())
	change := api.NewPatchedTokenRequest()
	change.SetDescription("changed")
	answered(core.CoreTokensPartialUpdate(ctx, "made").PatchedTokenRequest(*change).Execute())
	expect("the description", *answered(core.CoreTokensRetrieve(ctx, "made").Execute()).Description, "changed")
	key := api.NewTokenSetKeyRequest("chosen")
	check(core.CoreTokensSetKeyCreate(ctx, "made").TokenSetKeyRequest(*key).Execute())
	expect("the key", answered(core.CoreTokensViewKeyRetrieve(ctx, "made").Execute()).Key, "chosen")
	answered(core.CoreTokensList(ctx).Execute())
	check(core.CoreTokensDestroy(ctx, "made").Execute())
}

func liveApplication(ctx context.Context, core *api.CoreApiService) {
	application := api.NewApplicationRequest("Made", "made")
	answered(core.CoreApplicationsCreate(ctx).ApplicationRequest(*application).Execute())
	application.Name = "Renamed"
	changed := answered(core.CoreApplicationsUpdate(ctx, "made").ApplicationRequest(*application).Execute())
	expect("the name", changed.Name, application.Name)
	change := api.NewPatchedApplicationRequest()
	change.SetMetaPublisher("us")
	answered(core.CoreApplicationsPartialUpdate(ctx, "made").PatchedApplicationRequest(*change).Execute())
	publisher := answered(core.CoreApplicationsRetrieve(ctx, "made").Execute()).MetaPublisher
	expect("the publisher", *publisher, "us")
	answered(core.CoreApplicationsList(ctx).Execute())
	check(core.CoreApplicationsDestroy(ctx, "made").Execute())
}

func readCode(ctx context.Context, oauth2 *api.Oauth2ApiService) {
	first := answered(oauth2.Oauth2AuthorizationCodesList(ctx).Execute()).Results[0]
	code := answered(oauth2.Oauth2AuthorizationCodesRetrieve(ctx, first.Pk).Execute())
	expect("the user", code.User.Username, first.User.Username)
	check(oauth2.Oauth2AuthorizationCodesDestroy(ctx, first.Pk).Execute())
}

func main() {
	log.SetFlags(0)
	ctx := context.Background()
	client := newClient()
	liveGroup(ctx, client.CoreApi)
	liveUser(ctx, client.CoreApi)
	liveToken(ctx, client.CoreApi)
	liveApplication(ctx, client.CoreApi)
	readCode(ctx, client.Oauth2Api)
	answered(client.CoreApi.CoreUsersMeRetrieve(ctx).Execute())
	fmt.Printf("%d calls of authentik's client for Go", calls)
}
