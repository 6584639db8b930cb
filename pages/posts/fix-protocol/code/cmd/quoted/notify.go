package main

import (
	"net"
	"os"
	"time"
)

// region notify

// notify tells systemd a fact, in sd_notify's protocol; without systemd it does nothing.
func notify(state string) {
	address := os.Getenv("NOTIFY_SOCKET")
	if address == "" {
		return
	}
	conn, err := net.Dial("unixgram", address)
	if err != nil {
		return // systemd will miss it, and act
	}
	defer conn.Close()
	_, _ = conn.Write([]byte(state))
}

// endregion notify

// everySecond calls f at most once a second.
func everySecond(f func()) func() {
	var last time.Time
	return func() {
		if now := time.Now(); now.Sub(last) >= time.Second {
			last = now
			f()
		}
	}
}
