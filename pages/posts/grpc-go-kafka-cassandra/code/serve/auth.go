package serve

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"sync/atomic"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// Principal is who asks, as the token says.
type Principal struct {
	Name    string
	Expires time.Time
}

// Tokens signs and reads tokens. It stands for an identity provider and its JWTs.
type Tokens struct{ Key []byte }

func (t Tokens) Issue(p Principal) string {
	claims, _ := json.Marshal(p)
	body := base64.RawURLEncoding.EncodeToString(claims)
	return body + "." + base64.RawURLEncoding.EncodeToString(t.sign(body))
}

func (t Tokens) sign(body string) []byte {
	mac := hmac.New(sha256.New, t.Key)
	mac.Write([]byte(body))
	return mac.Sum(nil)
}

// Read is the principal of a request, or an UNAUTHENTICATED error.
func (t Tokens) Read(ctx context.Context) (Principal, error) {
	incoming, _ := metadata.FromIncomingContext(ctx)
	for _, value := range incoming.Get("authorization") {
		body, signature, _ := strings.Cut(strings.TrimPrefix(value, "Bearer "), ".")
		given, err := base64.RawURLEncoding.DecodeString(signature)
		if err != nil || !hmac.Equal(given, t.sign(body)) {
			continue
		}
		var p Principal
		claims, err := base64.RawURLEncoding.DecodeString(body)
		if err == nil && json.Unmarshal(claims, &p) == nil && time.Now().Before(p.Expires) {
			return p, nil
		}
	}
	return Principal{}, status.Error(codes.Unauthenticated, "a valid bearer token is needed")
}

// region rights
// Rights says who may see which instruments. Set replaces all of it at once, and
// streams that are open notice with their next quote.
type Rights struct {
	current atomic.Pointer[map[string]map[uint32]bool]
}

func (r *Rights) Set(all map[string]map[uint32]bool) { r.current.Store(&all) }

func (r *Rights) May(name string, instrument uint32) bool {
	all := r.current.Load()
	return all != nil && (*all)[name][instrument]
}

// endregion rights
