package serve

import (
	"io"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc"

	pb "quotes/quotespb"
	"quotes/reader"
)

// connections forwards each TCP connection to the next server in turn, as a
// Kubernetes Service or a network load balancer does: it sees no calls.
func connections(t *testing.T, servers []*service) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	var turn atomic.Uint32
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			chosen := servers[int(turn.Add(1))%len(servers)]
			server, err := net.Dial("tcp", chosen.address)
			if err != nil {
				client.Close()
				continue
			}
			go func() { io.Copy(server, client); server.Close() }()
			go func() { io.Copy(client, server); client.Close() }()
		}
	}()
	return listener.Addr().String()
}

func three(t *testing.T, age time.Duration) []*service {
	return []*service{start(t, age), start(t, age), start(t, age)}
}

// region trap
// spread opens streams by one client and counts where they arrive.
func spread(
	t *testing.T, servers []*service, client pb.QuotesClient, streams int,
) []int32 {
	for range streams {
		if _, err := watch(t, client, 1).Recv(); err != nil {
			t.Fatal(err)
		}
	}
	var arrived []int32
	for _, server := range servers {
		arrived = append(arrived, server.streams.Swap(0))
	}
	return arrived
}

func TestOneConnectionTakesAllStreamsToOneServer(t *testing.T) {
	servers := three(t, time.Hour)
	client := servers[0].client(t, "ada", through(connections(t, servers)))
	arrived := spread(t, servers, client, 30)
	t.Log("through a balancer of connections:", arrived)
	if slices.Max(arrived) != 30 {
		t.Fatal(arrived)
	}
}

func TestRoundRobinOverAddressesSpreadsThem(t *testing.T) {
	servers := three(t, time.Hour)
	client := servers[0].client(t, "ada", addresses(servers)...)
	for slices.Min(spread(t, servers, client, 3)) == 0 {
		t.Log("not all three connections are ready yet")
	}
	arrived := spread(t, servers, client, 30)
	t.Log("round robin over three addresses:", arrived)
	if slices.Max(arrived) != 10 {
		t.Fatal(arrived)
	}
}

// endregion trap

func through(balancer string) grpc.DialOption {
	return grpc.WithContextDialer(dialTo(balancer))
}

func addresses(servers []*service) []grpc.DialOption {
	var list []string
	for _, server := range servers {
		list = append(list, server.address)
	}
	return []grpc.DialOption{
		grpc.WithDefaultServiceConfig(reader.RoundRobin),
		reader.Addresses(strings.Join(list, ",")),
	}
}

// A stream that lives for hours stays where it began, whatever the balancer. Only an
// age limit moves it to a server that came later.
func TestAnAgeLimitMovesStreamsToANewServer(t *testing.T) {
	for _, c := range []struct {
		age   time.Duration
		moved bool
	}{{time.Hour, false}, {300 * time.Millisecond, true}} {
		servers := three(t, c.age)
		list := connections(t, servers[:2])
		reconnecting(t, servers[0], list, 12)
		arrived := func() bool { return servers[0].streams.Load()+servers[1].streams.Load() >= 12 }
		if !within(time.Minute, arrived) {
			t.Fatal("not all have begun")
		}
		patience := time.Minute
		if !c.moved {
			patience = 1500 * time.Millisecond // nobody comes, however long we wait
		}
		turnTo.Store(&servers[2].address)
		moved := within(patience, func() bool { return servers[2].streams.Load() > 0 })
		turnTo.Store(nil)
		if moved != c.moved {
			t.Errorf("age %v: moved %v", c.age, moved)
		}
	}
}

// reconnecting runs readers that come back whenever their stream ends.
func reconnecting(t *testing.T, s *service, balancer string, n int) {
	for range n {
		r := &reader.Reader{
			Dial: func() (*grpc.ClientConn, error) {
				return grpc.NewClient("passthrough:///quotes",
					grpc.WithTransportCredentials(s.trust), through(balancer),
					grpc.WithPerRPCCredentials(reader.Bearer(tokens.Issue(Principal{"ada", time.Now().Add(time.Hour)}))))
			},
			Instruments: []uint32{1}, Told: func(string, *pb.Update) {},
		}
		go r.Run(t.Context())
	}
}
