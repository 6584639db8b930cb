package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"quotes/testca"
)

func pow10(x float64) float64 { return math.Pow(10, x) }

// run is one server and its readers, each a process; env sets the collector.
func run(env []string, arguments ...string) (ServerSaid, ReadersSaid, error) {
	var server ServerSaid
	var readers ReadersSaid
	folder, err := os.MkdirTemp("", "measure")
	if err != nil {
		return server, readers, err
	}
	defer os.RemoveAll(folder)
	if err := testca.Write(folder); err != nil {
		return server, readers, err
	}
	arguments = append([]string{"-dir=" + folder}, arguments...)
	s, toServer, fromServer, err := child(env, append(arguments, "-role=server")...)
	if err != nil {
		return server, readers, err
	}
	defer s.Process.Kill()
	line, err := fromServer.ReadString('\n')
	if err != nil {
		return server, readers, err
	}
	r, _, fromReaders, err := child(nil, append(arguments, "-role=readers", "-address="+strings.TrimSpace(line))...)
	if err != nil {
		return server, readers, err
	}
	defer r.Process.Kill()
	if _, err := fromReaders.ReadString('\n'); err != nil {
		return server, readers, fmt.Errorf("the readers did not open: %w", err)
	}
	io.WriteString(toServer, "go\n")
	if err := json.NewDecoder(fromServer).Decode(&server); err != nil {
		return server, readers, err
	}
	if err := json.NewDecoder(fromReaders).Decode(&readers); err != nil {
		return server, readers, err
	}
	return server, readers, r.Wait()
}

func child(env []string, arguments ...string) (*exec.Cmd, io.WriteCloser, *bufio.Reader, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, nil, nil, err
	}
	command := exec.Command(program, arguments...)
	command.Env = append(os.Environ(), env...)
	command.Stderr = os.Stderr
	in, _ := command.StdinPipe()
	out, _ := command.StdoutPipe()
	return command, in, bufio.NewReader(out), command.Start()
}

// fanouts is the last hop: from the hub to the reader, TLS and all, at three loads.
func fanouts(f *Found) error {
	loads := map[string]int{"low": 100, "middle": 400, "high": 1600}
	for _, name := range []string{"low", "middle", "high"} {
		var p50, p99, p999, cpu, share []float64
		for range *runs {
			server, readers, err := run(nil, "-rate="+strconv.Itoa(loads[name]), "-seconds="+strconv.Itoa(*seconds))
			if err != nil {
				return err
			}
			p50, p99, p999 = append(p50, readers.P50), append(p99, readers.P99), append(p999, readers.P999)
			cpu = append(cpu, server.CPU*1e6/float64(readers.Delivered))
			share = append(share, 100*float64(readers.Delivered)/float64(loads[name]**seconds*50))
			f.Series[name] = readers.Quantiles
		}
		f.note(name+"_p50", digits(1), p50...)
		f.note(name+"_p99", digits(1), p99...)
		f.note(name+"_p999", digits(1), p999...)
		f.note(name+"_cpu_us", digits(1), cpu...)
		f.note(name+"_share", digits(0), share...)
	}
	return profiled(f)
}

// versions of the last hop: marshalling for each reader, once for all, and once for
// all with at most a hundred rounds of sending a second.
var versions = map[string][]string{
	"each": {"-each=true"}, "once": {}, "paced": {"-every=10ms"},
}

// profiled compares the versions, and leaves a profile of each.
func profiled(f *Found) error {
	for version, arguments := range versions {
		var cpu, bytes, p50, p99 []float64
		if *profiles != "" {
			folder := filepath.Join(*profiles, version)
			if err := os.MkdirAll(folder, 0o755); err != nil {
				return err
			}
			longer := append(arguments, "-rate=800", "-seconds=8", "-profiles="+folder)
			if _, _, err := run(nil, longer...); err != nil {
				return err
			}
		}
		for range *runs {
			server, readers, err := run(nil, append(arguments, "-rate=800", "-seconds="+strconv.Itoa(*seconds))...)
			if err != nil {
				return err
			}
			cpu = append(cpu, server.CPU*1e6/float64(readers.Delivered))
			bytes = append(bytes, server.Allocated/float64(readers.Delivered))
			p50, p99 = append(p50, readers.P50), append(p99, readers.P99)
		}
		f.note(version+"_cpu_us", digits(1), cpu...)
		f.note(version+"_bytes", digits(0), bytes...)
		f.note(version+"_p50", digits(1), p50...)
		f.note(version+"_p99", digits(1), p99...)
	}
	return nil
}

// collectors is what the garbage collector costs by its two settings.
func collectors(f *Found) error {
	for name, env := range map[string][]string{
		"gc100": {"GOGC=100"}, "gc400": {"GOGC=400", "GOMEMLIMIT=512MiB"},
	} {
		var share, cycles, p999 []float64
		for range *runs {
			server, readers, err := run(env, "-rate=800", "-seconds="+strconv.Itoa(*seconds))
			if err != nil {
				return err
			}
			share = append(share, 100*server.Collector/server.CPU)
			cycles = append(cycles, server.Cycles/float64(*seconds))
			p999 = append(p999, readers.P999)
		}
		f.note(name+"_share", digits(1), share...)
		f.note(name+"_cycles", digits(1), cycles...)
		f.note(name+"_p999", digits(1), p999...)
	}
	return nil
}
