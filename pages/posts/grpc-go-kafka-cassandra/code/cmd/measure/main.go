// Command measure runs the experiments of the article and prints their figures. It
// starts itself again as server and as readers, so that each has a process of its own.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"
)

var (
	role     = flag.String("role", "", "server or readers: a child process")
	brokers  = flag.String("brokers", "", "a broker of Kafka's protocol")
	runs     = flag.Int("runs", 1, "runs of each experiment")
	profiles = flag.String("profiles", "", "folder for profiles")
	only     = flag.String("only", "", "one experiment")
)

// Found is what check keeps: figures for the text, numbers for the capacity table,
// and series for the plot.
type Found struct {
	Figures map[string]string       `json:"figures"`
	Numbers map[string][2]float64   `json:"numbers"` // lowest and highest
	Series  map[string][][2]float64 `json:"series"`
}

func main() {
	flag.Parse()
	var err error
	switch *role {
	case "server":
		err = runServer()
	case "readers":
		err = runReaders()
	default:
		err = experiments()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "measure:", err)
		os.Exit(1)
	}
}

func experiments() error {
	found := &Found{map[string]string{}, map[string][2]float64{}, map[string][][2]float64{}}
	steps := map[string]func(*Found) error{
		"1 sizes": sizes, "2 window": window, "3 linger": lingers, "4 fan-out": fanouts, "5 collector": collectors,
	}
	for _, name := range slices.Sorted(maps.Keys(steps)) {
		if !strings.Contains(name, *only) {
			continue
		}
		began := time.Now()
		if err := steps[name](found); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		fmt.Fprintf(os.Stderr, "measure: %s took %.0f s\n", name, time.Since(began).Seconds())
	}
	return json.NewEncoder(os.Stdout).Encode(found)
}

// note keeps a figure as "median (lowest–highest)", and the range as numbers.
func (f *Found) note(name string, format func(float64) string, values ...float64) {
	slices.Sort(values)
	low, middle, high := values[0], values[len(values)/2], values[len(values)-1]
	f.Numbers[name] = [2]float64{low, high}
	text := format(middle)
	if format(low) != text || format(high) != text {
		text += fmt.Sprintf(" (%s–%s)", format(low), format(high))
	}
	f.Figures[name] = text
}

func digits(n int) func(float64) string {
	return func(value float64) string { return fmt.Sprintf("%.*f", n, value) }
}

func ms(d time.Duration) float64 { return d.Seconds() * 1000 }
