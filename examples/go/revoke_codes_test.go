package main

import (
	"encoding/json"
	"os/exec"
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
		before, _ := authentik.Codes()
		revoked, err := authentik.RevokeExpired()
		after, _ := authentik.Codes()
		if err != nil || len(revoked) < 2 || len(after) != len(before)-len(revoked) {
			t.Errorf("after %s: revoked %v of %v, %v are left: %v", path, revoked, before, after, err)
		}
	}
}
