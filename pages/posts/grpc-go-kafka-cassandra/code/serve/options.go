package serve

import (
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/keepalive"
)

// region options
// Options are the settings of a server whose streams live for hours. After age a
// connection gets a GOAWAY; its streams never end, so after grace they are cut.
func Options(
	tls credentials.TransportCredentials, age, grace time.Duration,
) []grpc.ServerOption {
	return []grpc.ServerOption{
		grpc.Creds(tls),
		grpc.ForceServerCodecV2(NewCodec()),
		grpc.MaxConcurrentStreams(200), // of one connection
		grpc.MaxRecvMsgSize(64 << 10),  // requests are small; the default is 4 MB
		grpc.KeepaliveParams(keepalive.ServerParameters{
			Time:                  10 * time.Second, // ping a connection that is silent
			Timeout:               5 * time.Second,
			MaxConnectionAge:      age, // give or take a tenth
			MaxConnectionAgeGrace: grace,
		}),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{
			MinTime:             5 * time.Second, // allows the client's ping every 10 s
			PermitWithoutStream: true,
		}),
	}
}

// endregion options
