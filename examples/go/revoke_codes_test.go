package main

import (
	"encoding/json"
	"os/exec"
	"slices"
	"syscall"
	"testing"
)

func TestExpiredCodesAreRevoked(t *testing.T) {
	serve := exec.Command("sh", "-c", "exec ${AUTHENTIK_MOCK:-npx --no authentik-mock} serve --port 0 --json")
	output, _ := serve.StdoutPipe()
	serve.Start()
	var mock struct {
		API
		Control API
		PID     int
	}
	json.NewDecoder(output).Decode(&mock)
	t.Cleanup(func() { syscall.Kill(mock.PID, syscall.SIGTERM); serve.Wait() })
	authentik := API{mock.URL + "/api/v3/", mock.Token}
	for _, path := range []string{"reset/", "grants/authorization_codes/1/expire/"} {
		mock.Control.Send("POST", "reset/", nil) // What the last round revoked is back.
		mock.Control.Send("POST", path, nil)
		revoked, err := authentik.RevokeExpired()
		left, _ := authentik.Codes()
		if err != nil || len(revoked) < 2 || len(left) == 0 || slices.ContainsFunc(left, Code.HasExpired) {
			t.Errorf("after %s: revoked %v, left %v: %v", path, revoked, left, err)
		}
	}
}
