package reader

import (
	"context"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/resolver"
	"google.golang.org/grpc/resolver/manual"
)

// region balanced
// RoundRobin spreads calls over all addresses that the resolver gives, instead of
// using the first that answers.
const RoundRobin = `{"loadBalancingConfig": [{"round_robin": {}}]}`

// endregion balanced

// Addresses resolves to a fixed list, "10.9.0.2:443,10.9.0.3:443". It stands for a
// name with several A records, which "dns:///quotes:443" would look up.
func Addresses(list string) grpc.DialOption {
	builder := manual.NewBuilderWithScheme("fixed")
	var addresses []resolver.Address
	for _, address := range strings.Split(list, ",") {
		addresses = append(addresses, resolver.Address{Addr: address, ServerName: "quotes"})
	}
	builder.InitialState(resolver.State{Addresses: addresses})
	return grpc.WithResolvers(builder)
}

// Bearer sends a token with each call, and refuses to do so without TLS.
type Bearer string

func (b Bearer) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return map[string]string{"authorization": "Bearer " + string(b)}, nil
}

func (b Bearer) RequireTransportSecurity() bool { return true }
