package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	"quotes/book"
	"quotes/fanout"
	"quotes/hist"
	pb "quotes/quotespb"
	"quotes/reader"
	"quotes/serve"
)

var (
	dir     = flag.String("dir", "", "certificates")
	address = flag.String("address", "", "of the server")
	streams = flag.Int("streams", 50, "readers")
	rate    = flag.Int("rate", 500, "quotes a second, of 20 instruments")
	seconds = flag.Int("seconds", 4, "how long")
	each    = flag.Bool("each", false, "marshal for each reader")
	every   = flag.Duration("every", 0, "between two rounds of sending")
	ballast = flag.Int("instruments", 5000, "instruments in the book")
)

var tokens = serve.Tokens{Key: []byte("of the measurement")}

const watched = 20

// ServerSaid is what the server's process measured about itself.
type ServerSaid struct{ CPU, Collector, Cycles, Allocated float64 }

// ReadersSaid is what the readers saw together.
type ReadersSaid struct {
	Delivered           uint64
	P50, P90, P99, P999 float64
	Quantiles           [][2]float64
}

func runServer() error {
	certificate, err := tls.LoadX509KeyPair(filepath.Join(*dir, "cert.pem"), filepath.Join(*dir, "key.pem"))
	if err != nil {
		return err
	}
	rights := new(serve.Rights)
	all := map[uint32]bool{}
	for i := range watched {
		all[uint32(i+1)] = true
	}
	rights.Set(map[string]map[uint32]bool{"ada": all})
	hub := fanout.NewShards(2)
	server := grpc.NewServer(serve.Options(
		credentials.NewServerTLSFromCert(&certificate), time.Hour, time.Second)...)
	pb.RegisterQuotesServer(server, &serve.Server{
		Hub: hub, Tokens: tokens, Rights: rights, Beat: time.Second, Most: 1000, Each: *each, Every: *every,
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	go server.Serve(listener)
	log := make(chan *pb.Quote, 1024)
	go hub.Run(context.Background(), log)
	for i := range *ballast { // the rest of the market, which these readers do not watch
		log <- book.Made(uint32(1000+i), book.Position{Epoch: 1, Seq: 1}, time.Now())
	}
	fmt.Println(listener.Addr())
	bufio.NewReader(os.Stdin).ReadString('\n') // "go"
	if *profiles != "" {
		file, err := os.Create(filepath.Join(*profiles, "cpu"))
		if err != nil {
			return err
		}
		pprof.StartCPUProfile(file)
	}
	before := spent()
	load(log)
	after := spent()
	if *profiles != "" {
		pprof.StopCPUProfile()
		if err := allocations(); err != nil {
			return err
		}
	}
	server.Stop()
	return json.NewEncoder(os.Stdout).Encode(ServerSaid{
		after.CPU - before.CPU, after.Collector - before.Collector,
		after.Cycles - before.Cycles, after.Allocated - before.Allocated,
	})
}

func allocations() error {
	runtime.GC()
	file, err := os.Create(filepath.Join(*profiles, "allocs"))
	if err != nil {
		return err
	}
	return pprof.Lookup("allocs").WriteTo(file, 0)
}

// load is an open loop: a quote is due when it is due, and its time is that moment.
func load(log chan<- *pb.Quote) {
	due := time.Now()
	for n := range uint64(*rate * *seconds) {
		time.Sleep(time.Until(due))
		log <- book.Made(uint32(1+n%watched), book.Position{Epoch: 1, Seq: 1 + n/watched}, due)
		due = due.Add(time.Second / time.Duration(*rate))
	}
	time.Sleep(300 * time.Millisecond)
}

func spent() ServerSaid {
	var usage syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	samples := []metrics.Sample{
		{Name: "/cpu/classes/gc/total:cpu-seconds"}, {Name: "/gc/cycles/total:gc-cycles"},
		{Name: "/gc/heap/allocs:bytes"},
	}
	metrics.Read(samples)
	seconds := func(t syscall.Timeval) float64 { return float64(t.Nano()) / 1e9 }
	return ServerSaid{
		seconds(usage.Utime) + seconds(usage.Stime), samples[0].Value.Float64(),
		float64(samples[1].Value.Uint64()), float64(samples[2].Value.Uint64()),
	}
}

func runReaders() error {
	text, err := os.ReadFile(filepath.Join(*dir, "ca.pem"))
	if err != nil {
		return err
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(text)
	var age hist.Histogram
	var delivered atomic.Uint64
	var open, ended sync.WaitGroup
	var broken atomic.Pointer[error]
	var conn *grpc.ClientConn
	for i := range *streams {
		if i%10 == 0 { // ten streams a connection
			conn, err = grpc.NewClient("passthrough:///"+*address,
				grpc.WithTransportCredentials(credentials.NewClientTLSFromCert(pool, "quotes")),
				grpc.WithPerRPCCredentials(reader.Bearer(tokens.Issue(
					serve.Principal{Name: "ada", Expires: time.Now().Add(time.Hour)}))))
			if err != nil {
				return err
			}
		}
		open.Add(1)
		client := pb.NewQuotesClient(conn)
		ended.Go(func() {
			if err := follow(client, open.Done, &age, &delivered); err != nil {
				broken.Store(&err)
			}
		})
	}
	open.Wait()
	fmt.Println("open")
	ended.Wait()
	if err := broken.Load(); err != nil {
		return *err
	}
	said := ReadersSaid{Delivered: delivered.Load(), P50: ms(age.Quantile(0.5)), P90: ms(age.Quantile(0.9)),
		P99: ms(age.Quantile(0.99)), P999: ms(age.Quantile(0.999))}
	for _, nines := range []float64{0.1, 0.3, 0.5, 0.7, 1, 1.3, 1.7, 2, 2.3, 2.7, 3, 3.3} {
		q := 1 - pow10(-nines)
		said.Quantiles = append(said.Quantiles, [2]float64{nines, ms(age.Quantile(q))})
	}
	return json.NewEncoder(os.Stdout).Encode(said)
}

func follow(c pb.QuotesClient, open func(), age *hist.Histogram, delivered *atomic.Uint64) error {
	request := &pb.WatchRequest{}
	for i := range watched {
		request.Instruments = append(request.Instruments, uint32(i+1))
	}
	check := book.Checker{Genuine: book.Genuine}
	stream, err := c.Watch(context.Background(), request)
	once := sync.OnceFunc(open)
	defer once()
	for err == nil {
		var update *pb.Update
		if update, err = stream.Recv(); err != nil {
			return nil // the server has stopped
		}
		once() // the first word is a heartbeat: the stream is open
		if update.Quote == nil {
			continue
		}
		age.Record(time.Since(time.Unix(0, int64(update.Quote.IngestNanos))))
		delivered.Add(1)
		if err := check.Take(update); err != nil {
			return err
		}
	}
	return err
}
