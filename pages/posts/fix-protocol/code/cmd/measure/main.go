// Command measure prints, as JSON, the figures that the article quotes: median and range of
// its runs. It fails where something is untrue that must be true on any machine.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"fixquotes/fix"
	"fixquotes/fix44"
)

type report struct {
	Figures map[string]string       `json:"figures"`
	Plot    map[string][][2]float64 `json:"plot"` // seconds, milliseconds
}

func main() {
	runs := flag.Int("runs", 5, "how often each thing is measured")
	flag.Parse()
	figures := map[string]string{}
	plot := map[string][][2]float64{}
	samples := map[string][]float64{}
	add := func(name string, value float64) { samples[name] = append(samples[name], value) }

	frame := increment()
	for range *runs {
		parsed := parsing(frame)
		add("parse_us", float64(parsed.NsPerOp())/1000)
		figures["parse_allocs"] = strconv.FormatInt(parsed.AllocsPerOp(), 10)
		fifo, mailbox := slow(make(fifo, ticks*perTick)), slow(newConflated())
		plot["fifo"], plot["mailbox"] = fifo.series(), mailbox.series()
		must(fifo.longest > symbols, "the unbounded queue did not grow beyond %d", symbols)
		must(mailbox.longest <= symbols, "the mailbox held %d updates", mailbox.longest)
		add("fifo_queue", float64(fifo.longest))
		add("fifo_age_ms", milliseconds(fifo.ages[len(fifo.ages)-1]))
		add("mailbox_queue", float64(mailbox.longest))
		add("mailbox_age_ms", milliseconds(slices.Max(mailbox.ages)))
		forty := fanOut()
		add("forty_p50_ms", milliseconds(forty.percentile(50)))
		add("forty_p99_ms", milliseconds(forty.percentile(99)))
		add("forty_lines", float64(forty.lines)/seconds/1000)
		add("forty_cpu", 100*forty.cpu.Seconds()/seconds)
	}
	figures["frame_bytes"] = strconv.Itoa(len(frame))
	figures["runs"] = strconv.Itoa(*runs)
	for name, values := range samples {
		figures[name] = medianAndRange(values)
	}
	if err := json.NewEncoder(os.Stdout).Encode(report{figures, plot}); err != nil {
		log.Fatal(err)
	}
}

func must(fact bool, otherwise string, arguments ...any) {
	if !fact {
		log.Fatalf(otherwise, arguments...)
	}
}

// increment is a top-of-book update of one symbol, bid and offer, as bytes.
func increment() []byte {
	entry := func(kind fix44.MDEntryType, price, size fix.Decimal) fix44.MDIncGrpNoMDEntries {
		e := fix44.MDIncGrpNoMDEntries{
			MDUpdateAction: fix44.MDUpdateActionChange, MDEntryType: &kind, MDEntryPx: &price, MDEntrySize: &size,
		}
		e.Symbol = new("ACME")
		return e
	}
	var x fix44.MarketDataIncrementalRefresh
	x.MDReqID = new("quotes-1")
	x.NoMDEntries = append(x.NoMDEntries,
		entry(fix44.MDEntryTypeBid, "41.15", "300"), entry(fix44.MDEntryTypeOffer, "41.17", "500"))
	header := fix.Message{
		{Tag: 35, Value: "X"}, {Tag: 49, Value: "VENUE"}, {Tag: 56, Value: "QUOTED"},
		{Tag: 34, Value: "7"}, {Tag: 52, Value: "20261125-12:00:00.000"},
	}
	return fix.Encode(x.Append(header))
}

// parsing checks a frame, cuts it into fields and reads them into their Go types.
func parsing(frame []byte) testing.BenchmarkResult {
	return testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			m, err := fix.Parse(frame, fix44.IsData)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := fix44.DecodeMarketDataIncrementalRefresh(m); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func milliseconds(age time.Duration) float64 { return age.Seconds() * 1000 }

// medianAndRange writes "2.1 (1.9–2.4)", with a decimal below ten.
func medianAndRange(values []float64) string {
	slices.Sort(values)
	middle, least, most := values[len(values)/2], values[0], values[len(values)-1]
	if text(least) == text(most) {
		return text(middle)
	}
	return fmt.Sprintf("%s (%s–%s)", text(middle), text(least), text(most))
}

func text(value float64) string {
	switch {
	case value < 10 && value != float64(int(value)):
		return strconv.FormatFloat(value, 'f', 1, 64)
	case value < 1000:
		return strconv.FormatFloat(value, 'f', 0, 64)
	}
	whole := int(value + 0.5)
	return fmt.Sprintf("%d,%03d", whole/1000, whole%1000)
}
